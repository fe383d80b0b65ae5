//! What this browser, and the way this page was opened, allow.

use wasm_bindgen::JsCast;
use web_sys::{MediaDevices, window};

use super::js;

/// Whether calls can work here at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// They can.
    Ready,
    /// The page was not opened over HTTPS or from localhost: the browser gives it no camera and no microphone.
    /// Text works.
    NotSecure,
    /// The browser has no WebRTC, or it is switched off.
    NoWebRtc,
}

/// Looks.
pub fn support() -> Support {
    let Some(window) = window() else { return Support::NoWebRtc };
    if !js::get(&window, "RTCPeerConnection").is_function() {
        Support::NoWebRtc
    } else if !window.is_secure_context() {
        Support::NotSecure
    } else {
        Support::Ready
    }
}

/// Whether this browser can blur what is behind the user (`backgroundBlur`, W3C Media Capture and Streams Extensions).
pub fn can_blur() -> bool {
    let constraints = media_devices().map(|devices| devices.get_supported_constraints());
    constraints.is_some_and(|constraints| js::is_true(&constraints, "backgroundBlur"))
}

/// Whether this browser can show a screen to others. Those of phones can't.
pub fn can_share_screen() -> bool {
    media_devices().is_some_and(|devices| js::get(&devices, "getDisplayMedia").is_function())
}

/// Not there where the page is no secure context, whatever the binding's type says.
pub(super) fn media_devices() -> Option<MediaDevices> {
    js::get(&window()?.navigator(), "mediaDevices").dyn_into().ok()
}
