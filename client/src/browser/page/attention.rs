//! Calls for the attention of somebody who looks elsewhere: by a system notification, and by a sound.

use std::cell::Cell;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, window};

use crate::browser::js;
use crate::browser::js::now;

/// The two tones, in hertz, and how long each lasts.
const TONES: [f64; 2] = [660.0, 880.0];
const TONE_SECONDS: f64 = 0.14;
/// Soft. 1.0 is the loudest.
const LOUDNESS: f64 = 0.08;

fn notification() -> JsValue {
    window().map_or(JsValue::UNDEFINED, |window| js::get(&window, "Notification"))
}

/// Returns whether the user has allowed notifications, and still does.
pub fn may_notify() -> bool {
    js::text(&notification(), "permission").as_deref() == Some("granted")
}

/// Asks the user to allow notifications, unless they have decided before. Returns whether they are allowed.
pub async fn ask_to_notify() -> bool {
    // A question without an answer allows nothing.
    let _ = js::call_async(&notification(), "requestPermission", &Array::new()).await;
    may_notify()
}

/// Shows a system notification, in place of an earlier one. Pressing it brings the page to the front.
pub fn notify(title: &str, body: &str) {
    let Ok(make) = notification().dyn_into::<Function>() else { return };
    let options = Object::new();
    js::set(&options, "body", &body.into());
    js::set(&options, "tag", &"tincan".into());
    // It throws in Chrome on Android, which has it only for service workers.
    if let Ok(shown) = Reflect::construct(&make, &Array::of2(&title.into(), &options)) {
        let to_front = Closure::once_into_js(move || {
            if let Some(window) = window() {
                let _ = window.focus();
            }
        });
        js::set(&shown, "onclick", &to_front);
    }
}

/// The least time between two chimes: whoever writes a hundred lines at once is heard once.
const CHIME_EVERY_MS: u64 = 1_500;

thread_local! {
    static CHIMED: Cell<u64> = const { Cell::new(0) };
}

/// Plays two soft tones, unless it just did. Does nothing where the browser lets no page sound that was never
/// touched.
pub fn chime() {
    let now = now().0;
    if now < CHIMED.get().saturating_add(CHIME_EVERY_MS) {
        return;
    }
    CHIMED.set(now);
    if let Ok(context) = AudioContext::new()
        && play(&context).is_err()
    {
        js::call_quietly(&context, "close", Array::new());
    }
}

fn play(context: &AudioContext) -> Result<(), JsValue> {
    let now = js::number(context, "currentTime").unwrap_or_default();
    let gain = js::call(context, "createGain", &Array::new())?;
    js::call(&gain, "connect", &Array::of1(&js::get(context, "destination")))?;
    let volume = js::get(&gain, "gain");
    let end = now + TONE_SECONDS * 3.0;
    js::call(&volume, "setValueAtTime", &Array::of2(&LOUDNESS.into(), &now.into()))?;
    js::call(&volume, "exponentialRampToValueAtTime", &Array::of2(&0.001.into(), &end.into()))?;
    for (number, tone) in TONES.into_iter().enumerate() {
        let oscillator = js::call(context, "createOscillator", &Array::new())?;
        js::set(&js::get(&oscillator, "frequency"), "value", &tone.into());
        js::call(&oscillator, "connect", &Array::of1(&gain))?;
        let begins = now + TONE_SECONDS * number as f64;
        js::call(&oscillator, "start", &Array::of1(&begins.into()))?;
        js::call(&oscillator, "stop", &Array::of1(&(begins + TONE_SECONDS * 2.0).into()))?;
        if number + 1 == TONES.len() {
            // Closed, because a page may have only a few of these open.
            let context = context.clone();
            let close = Closure::once_into_js(move || js::call_quietly(&context, "close", Array::new()));
            js::set(&oscillator, "onended", &close);
        }
    }
    Ok(())
}
