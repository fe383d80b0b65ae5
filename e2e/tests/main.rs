//! What users do, in real browsers, against the real server. Run by `cargo xtask test e2e [FILTER]`.
//!
//! All tests are one program, so that `--test-threads` bounds how many browsers run at once, and so that
//! tests with three browsers can wait until no other test runs (`Server::start_alone`). A filter is a part of
//! a test's path, such as `rooms::lobby` or `same_moment`. A test with `firefox` in its path is skipped where
//! Firefox is not installed.

mod accessibility;
mod accidents;
mod calling;
mod chat;
mod files;
mod firefox;
mod measurements;
mod media;
mod privacy;
mod rooms;
mod signing_in;
mod surviving;
