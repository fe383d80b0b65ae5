//! Being noticed by somebody who looks elsewhere: a notification of the system's, and a sound.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, window};

use crate::browser::js;

/// The tone, in hertz, and how it fades, in seconds.
const TONES: [f64; 2] = [660.0, 880.0];
const TONE_SECONDS: f64 = 0.14;
/// Of the loudest that there is: soft.
const LOUDNESS: f64 = 0.08;

fn notification() -> JsValue {
    window().map_or(JsValue::UNDEFINED, |window| js::get(&window, "Notification"))
}

/// Whether the user has allowed notifications, and still does.
pub fn may_notify() -> bool {
    js::text(&notification(), "permission").as_deref() == Some("granted")
}

/// Has the browser ask for that, unless it was answered before; answers whether it is allowed.
pub async fn ask_to_notify() -> bool {
    // No answer is none.
    let _ = js::call_async(&notification(), "requestPermission", &Array::new()).await;
    may_notify()
}

/// Shows a notification of the system's. A later one takes its place. Pressing it brings the page to the
/// front.
pub fn notify(title: &str, body: &str) {
    let Ok(make) = notification().dyn_into::<Function>() else { return };
    let options = Object::new();
    js::set(&options, "body", &body.into());
    js::set(&options, "tag", &"tincan".into());
    // Chrome on Android has it only for service workers, and says so by an exception.
    if let Ok(shown) = Reflect::construct(&make, &Array::of2(&title.into(), &options)) {
        let to_front = Closure::once_into_js(move || {
            if let Some(window) = window() {
                let _ = window.focus();
            }
        });
        js::set(&shown, "onclick", &to_front);
    }
}

/// Two soft tones. Nothing where the browser doesn't let a page sound that was never touched.
pub fn chime() {
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
            // A page may have only a few of these open.
            let context = context.clone();
            let close = Closure::once_into_js(move || js::call_quietly(&context, "close", Array::new()));
            js::set(&oscillator, "onended", &close);
        }
    }
    Ok(())
}
