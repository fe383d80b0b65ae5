//! Tells the session when the page is left.

use gloo_events::EventListener;
use tincan_session::{Input, Intent};
use web_sys::window;

use crate::browser::js::Events;

/// Leaves whatever there is when the page is closed or left, so that the other side knows at once. Listens
/// until the returned listener is dropped.
pub(crate) fn hear_page_leave(events: Events) -> Option<EventListener> {
    let window = window()?;
    let listener =
        EventListener::new(&window, "pagehide", move |_| events.tell(Input::Intent(Intent::Leave)));
    Some(listener)
}
