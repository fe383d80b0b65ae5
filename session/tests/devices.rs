//! Choosing devices, losing them, and having them muted by the system.

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

fn camera(capture: u32) -> TrackId {
    TrackId { device: Device::Camera, capture: CaptureId(capture) }
}

fn system_mutes(anna: &mut Anna, track: TrackId, muted: bool) {
    anna.input(Input::TrackMuted { track, muted });
}

/// Everything said over the data channel.
fn told(anna: &Anna) -> Vec<&str> {
    let texts = anna.effects.iter().filter_map(|effect| match effect {
        Effect::Peer { effect: PeerEffect::SendText(text), .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// Returns what was to be done, but for what the server is told.
fn done(anna: &Anna) -> Vec<&Effect> {
    anna.effects.iter().filter(|effect| !matches!(effect, Effect::Signaling(_))).collect()
}

#[test]
fn a_microphone_that_the_system_mutes_is_said_to_be_muted() {
    let mut anna = Anna::in_call(CallKind::Voice);
    anna.effects.clear();
    system_mutes(&mut anna, microphone(1), true);
    anna.passes(900);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(1) });
    assert_eq!(anna.session.next_timeout(), Some(anna.now.plus(100)), "in time");
    anna.passes(100);
    assert_eq!(local(&anna).microphone, DeviceView::Interrupted { capture: CaptureId(1) });
    assert_eq!(told(&anna), [r#"{"t":"muted","on":true}"#]);
    // The system's own is not the user's: the track stays enabled, and is heard again at once.
    system_mutes(&mut anna, microphone(1), false);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(1) });
    assert_eq!(told(&anna), [r#"{"t":"muted","on":true}"#, r#"{"t":"muted","on":false}"#]);
    assert_eq!(done(&anna).len(), 2);
}

#[test]
fn a_camera_that_the_system_stops_is_said_to_be_off() {
    let mut anna = Anna::in_call(CallKind::Video);
    anna.effects.clear();
    system_mutes(&mut anna, camera(1), true);
    anna.passes(1_000);
    assert_eq!(local(&anna).camera, DeviceView::Interrupted { capture: CaptureId(1) });
    let sends = |track| Effect::Peer {
        id: PeerConnectionId(1),
        effect: PeerEffect::SetTrack { device: Device::Camera, track },
    };
    let off = r#"{"t":"sends","camera":"none","screen":"none"}"#.to_owned();
    let says = Effect::Peer { id: PeerConnectionId(1), effect: PeerEffect::SendText(off) };
    assert_eq!(done(&anna), [&says, &sends(None)]);
    system_mutes(&mut anna, camera(1), false);
    assert!(anna.effects.contains(&sends(Some(camera(1)))));
    assert_eq!(local(&anna).camera, DeviceView::On { capture: CaptureId(1) });
    // Turned off meanwhile, it is off, and its light goes out.
    system_mutes(&mut anna, camera(1), true);
    anna.passes(1_000);
    anna.wants(Intent::SetCamera(false));
    assert!(anna.effects.contains(&Effect::StopTrack(camera(1))));
    system_mutes(&mut anna, camera(1), false);
    assert_eq!(local(&anna).camera, DeviceView::Off);
}

#[test]
fn a_camera_that_stumbles_costs_nothing() {
    let mut anna = Anna::in_call(CallKind::Video);
    anna.effects.clear();
    for _ in 0..10 {
        system_mutes(&mut anna, camera(1), true);
        anna.passes(900);
        system_mutes(&mut anna, camera(1), false);
        anna.passes(900);
    }
    assert_eq!(done(&anna), Vec::<&Effect>::new());
}

#[test]
fn who_has_muted_themselves_stays_muted_whatever_the_system_does() {
    let mut anna = Anna::in_call(CallKind::Voice);
    system_mutes(&mut anna, microphone(1), true);
    anna.passes(1_000);
    anna.wants(Intent::SetMicrophone(false));
    assert_eq!(local(&anna).microphone, DeviceView::Muted { capture: CaptureId(1) });
    anna.effects.clear();
    system_mutes(&mut anna, microphone(1), false);
    system_mutes(&mut anna, microphone(1), true);
    anna.input(Input::PageShown);
    anna.passes(10_000);
    let devices = Devices { microphone: true, camera: false };
    let settings = CaptureSettings::default();
    // What is opened anew meanwhile is muted, too.
    assert_eq!(done(&anna), [&Effect::Capture { capture: CaptureId(2), devices, settings }]);
    anna.input_captured(2, Some(Ok(())), None);
    assert!(anna.effects.contains(&Effect::EnableTrack(microphone(2), false)));
    assert_eq!(local(&anna).microphone, DeviceView::Muted { capture: CaptureId(2) });
    assert_eq!(told(&anna), Vec::<&str>::new());
}

#[test]
fn what_stays_dead_after_the_pages_return_is_opened_anew_once() {
    let mut anna = Anna::in_call(CallKind::Voice);
    system_mutes(&mut anna, microphone(1), true);
    // Nobody looks: it is not the time to ask for anything.
    anna.passes(60_000);
    anna.effects.clear();
    anna.input(Input::PageShown);
    anna.passes(2_900);
    assert_eq!(done(&anna), Vec::<&Effect>::new());
    anna.passes(100);
    let devices = Devices { microphone: true, camera: false };
    let settings = CaptureSettings::default();
    assert_eq!(done(&anna), [&Effect::Capture { capture: CaptureId(2), devices, settings }]);
    anna.effects.clear();
    anna.input_captured(2, Some(Ok(())), None);
    assert_eq!(anna.effects[0], sends(Some(microphone(2))));
    assert_eq!(told(&anna), [r#"{"t":"muted","on":false}"#]);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(2) });
    // It is muted as well: then that is said, and nothing else is tried until the page comes again.
    system_mutes(&mut anna, microphone(2), true);
    anna.effects.clear();
    anna.passes(60_000);
    assert_eq!(told(&anna), [r#"{"t":"muted","on":true}"#]);
    assert_eq!(done(&anna).len(), 1);
    assert_eq!(local(&anna).microphone, DeviceView::Interrupted { capture: CaptureId(2) });
}

#[test]
fn what_comes_back_by_itself_is_not_opened_anew() {
    let mut anna = Anna::in_call(CallKind::Video);
    anna.effects.clear();
    system_mutes(&mut anna, camera(1), true);
    anna.input(Input::PageShown);
    system_mutes(&mut anna, camera(1), false);
    anna.passes(60_000);
    assert_eq!(done(&anna), Vec::<&Effect>::new());
}

#[test]
fn a_dead_microphone_is_opened_anew_by_muting_and_unmuting() {
    let mut anna = Anna::in_call(CallKind::Voice);
    system_mutes(&mut anna, microphone(1), true);
    anna.passes(1_000);
    anna.wants(Intent::SetMicrophone(false));
    anna.effects.clear();
    anna.wants(Intent::SetMicrophone(true));
    anna.wants(Intent::SetMicrophone(false));
    anna.wants(Intent::SetMicrophone(true));
    let captures = anna.effects.iter().filter(|it| matches!(it, Effect::Capture { .. })).count();
    assert_eq!(captures, 1, "one at a time");
    anna.input_captured(2, Some(Ok(())), None);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(2) });
    assert!(anna.effects.contains(&Effect::StopTrack(microphone(1))));
    // What the first says now concerns nobody.
    system_mutes(&mut anna, microphone(1), true);
    anna.passes(1_000);
    assert_eq!(local(&anna).microphone, DeviceView::On { capture: CaptureId(2) });
}

fn sends(track: Option<TrackId>) -> Effect {
    Effect::Peer {
        id: PeerConnectionId(1),
        effect: PeerEffect::SetTrack { device: Device::Microphone, track },
    }
}
