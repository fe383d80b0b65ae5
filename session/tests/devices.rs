//! Choosing devices, and losing them.

mod support;

use support::Anna;
use tincan_session::{
    CallKind, CaptureId, CaptureSettings, Device, DeviceError, DeviceView, Devices, Effect, Input, Intent,
    LocalMediaView, MicrophoneSettings, PeerConnectionId, PeerEffect, Screen, TrackId,
};

fn local(anna: &Anna) -> LocalMediaView {
    match anna.screen() {
        Screen::Meeting(meeting) => meeting.local,
        other => panic!("not in a call: {other:?}"),
    }
}

fn microphone(capture: u32) -> TrackId {
    TrackId { device: Device::Microphone, capture: CaptureId(capture) }
}

fn quiet() -> CaptureSettings {
    let microphone = MicrophoneSettings { noise_suppression: false, ..MicrophoneSettings::default() };
    CaptureSettings { microphone, ..CaptureSettings::default() }
}

#[test]
fn what_is_open_is_replaced_without_a_gap() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.effects.clear();
    anna.wants(Intent::Configure(quiet()));
    let devices = Devices { microphone: true, camera: false };
    assert_eq!(anna.effects, [Effect::Capture { capture: CaptureId(2), devices, settings: quiet() }]);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(1) });
    anna.effects.clear();
    anna.input_captured(2, Some(Ok(())), None);
    let track = Some(microphone(2));
    let sends = Effect::Peer {
        id: PeerConnectionId(1),
        effect: PeerEffect::SetTrack { device: Device::Microphone, track },
    };
    assert_eq!(anna.effects, [sends, Effect::StopTrack(microphone(1))]);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(2) });
}

#[test]
fn what_can_not_be_replaced_goes_on() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.wants(Intent::Configure(quiet()));
    anna.effects.clear();
    anna.input_captured(2, Some(Err(DeviceError::InUse)), None);
    assert_eq!(anna.effects, []);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(1) });
}

#[test]
fn of_two_changes_in_a_row_the_second_counts() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.wants(Intent::Configure(quiet()));
    anna.wants(Intent::Configure(CaptureSettings::default()));
    anna.input_captured(2, Some(Ok(())), None);
    assert_eq!(anna.effects.last(), Some(&Effect::StopTrack(microphone(2))));
    anna.input_captured(3, Some(Ok(())), None);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(3) });
}

#[test]
fn muted_stays_muted_whatever_is_replaced() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.wants(Intent::SetMicrophone(false));
    anna.wants(Intent::Configure(quiet()));
    anna.input_captured(2, Some(Ok(())), None);
    assert!(anna.effects.contains(&Effect::EnableTrack(microphone(2), false)));
    anna.input(Input::TrackEnded(microphone(2)));
    anna.input_captured(3, Some(Ok(())), None);
    assert!(anna.effects.contains(&Effect::EnableTrack(microphone(3), false)));
    assert_eq!(local(&anna).microphone, DeviceView::Muted { capture: CaptureId(3) });
}

#[test]
fn settings_that_concern_nothing_open_are_for_the_next_time() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.effects.clear();
    anna.wants(Intent::Configure(quiet()));
    assert_eq!(anna.effects, []);
    anna.wants(Intent::SetMicrophone(true));
    let devices = Devices { microphone: true, camera: false };
    assert_eq!(anna.effects, [Effect::Capture { capture: CaptureId(1), devices, settings: quiet() }]);
}

#[test]
fn a_device_that_is_pulled_out_is_replaced_by_another_with_a_note() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.input(Input::TrackEnded(microphone(1)));
    assert_eq!(local(&anna).microphone, DeviceView::Starting);
    anna.effects.clear();
    anna.input_captured(2, Some(Ok(())), None);
    // One takes the place of the other: that nothing is sent meanwhile is no matter for a negotiation.
    assert_eq!(anna.effects, [sends(Some(microphone(2)))]);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(2) });
    assert_eq!(local(&anna).replaced, Some(Device::Microphone));
    anna.wants(Intent::DismissNotice);
    assert_eq!(local(&anna).replaced, None);
    // Once is enough: a device that ends again and again is not opened again and again.
    anna.input(Input::TrackEnded(microphone(2)));
    assert_eq!(local(&anna).microphone, DeviceView::Failed(DeviceError::Lost));
}

#[test]
fn where_there_is_no_other_that_is_said() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.input(Input::TrackEnded(microphone(1)));
    anna.input_captured(2, Some(Err(DeviceError::NotFound)), None);
    assert_eq!(local(&anna).microphone, DeviceView::Failed(DeviceError::Lost));
    assert_eq!(local(&anna).replaced, None);
    assert_eq!(anna.effects.last(), Some(&sends(None)));
}

#[test]
fn what_was_pulled_out_can_be_turned_off_before_another_is_there() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.input(Input::TrackEnded(microphone(1)));
    anna.wants(Intent::SetMicrophone(false));
    assert_eq!(anna.effects.last(), Some(&sends(None)));
    anna.input_captured(2, Some(Ok(())), None);
    assert_eq!(anna.effects.last(), Some(&Effect::StopTrack(microphone(2))));
}

fn sends(track: Option<TrackId>) -> Effect {
    Effect::Peer {
        id: PeerConnectionId(1),
        effect: PeerEffect::SetTrack { device: Device::Microphone, track },
    }
}
