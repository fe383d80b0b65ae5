//! Tells whether the page can be seen.

use gloo_events::EventListener;
use web_sys::{Document, window};

/// Returns whether the page can be seen: its tab is in front, and its window isn't hidden.
pub fn page_is_visible() -> bool {
    document().is_none_or(|document| !document.hidden())
}

/// Reports until it is dropped when the page comes into sight or goes out of it.
pub struct VisibilityWatch(#[expect(dead_code, reason = "hears until it is dropped")] Option<EventListener>);

impl VisibilityWatch {
    pub fn new(on_change: impl Fn(bool) + 'static) -> VisibilityWatch {
        VisibilityWatch(document().map(|document| {
            EventListener::new(&document, "visibilitychange", move |_| on_change(page_is_visible()))
        }))
    }
}

fn document() -> Option<Document> {
    window()?.document()
}
