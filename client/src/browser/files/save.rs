//! Hands the user a file as a download.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, window};

use super::object_url::ObjectUrl;
use crate::browser::js;

/// How long the address of what is being saved stays.
const KEEP_ADDRESS_MS: u32 = 60_000;

/// Saves `text` under this name, where the browser puts downloads.
pub fn save_text(name: &str, text: &str) {
    if let Ok(blob) = text_blob(text) {
        save_blob(name, &blob);
    }
}

/// Saves a `Blob` under this name.
pub(super) fn save_blob(name: &str, blob: &JsValue) {
    // It fails only without a page.
    let _ = save(name, blob);
}

fn text_blob(text: &str) -> Result<JsValue, JsValue> {
    let window = window().ok_or("no window")?;
    let options = Object::new();
    js::set(&options, "type", &"text/plain;charset=utf-8".into());
    let make: Function = js::get(&window, "Blob").dyn_into()?;
    let parts: JsValue = Array::of1(&text.into()).into();
    Reflect::construct(&make, &Array::of2(&parts, &options))
}

fn save(name: &str, blob: &JsValue) -> Result<(), JsValue> {
    let document = window().and_then(|window| window.document()).ok_or("no document")?;
    let address = ObjectUrl::of(blob)?;
    let link: HtmlElement = document.create_element("a")?.dyn_into()?;
    js::set(&link, "href", &address.as_str().into());
    js::set(&link, "download", &name.into());
    link.click();
    // Some browsers begin to read only after this task, and a large file takes a while to begin.
    Timeout::new(KEEP_ADDRESS_MS, move || drop(address)).forget();
    Ok(())
}
