//! What must not outlive the page's program: tracks of microphone, camera and screen, and peer connections.
//!
//! After a panic, or an exception that nobody catches, no code in here runs again, but tracks and connections
//! would go on. A script in `index.html` keeps a list of them, closes them all when that happens, and opens
//! the dialog that says so.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::window;

use crate::browser::js;

/// The dialog that the script opens.
pub const STOPPED_DIALOG: &str = "stopped";

/// Puts a track or a connection on the list.
pub(crate) fn guard(object: &JsValue) {
    tell("add", object);
}

/// Takes it off the list: it was stopped or closed.
pub(crate) fn release(object: &JsValue) {
    tell("delete", object);
}

fn tell(method: &str, object: &JsValue) {
    let Some(window) = window() else { return };
    // Without the script, as in tests of parts, there is no list.
    let _ = js::call(&js::get(&window, "tincanOpen"), method, &Array::of1(object));
}
