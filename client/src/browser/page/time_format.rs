//! Writes points in time as people, or HTML, write them.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// Returns hours and minutes of `at_ms` (milliseconds since the Unix epoch) in the user's time zone, as the
/// language `tag` (BCP 47) writes them.
pub fn local_time(at_ms: u64, tag: &str) -> String {
    let options = Object::new();
    for field in ["hour", "minute"] {
        // It can't fail for a plain object.
        let _ = Reflect::set(&options, &field.into(), &"2-digit".into());
    }
    date(at_ms).to_locale_time_string_with_options(tag, &options).into()
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
