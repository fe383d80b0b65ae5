//! The clipboard.

use js_sys::Array;
use web_sys::window;

use crate::browser::js;

/// Copies text. Returns whether that worked. It can't on a page that is no secure context.
pub async fn copy_text(text: &str) -> bool {
    let Some(window) = window() else { return false };
    let clipboard = js::get(&window.navigator(), "clipboard");
    js::call_async(&clipboard, "writeText", &Array::of1(&text.into())).await.is_ok()
}
