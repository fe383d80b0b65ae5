//! Files that are dropped where nobody waits for them.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, window};

use super::chosen::holds_files;

/// Keeps the browser from showing a file in this page's place that is dropped somewhere on it. Wherever files
/// can be dropped for a purpose, that is all it takes to let them be dropped. Works as long as the answer
/// lives.
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
