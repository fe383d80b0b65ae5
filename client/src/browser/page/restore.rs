//! Hears that the page is left, and comes back from the back/forward cache. It is in the lazy part.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use web_sys::window;

use crate::browser::js;

/// Reports until it is dropped when the page is left (`false`), whether or not it may come back, and that it
/// is back (`true`). The first is told before anything is done about it.
pub struct RestoreWatch(#[expect(dead_code, reason = "hears until it is dropped")] Vec<EventListener>);

impl RestoreWatch {
    pub fn new(on_change: impl Fn(bool) + 'static) -> RestoreWatch {
        let Some(window) = window() else { return RestoreWatch(Vec::new()) };
        let on_change: Rc<dyn Fn(bool)> = Rc::new(on_change);
        // Before `hear_page_leave`: between two listeners the session says goodbye.
        let options = EventListenerOptions::run_in_capture_phase();
        let listeners = [("pagehide", false), ("pageshow", true)].map(|(name, restored)| {
            let on_change = on_change.clone();
            EventListener::new_with_options(&window, name, options, move |event| {
                if !restored || js::is_true(event, "persisted") {
                    on_change(restored);
                }
            })
        });
        RestoreWatch(listeners.into())
    }
}
