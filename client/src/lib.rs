//! The page: a Yew application that draws the session's view and carries out its effects in the browser.
//!
//! `browser/` alone drives the browser's objects, `ui/` draws, and `runtime` joins both to the session.

pub mod browser;
pub mod runtime;
pub mod ui;
