//! The clock of the session.

use std::cell::Cell;

use tincan_session::Time;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::window;

thread_local! {
    /// What [`now`] returned last, and `performance.now()` at that moment. In milliseconds.
    static LAST: Cell<(f64, f64)> = const { Cell::new((0.0, 0.0)) };
}

/// Returns the present, by the clock that [`Time`] asks for: the time of day, as long as that goes forward.
///
/// `performance.now()` alone would not do: in most browsers it stands still while the computer sleeps
/// (w3c/hr-time issue 115). The time of day alone would not do either: when it is set back, this clock goes
/// on from where it was.
pub(crate) fn now() -> Time {
    let performance = window().and_then(|window| window.performance()).expect_throw("a page has a clock");
    let passed = performance.now();
    let (last, passed_then) = LAST.get();
    let now = js_sys::Date::now().max(last + (passed - passed_then).max(0.0));
    LAST.set((now, passed));
    Time(now as u64)
}
