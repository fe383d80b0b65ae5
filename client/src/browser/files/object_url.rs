//! Addresses of objects that the page holds.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::window;

use crate::browser::js;

/// An address of a `Blob`, valid until it is dropped (File API, section 8).
#[derive(PartialEq)]
pub(super) struct ObjectUrl(String);

impl ObjectUrl {
    pub(super) fn of(blob: &JsValue) -> Result<ObjectUrl, JsValue> {
        let url = js::call(&urls(), "createObjectURL", &Array::of1(blob))?;
        Ok(ObjectUrl(url.as_string().ok_or("no address")?))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // It fails only without a page.
        let _ = js::call(&urls(), "revokeObjectURL", &Array::of1(&self.0.as_str().into()));
    }
}

fn urls() -> JsValue {
    window().map_or(JsValue::UNDEFINED, |window| js::get(&window, "URL"))
}
