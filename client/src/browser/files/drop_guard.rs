//! Guards the page against files that are dropped beside the places for them.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, window};

use super::chosen::holds_files;

/// Keeps the browser from opening a dropped file in place of this page. Where files can be dropped for a
/// purpose, this also is all that it takes to allow it. Works until the returned listeners are dropped.
pub(crate) fn keep_page_when_files_are_dropped() -> Option<[EventListener; 2]> {
    let document = window()?.document()?;
    let options = EventListenerOptions::enable_prevent_default();
    let listeners = ["dragover", "drop"].map(|name| {
        EventListener::new_with_options(&document, name, options, |event| {
            if event.dyn_ref::<DragEvent>().is_some_and(holds_files) {
                event.prevent_default();
            }
        })
    });
    Some(listeners)
}
