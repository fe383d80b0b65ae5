//! Reads properties and calls methods by name, where web-sys has no binding, or one that differs from what
//! browsers do. One small function serves for all names.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Returns the property, or `undefined`.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Returns the property if it is a number.
pub(crate) fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

/// Returns the property if it is a string.
pub(crate) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// Returns whether the property is there and truthy.
pub(crate) fn is_true(object: &JsValue, name: &str) -> bool {
    get(object, name).is_truthy()
}

/// Sets the property. Can't fail for a plain object.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

pub(crate) fn call(object: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    get(object, name).dyn_into::<Function>()?.apply(object, arguments)
}

/// Calls the method, and awaits its result if that is a promise.
pub(crate) async fn call_async(object: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&call(object, name, arguments)?)).await
}

/// Calls the method, if there is one. Nothing depends on the result.
pub(crate) fn call_quietly(object: &JsValue, name: &'static str, arguments: Array) {
    let object = object.clone();
    // The promise is awaited, so that the console doesn't report an unhandled rejection.
    if let Ok(answer) = call(&object, name, &arguments) {
        settle_quietly(Promise::resolve(&answer));
    }
}

fn settle_quietly(promise: Promise) {
    spawn_local(async move { drop(JsFuture::from(promise).await) });
}
