//! Posts messages to the page.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

use crate::protocol::Response;

/// Returns the scope of this worker.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Posts a response.
pub(crate) fn post(transfer: u32, answer: Response, arguments: &[JsValue]) {
    // It fails only for what can't be copied.
    let _ = scope().post_message(&message(transfer, answer, arguments));
}

/// Posts a buffer, which is transferred.
pub(crate) fn post_buffer(transfer: u32, answer: Response, buffer: &ArrayBuffer) {
    let message = message(transfer, answer, &[buffer.into()]);
    let _ = scope().post_message_with_transfer(&message, &Array::of1(buffer));
}

fn message(transfer: u32, answer: Response, arguments: &[JsValue]) -> JsValue {
    let message = Array::of2(&(answer as u32).into(), &transfer.into());
    for argument in arguments {
        message.push(argument);
    }
    message.into()
}
