//! Points in time as people of a language write them.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// Hours and minutes of `at_ms` (milliseconds since the Unix epoch) where the user is, as the language `tag`
/// (BCP 47) writes them.
pub fn local_time(at_ms: u64, tag: &str) -> String {
    let options = Object::new();
    for field in ["hour", "minute"] {
        // Setting a property of a plain object can't fail.
        let _ = Reflect::set(&options, &field.into(), &"2-digit".into());
    }
    date(at_ms).to_locale_time_string_with_options(tag, &options).into()
}

/// `at_ms` (milliseconds since the Unix epoch) as HTML's `<time datetime>` wants it; empty where no calendar
/// reaches.
pub fn iso_time(at_ms: u64) -> String {
    let date = date(at_ms);
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

fn date(at_ms: u64) -> Date {
    Date::new(&JsValue::from_f64(at_ms as f64))
}
