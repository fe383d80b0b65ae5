//! Real peer connections and (fake) devices, in one page, and files between them.
//!
//! `wasm-pack test --headless --chrome client`; the flags for fake devices stand in `webdriver.json`.

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod files;
mod media;
mod pair;
mod sessions;
mod watching;

wasm_bindgen_test_configure!(run_in_browser);
