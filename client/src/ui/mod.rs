//! What the user sees: components that draw a [`tincan_session::View`] and say what the user wants.
//!
//! No component holds anything about a call: only drafts, and notes that were put away. All text comes from
//! `catalogue`, and all styles from `client/style/`: the page's Content-Security-Policy allows neither style
//! attributes nor foreign files.

mod address;
mod app;
mod attention;
mod button;
mod calling;
mod cans;
mod catalogue;
mod chat;
mod device_note;
mod device_settings;
mod dialog;
mod effect;
mod files;
mod focus;
mod form;
mod home;
mod icon;
mod incoming;
mod invite;
mod later;
mod lobby;
mod meeting;
mod notices;
mod page;
mod phrase;
mod qr;
mod screen;
mod server_note;
mod settings;
mod start;
mod texts;
mod title;
mod toggle;
mod top_bar;
mod video;

/// The element of `index.html` that holds the page; until then it says that the page is loading.
const ROOT: &str = "app";

/// Draws the page, and goes on drawing it.
pub fn start() {
    match crate::browser::element_by_id(ROOT) {
        Some(root) => yew::Renderer::<app::App>::with_root(root).render(),
        None => yew::Renderer::<app::App>::new().render(),
    };
}
