//! Shows one element over the whole screen (the Fullscreen API).

use js_sys::Array;
use web_sys::{Element, window};

use crate::browser::js;

/// Shows the element over the whole screen, or ends that if any element is shown so already.
pub fn toggle_fullscreen(element: &Element) {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    // The user or the browser may refuse. Then all stays as it is.
    if js::is_true(&document, "fullscreenElement") {
        js::call_quietly(&document, "exitFullscreen", Array::new());
    } else {
        js::call_quietly(element, "requestFullscreen", Array::new());
    }
}

/// Returns whether the browser can do it. Browsers of phones may not.
pub fn can_fullscreen() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_some_and(|document| js::is_true(&document, "fullscreenEnabled"))
}
