//! Tells what this browser, and the way this page was opened, allow.

use web_sys::window;

use crate::browser::js;

/// Whether calls can work here at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    Ready,
    /// The page was not opened over HTTPS or from localhost, so the browser gives it no camera and no
    /// microphone. Text works.
    NotSecure,
    /// The browser has no WebRTC, or it is switched off.
    NoWebRtc,
}

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
