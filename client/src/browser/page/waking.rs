//! Hears that the network may be another one, or that the page was asleep. It is in the lazy part.
//!
//! No event tells that a computer has slept: the session sees by the clock that it did.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, window};

use super::visibility::page_is_visible;
use crate::browser::js;

/// Calls `on_wake` for as long as the page is there: when the browser is online again, when the system uses
/// another network, as far as the browser tells (`NetworkInformation`), when the page comes back from the
/// back/forward cache, and when it comes into sight.
pub(crate) fn hear_waking(on_wake: impl Fn() + 'static) {
    let Some(window) = window() else { return };
    let on_wake: Rc<dyn Fn()> = Rc::new(on_wake);
    let connection = js::get(&window.navigator(), "connection").dyn_into::<EventTarget>().ok();
    let document = window.document().map(EventTarget::from);
    let window = Some(EventTarget::from(window));
    for (target, name) in [
        (window.clone(), "online"),
        (connection, "change"),
        (window, "pageshow"),
        (document, "visibilitychange"),
    ] {
        let on_wake = on_wake.clone();
        if let Some(target) = target {
            EventListener::new(&target, name, move |event| {
                let is_one = match name {
                    // The first is the page's beginning.
                    "pageshow" => js::is_true(event, "persisted"),
                    "visibilitychange" => page_is_visible(),
                    _ => true,
                };
                if is_one {
                    on_wake();
                }
            })
            .forget();
        }
    }
}
