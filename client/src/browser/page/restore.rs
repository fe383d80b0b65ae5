//! Hears that the page is left, and comes back from the back/forward cache. It is in the lazy part.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::window;

use super::leave::page_is_back;
use crate::browser::js;

/// Reports until it is dropped when the page is left (`false`), whether or not it may come back, and that it
/// is back (`true`). The session says goodbye before or after the first: not every browser heeds the phase of
/// a listener at the window.
pub struct RestoreWatch(#[expect(dead_code, reason = "hears until it is dropped")] Vec<EventListener>);

impl RestoreWatch {
    pub fn new(on_change: impl Fn(bool) + 'static) -> RestoreWatch {
        let Some(window) = window() else { return RestoreWatch(Vec::new()) };
        let on_change: Rc<dyn Fn(bool)> = Rc::new(on_change);
        let listeners = [("pagehide", false), ("pageshow", true)].map(|(name, restored)| {
            let on_change = on_change.clone();
            EventListener::new(&window, name, move |event| {
                if !restored {
                    on_change(false);
                } else if js::is_true(event, "persisted") {
                    page_is_back();
                    on_change(true);
                }
            })
        });
        RestoreWatch(listeners.into())
    }
}
