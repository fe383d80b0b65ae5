//! Reading and calling what has no binding, or one that says otherwise than the browsers do. By name, so that
//! one small function serves for all.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The property, or `undefined`.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// The property, where it is a number.
pub(crate) fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

/// The property, where it is a text.
pub(crate) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// Whether the property is there and counts as true.
pub(crate) fn is_true(object: &JsValue, name: &str) -> bool {
    get(object, name).is_truthy()
}

/// Sets the property. A plain object takes any.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Calls the method.
pub(crate) fn call(object: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    get(object, name).dyn_into::<Function>()?.apply(object, arguments)
}

/// Calls the method, and waits where it answers with a promise.
pub(crate) async fn call_async(object: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&call(object, name, arguments)?)).await
}

/// Calls the method where it is there; nothing depends on what comes of it.
pub(crate) fn call_quietly(object: &JsValue, name: &'static str, arguments: Array) {
    let object = object.clone();
    // The promise is looked at, so that the console doesn't complain of one that nobody heard.
    if let Ok(answer) = call(&object, name, &arguments) {
        settle_quietly(Promise::resolve(&answer));
    }
}

/// Looks at what becomes of it, and forgets it.
fn settle_quietly(promise: Promise) {
    spawn_local(async move { drop(JsFuture::from(promise).await) });
}
