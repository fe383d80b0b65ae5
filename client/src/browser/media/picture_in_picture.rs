//! Shows a video in a small window over all others (the Picture-in-Picture API).

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{Document, HtmlVideoElement, window};

use crate::browser::js;

/// Moves the video into a window of its own, or back.
pub fn toggle_picture_in_picture(video: &HtmlVideoElement) {
    let Some(document) = document() else { return };
    // The user or the browser may refuse. Then all stays as it is.
    if is_in_picture_in_picture(video) {
        js::call_quietly(&document, "exitPictureInPicture", Array::new());
    } else {
        js::call_quietly(video, "requestPictureInPicture", Array::new());
    }
}

/// Returns whether the browser does it when a page asks. Firefox does it only when the user asks.
pub fn can_picture_in_picture() -> bool {
    document().is_some_and(|document| js::is_true(&document, "pictureInPictureEnabled"))
}

/// Returns whether this element is the one that is shown so.
fn is_in_picture_in_picture(video: &HtmlVideoElement) -> bool {
    let video: &JsValue = video.as_ref();
    document().is_some_and(|document| js::get(&document, "pictureInPictureElement") == *video)
}

fn document() -> Option<Document> {
    window()?.document()
}
