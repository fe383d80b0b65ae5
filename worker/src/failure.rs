//! Why something failed.

use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::Response;

/// Why a transfer ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No room is left, or the browser grants none.
    Full,
    /// The file is not the one that was chosen.
    Changed,
    /// Any other failure to store.
    Storage,
}

impl Failure {
    /// Returns the response that tells of it.
    pub(crate) fn answer(self) -> Response {
        match self {
            Failure::Full => Response::Full,
            Failure::Changed => Response::Changed,
            Failure::Storage => Response::Failed,
        }
    }
}

/// Converts what the browser throws while it stores. The name is that of its `DOMException` (Web IDL, section
/// 2.8.1).
impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Failure {
        let name = error.dyn_into::<js_sys::Error>().map(|error| String::from(error.name()));
        match name.as_deref() {
            Ok("QuotaExceededError") => Failure::Full,
            _ => Failure::Storage,
        }
    }
}
