//! Requests to the server that the page came from.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, window};

use super::interop::set;

/// Requests `path`, relative to the page's base, with one option of `RequestInit`. Returns `None` if nobody
/// answers.
pub(crate) async fn fetch(path: &str, option: &str, value: &str) -> Option<Response> {
    let init = RequestInit::new();
    set(&init, option, &value.into());
    JsFuture::from(window()?.fetch_with_str_and_init(path, &init)).await.ok()?.dyn_into().ok()
}

/// Returns the text of an answer.
pub(crate) async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
