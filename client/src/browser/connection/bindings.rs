//! Bindings for the parts of `RTCPeerConnection` that web-sys lacks, or binds more strictly than the standard
//! does.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, RtcPeerConnection, RtcRtpTransceiverInit};

/// Returns the connection with these bindings.
pub(super) fn bindings(connection: &RtcPeerConnection) -> &PeerConnectionBindings {
    connection.unchecked_ref()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = RTCPeerConnection)]
    pub(super) type PeerConnectionBindings;

    /// Without an argument: the browser creates the right description (W3C WebRTC, section 4.4.1.5).
    #[wasm_bindgen(method, catch, js_name = setLocalDescription)]
    pub(super) fn set_local_description(this: &PeerConnectionBindings) -> Result<js_sys::Promise, JsValue>;

    /// Takes what the other browser's `toJSON()` gave, or nothing for the end of candidates.
    #[wasm_bindgen(method, catch, js_name = addIceCandidate)]
    pub(super) fn add_ice_candidate(
        this: &PeerConnectionBindings,
        candidate: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, js_name = restartIce)]
    pub(super) fn restart_ice(this: &PeerConnectionBindings);

    /// Takes everything that its dictionary can hold.
    #[wasm_bindgen(method, catch, js_name = addTransceiver)]
    pub(super) fn add_transceiver(
        this: &PeerConnectionBindings,
        kind: &str,
        init: &RtcRtpTransceiverInit,
    ) -> Result<JsValue, JsValue>;

    pub(super) type SenderBindings;

    /// Sets the streams of the track that is sent. The receiver keeps tracks of one stream in step.
    #[wasm_bindgen(method, catch, js_name = setStreams)]
    pub(super) fn set_streams(this: &SenderBindings, stream: &MediaStream) -> Result<(), JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn sctp(this: &PeerConnectionBindings) -> Option<Sctp>;

    pub(super) type Sctp;

    #[wasm_bindgen(method, getter, js_name = maxMessageSize)]
    pub(super) fn max_message_size(this: &Sctp) -> f64;
}
