//! Writes points in time as people, or HTML, write them.

use js_sys::{Array, Date, Object};
use wasm_bindgen::JsValue;

use crate::browser::js;

/// Returns hours and minutes of `at_ms` (milliseconds since the Unix epoch) in the user's time zone, as the
/// language `tag` (BCP 47) writes them.
pub fn local_time(at_ms: u64, tag: &str) -> String {
    let options = Object::new();
    for field in ["hour", "minute"] {
        js::set(&options, field, &"2-digit".into());
    }
    let date = date(at_ms);
    // A browser may have a language that it refuses to write in (`en-US@posix`), and then throws.
    let written = |tag: JsValue| js::call(&date, "toLocaleTimeString", &Array::of2(&tag, &options)).ok();
    let text = written(tag.into()).or_else(|| written("en-GB".into()));
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

/// Returns `at_ms` (milliseconds since the Unix epoch) for `<time datetime>` of HTML, or nothing if it is
/// beyond any calendar.
pub fn iso_time(at_ms: u64) -> String {
    let date = date(at_ms);
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

fn date(at_ms: u64) -> Date {
    Date::new(&JsValue::from_f64(at_ms as f64))
}
