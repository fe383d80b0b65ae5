//! The page's own coming and going.

use gloo_events::EventListener;
use tincan_session::{Input, Intent};
use web_sys::window;

use crate::browser::js::Events;

/// Says goodbye when the page is closed or left, so that the other side knows at once. Hears as long as the
/// answer lives.
pub(crate) fn hear_page_leave(events: Events) -> Option<EventListener> {
    let window = window()?;
    let listener =
        EventListener::new(&window, "pagehide", move |_| events.tell(Input::Intent(Intent::Leave)));
    Some(listener)
}
