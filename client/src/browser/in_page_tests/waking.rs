//! What tells that the network may be another one, or that the page was asleep.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::page::hear_waking;

/// Dispatches an event, and returns how often something was heard of it.
fn heard(count: &Cell<u32>, script: &str) -> u32 {
    let before = count.get();
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap();
    count.get() - before
}

#[wasm_bindgen_test]
fn whatever_may_mean_another_network_is_heard() {
    let count = Rc::new(Cell::new(0));
    let told = count.clone();
    hear_waking(move || told.set(told.get() + 1));
    for (script, times) in [
        ("dispatchEvent(new Event('online'))", 1),
        ("dispatchEvent(new Event('offline'))", 0),
        ("navigator.connection.dispatchEvent(new Event('change'))", 1),
        ("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))", 1),
        ("dispatchEvent(new PageTransitionEvent('pageshow'))", 0),
        ("document.dispatchEvent(new Event('visibilitychange'))", 1),
        (
            "Object.defineProperty(document, 'hidden', { value: true, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
            delete document.hidden;",
            0,
        ),
    ] {
        assert_eq!(heard(&count, script), times, "{script}");
    }
}
