//! What the session is given once: randomness that nobody can guess (`crypto.getRandomValues`), and a
//! function for the lower case of a text.

use wasm_bindgen::UnwrapThrowExt;
use web_sys::window;

/// Returns 128 random bits.
pub fn random_bits() -> u128 {
    let mut bytes = [0; 16];
    let crypto = window().and_then(|window| window.crypto().ok()).expect_throw("a page has randomness");
    crypto.get_random_values_with_u8_array(&mut bytes).expect_throw("a page has randomness");
    u128::from_ne_bytes(bytes)
}

/// Returns the lower case as the browser knows it (ECMA-262, section 22.1.3.28). Rust's tables would have to
/// be downloaded.
pub(crate) fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
