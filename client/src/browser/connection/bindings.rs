//! The parts of `RTCPeerConnection` whose bindings ask for more than the standard does, or which have none.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{MediaStream, RtcRtpTransceiverInit};

#[wasm_bindgen]
extern "C" {
    /// `RTCPeerConnection`
    #[wasm_bindgen(js_name = RTCPeerConnection)]
    pub(super) type PeerConnectionBindings;

    /// `setLocalDescription()` without an argument: the browser makes the right one (W3C WebRTC, section
    /// 4.4.1.5).
    #[wasm_bindgen(method, catch, js_name = setLocalDescription)]
    pub(super) fn set_local_description(this: &PeerConnectionBindings) -> Result<js_sys::Promise, JsValue>;

    /// `addIceCandidate()` with what the other browser's `toJSON()` gave, or nothing for the end.
    #[wasm_bindgen(method, catch, js_name = addIceCandidate)]
    pub(super) fn add_ice_candidate(
        this: &PeerConnectionBindings,
        candidate: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;

    /// `restartIce()`
    #[wasm_bindgen(method, js_name = restartIce)]
    pub(super) fn restart_ice(this: &PeerConnectionBindings);

    /// `addTransceiver()` with everything that its dictionary can say.
    #[wasm_bindgen(method, catch, js_name = addTransceiver)]
    pub(super) fn add_transceiver(
        this: &PeerConnectionBindings,
        kind: &str,
        init: &RtcRtpTransceiverInit,
    ) -> Result<JsValue, JsValue>;

    /// `RTCRtpSender`
    pub(super) type SenderBindings;

    /// `setStreams()`: what the sender's track belongs to, and with it what it is kept in step with.
    #[wasm_bindgen(method, catch, js_name = setStreams)]
    pub(super) fn set_streams(this: &SenderBindings, stream: &MediaStream) -> Result<(), JsValue>;

    /// `sctp`
    #[wasm_bindgen(method, getter)]
    pub(super) fn sctp(this: &PeerConnectionBindings) -> Option<Sctp>;

    /// `RTCSctpTransport`
    pub(super) type Sctp;

    /// `maxMessageSize`
    #[wasm_bindgen(method, getter, js_name = maxMessageSize)]
    pub(super) fn max_message_size(this: &Sctp) -> f64;
}
