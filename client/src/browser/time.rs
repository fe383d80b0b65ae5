//! The clock and the randomness that the session takes from outside.

use tincan_session::Time;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::window;

/// Now, by the clock that [`Time`] asks for.
pub(crate) fn now() -> Time {
    let performance = window().and_then(|window| window.performance()).expect_throw("a page has a clock");
    Time((performance.time_origin() + performance.now()) as u64)
}

/// A seed for the session: different in every page.
pub(crate) fn seed() -> u64 {
    let mut bytes = [0; 8];
    let crypto = window().and_then(|window| window.crypto().ok());
    match crypto.map(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)) {
        Some(Ok(_)) => u64::from_le_bytes(bytes),
        _ => (js_sys::Math::random() * 2f64.powi(53)) as u64,
    }
}
