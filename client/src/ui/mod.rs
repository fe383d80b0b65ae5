//! What the user sees: components that draw a [`tincan_session::View`] and say what the user wants.
//!
//! No component holds anything about a call, only drafts and what is open. All text comes from `catalogue/`,
//! and all styles from `client/style/`: the page's Content-Security-Policy allows neither style attributes
//! nor foreign files.
//!
//! The folders are named after what is on the screen. Each may use the folders before it in this list, and
//! none after it: `catalogue`, `context`, `parts`, `files`, `chat`, `meeting`, `screens`, `check`,
//! `app`.

mod app;
mod catalogue;
mod chat;
mod check;
mod context;
mod files;
mod meeting;
mod parts;
mod screens;

/// The element of `index.html` that the page is drawn into. Until then it says that the page is loading.
const ROOT: &str = "app";

/// Starts the page.
pub fn start() {
    match crate::browser::element_by_id(ROOT) {
        Some(root) => yew::Renderer::<app::App>::with_root(root).render(),
        None => yew::Renderer::<app::App>::new().render(),
    };
}
