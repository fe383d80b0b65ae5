//! Which media section of a connection is for which device.

use js_sys::Array;
use tincan_session::Device;
use wasm_bindgen::JsCast;
use web_sys::{RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection};

/// `kind` of the tracks that come from `device`.
pub(super) fn kind(device: Device) -> &'static str {
    if device.is_audio() { "audio" } else { "video" }
}

/// The first device of the same kind, where `device` is the second.
pub(super) fn before(device: Device) -> Option<Device> {
    match device {
        Device::Microphone | Device::Camera => None,
        Device::Screen => Some(Device::Camera),
        Device::ScreenAudio => Some(Device::Microphone),
    }
}

/// The connection's transceivers, and the devices that they are for: the first of sound is the microphone's
/// and the second the screen's, and so with pictures. Stopped ones don't count, and neither do further ones.
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

/// The transceiver for `device`, if there is one.
pub(super) fn transceiver(connection: &RtcPeerConnection, device: Device) -> Option<RtcRtpTransceiver> {
    transceivers(connection).into_iter().find(|(whose, _)| *whose == device).map(|(_, found)| found)
}

/// Whether media come in by it, as negotiated last.
pub(super) fn receives(transceiver: &RtcRtpTransceiver) -> bool {
    matches!(
        transceiver.current_direction(),
        Some(RtcRtpTransceiverDirection::Sendrecv | RtcRtpTransceiverDirection::Recvonly)
    )
}

/// Whether it has something to send, and the other side's offer didn't provide for that. To offer it in turn
/// is up to us: an answer that allows less than is wanted leaves no negotiation needed (W3C WebRTC, section
/// 4.7.3, step 5.3), and that it should lack the track's `a=msid`, which would, isn't so in Chromium.
pub(super) fn is_silenced(transceiver: &RtcRtpTransceiver) -> bool {
    use RtcRtpTransceiverDirection::{Inactive, Recvonly, Sendonly, Sendrecv};
    matches!(transceiver.direction(), Sendrecv | Sendonly)
        && matches!(transceiver.current_direction(), Some(Inactive | Recvonly))
}

fn is_stopped(transceiver: &RtcRtpTransceiver) -> bool {
    let stopped = RtcRtpTransceiverDirection::Stopped;
    transceiver.direction() == stopped || transceiver.current_direction() == Some(stopped)
}
