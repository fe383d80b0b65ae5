//! A video in a little window of its own over all others (the Picture-in-Picture API).

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{Document, HtmlVideoElement, window};

use crate::browser::js;

/// Puts the video into a window of its own, or takes it back.
pub fn toggle_picture_in_picture(video: &HtmlVideoElement) {
    let Some(document) = document() else { return };
    // The user, or the browser, may refuse; then all stays as it is.
    if is_in_picture_in_picture(video) {
        js::call_quietly(&document, "exitPictureInPicture", Array::new());
    } else {
        js::call_quietly(video, "requestPictureInPicture", Array::new());
    }
}

/// Returns whether the browser can do it when a page asks. Firefox can, but only when the user asks.
pub fn can_picture_in_picture() -> bool {
    document().is_some_and(|document| js::is_true(&document, "pictureInPictureEnabled"))
}

/// Returns whether this element is the one shown in picture in picture.
fn is_in_picture_in_picture(video: &HtmlVideoElement) -> bool {
    let video: &JsValue = video.as_ref();
    document().is_some_and(|document| js::get(&document, "pictureInPictureElement") == *video)
}

fn document() -> Option<Document> {
    window()?.document()
}
