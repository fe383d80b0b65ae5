//! Firefox with Chromium. `cargo xtask test` skips tests with `firefox` in their path where Firefox is not
//! installed, so that every test that needs it belongs here or has the word in its name.

mod calls;
mod rooms;
