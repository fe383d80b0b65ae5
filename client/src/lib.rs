//! The page: a Yew application that draws what `tincan-session` decides, and does in the browser what it
//! wants done.
//!
//! `browser/` alone drives the browser's objects, `ui/` draws, and `runtime` joins both to the session.

pub mod browser;
pub mod runtime;
pub mod ui;
