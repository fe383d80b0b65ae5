//! What users do, in real browsers, against the real server. Run by `cargo xtask test e2e [FILTER]`.
//!
//! All tests are one program, so that no more than two run at once, tests with three browsers can wait until
//! no other runs (`Server::start_alone`), and a test has the browsers of those before it. A filter is a part
//! of a test's path, such as `rooms::lobby` or `same_moment`. A test with `firefox` in its path is skipped
//! where Firefox is not installed.

mod accessibility;
mod accidents;
mod calling;
mod chat;
mod files;
mod firefox;
mod measurements;
mod media;
mod networks;
mod privacy;
mod rooms;
mod signing_in;
mod surviving;
mod tab;
