//! Finds the transceiver (the media section) of each device.

use js_sys::Array;
use tincan_session::Device;
use wasm_bindgen::JsCast;
use web_sys::{RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection};

/// Returns the `kind` of the tracks of `device`.
pub(super) fn kind(device: Device) -> &'static str {
    if device.is_audio() { "audio" } else { "video" }
}

/// Returns the first device of the same kind, if `device` is the second.
pub(super) fn before(device: Device) -> Option<Device> {
    match device {
        Device::Microphone | Device::Camera => None,
        Device::Screen => Some(Device::Camera),
        Device::ScreenAudio => Some(Device::Microphone),
    }
}

/// Returns the connection's transceivers and their devices. The first of kind `audio` is the microphone's,
/// the second the screen's; in the same way with `video`. Stopped ones don't count, and neither do further
/// ones.
pub(super) fn transceivers(connection: &RtcPeerConnection) -> Vec<(Device, RtcRtpTransceiver)> {
    let mut sound = [Device::ScreenAudio, Device::Microphone].to_vec();
    let mut pictures = [Device::Screen, Device::Camera].to_vec();
    let all: Array = connection.get_transceivers().unchecked_into();
    let all = all.iter().filter_map(|transceiver| transceiver.dyn_into::<RtcRtpTransceiver>().ok());
    all.filter(|transceiver| !is_stopped(transceiver))
        .filter_map(|transceiver| {
            let is_sound = transceiver.receiver().track().kind() == "audio";
            let device = if is_sound { sound.pop() } else { pictures.pop() };
            Some((device?, transceiver))
        })
        .collect()
}

pub(super) fn transceiver(connection: &RtcPeerConnection, device: Device) -> Option<RtcRtpTransceiver> {
    transceivers(connection).into_iter().find(|(whose, _)| *whose == device).map(|(_, found)| found)
}

/// Returns whether media come in by it, as negotiated last.
pub(super) fn receives(transceiver: &RtcRtpTransceiver) -> bool {
    matches!(
        transceiver.current_direction(),
        Some(RtcRtpTransceiverDirection::Sendrecv | RtcRtpTransceiverDirection::Recvonly)
    )
}

/// Returns whether it has something to send for which the other side's offer made no room. We have to offer
/// that ourselves: an answer that allows less than is wanted doesn't make a negotiation needed (W3C WebRTC,
/// section 4.7.3, step 5.3). It would if the track's `a=msid` were missing, but in Chromium it isn't.
pub(super) fn is_silenced(transceiver: &RtcRtpTransceiver) -> bool {
    use RtcRtpTransceiverDirection::{Inactive, Recvonly, Sendonly, Sendrecv};
    matches!(transceiver.direction(), Sendrecv | Sendonly)
        && matches!(transceiver.current_direction(), Some(Inactive | Recvonly))
}

fn is_stopped(transceiver: &RtcRtpTransceiver) -> bool {
    let stopped = RtcRtpTransceiverDirection::Stopped;
    transceiver.direction() == stopped || transceiver.current_direction() == Some(stopped)
}
