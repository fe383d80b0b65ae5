//! What the browser can do with devices.

use wasm_bindgen::JsCast;
use web_sys::{MediaDevices, window};

use crate::browser::js;

/// Returns whether the browser can blur what is behind the user (`backgroundBlur`, W3C Media Capture and
/// Streams Extensions).
pub fn can_blur() -> bool {
    let constraints = media_devices().map(|devices| devices.get_supported_constraints());
    constraints.is_some_and(|constraints| js::is_true(&constraints, "backgroundBlur"))
}

/// Returns whether the browser can share a screen. Browsers of phones can't.
pub fn can_share_screen() -> bool {
    media_devices().is_some_and(|devices| js::get(&devices, "getDisplayMedia").is_function())
}

/// Returns the devices. A page that is no secure context has none, whatever the binding's type says.
pub(super) fn media_devices() -> Option<MediaDevices> {
    js::get(&window()?.navigator(), "mediaDevices").dyn_into().ok()
}
