//! Tells the session when the page is left.

use std::cell::Cell;

use gloo_events::EventListener;
use tincan_session::{Input, Intent};
use web_sys::window;

use crate::browser::js::Events;

thread_local! {
    static IS_LEFT: Cell<bool> = const { Cell::new(false) };
}

/// Leaves whatever there is when the page is closed or left, so that the other side knows at once. Listens
/// until the returned listener is dropped.
pub(crate) fn hear_page_leave(events: Events) -> Option<EventListener> {
    let window = window()?;
    let listener = EventListener::new(&window, "pagehide", move |_| {
        IS_LEFT.set(true);
        events.tell(Input::Intent(Intent::Leave));
    });
    Some(listener)
}

/// Returns whether the page was left. What it shows then is what is left of it, and not what the user did.
pub(crate) fn page_is_left() -> bool {
    IS_LEFT.get()
}

/// The page is back from the back/forward cache.
pub(crate) fn page_is_back() {
    IS_LEFT.set(false);
}
