//! Asks for devices (`getUserMedia`, W3C Media Capture and Streams, section 10).

use js_sys::{Array, Object};
use tincan_session::{CaptureSettings, Devices};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MediaStream;

use super::capabilities::{can_blur, media_devices};
use crate::browser::js;

/// Asks for devices. With `chosen`, only for those that the user chose; otherwise for any.
pub(super) async fn get_user_media(
    wanted: Devices,
    settings: &CaptureSettings,
    chosen: bool,
) -> Result<MediaStream, JsValue> {
    let devices = media_devices().ok_or_else(|| JsValue::from_str("no media devices"))?;
    let constraints = Object::new();
    if wanted.microphone {
        let settings = &settings.microphone;
        let audio = device(settings.device_id.as_deref().filter(|_| chosen));
        js::set(&audio, "echoCancellation", &settings.echo_cancellation.into());
        js::set(&audio, "noiseSuppression", &settings.noise_suppression.into());
        js::set(&audio, "autoGainControl", &settings.auto_gain_control.into());
        js::set(&constraints, "audio", &audio);
    }
    if wanted.camera {
        let settings = &settings.camera;
        let video = device(settings.device_id.as_deref().filter(|_| chosen));
        // Wishes, not demands: a camera that has less still works.
        for (name, ideal) in [("width", 1280.0), ("height", 720.0), ("frameRate", 30.0)] {
            js::set(&video, name, &object("ideal", &ideal.into()));
        }
        js::set(&video, "facingMode", &"user".into());
        if can_blur() {
            js::set(&video, "backgroundBlur", &settings.background_blur.into());
        }
        js::set(&constraints, "video", &video);
    }
    js::call_async(&devices, "getUserMedia", &Array::of1(&constraints)).await?.dyn_into()
}

/// Asks the user to choose a screen, a window or a tab (`getDisplayMedia`, W3C Screen Capture, section 5).
pub(super) async fn get_display_media() -> Result<MediaStream, JsValue> {
    let devices = media_devices().ok_or_else(|| JsValue::from_str("no media devices"))?;
    // Without the sound of this page, which would be an echo to the others. Unprocessed, since it needn't be
    // speech.
    let audio = object("restrictOwnAudio", &true.into());
    js::set(&audio, "noiseSuppression", &false.into());
    js::set(&audio, "autoGainControl", &false.into());
    let wish = object("video", &true.into());
    js::set(&wish, "audio", &audio);
    js::set(&wish, "systemAudio", &"include".into());
    js::set(&wish, "surfaceSwitching", &"include".into());
    // A page that shows itself within itself is rarely meant.
    js::set(&wish, "selfBrowserSurface", &"exclude".into());
    js::call_async(&devices, "getDisplayMedia", &Array::of1(&wish)).await?.dyn_into()
}

/// Returns constraints that ask for this device, or for any.
fn device(id: Option<&str>) -> Object {
    match id {
        Some(id) => object("deviceId", &object("exact", &id.into())),
        None => Object::new(),
    }
}

fn object(name: &str, value: &JsValue) -> Object {
    let object = Object::new();
    js::set(&object, name, value);
    object
}
