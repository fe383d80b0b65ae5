//! Firefox with Chromium. Where Firefox is not installed, `cargo xtask test` skips tests with `firefox` in
//! their path. So every test that needs it belongs here, or has the word in its name.

mod calls;
mod rooms;
