//! Tests in one page of a real browser: with real peer connections, fake devices, and files between them.
//!
//! Run by `wasm-pack test --headless --chrome client`, or all levels by `cargo xtask test`. `webdriver.json`
//! has the flags for fake devices.

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod back;
mod connection;
mod devices;
mod files;
mod pair;
mod sessions;
mod statistics;
mod waking;

wasm_bindgen_test_configure!(run_in_browser);
