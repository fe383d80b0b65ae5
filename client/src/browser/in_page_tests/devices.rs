//! Devices: what is opened of them, how loud it is at the microphone, and the list.

use std::cell::RefCell;
use std::rc::Rc;

use tincan_session::{
    CameraSettings, CaptureId, CaptureSettings, Device, Effect, MicrophoneSettings, TrackId,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AudioContextState, MediaStreamTrackState};

use super::pair::{BOTH, CAMERA, Loudest, MICROPHONE, Pair};
use crate::browser::{DeviceList, DeviceWatch, js};

#[wasm_bindgen_test]
async fn the_microphone_is_measured_also_while_it_is_muted() {
    let mut pair = Pair::new();
    let monitor = pair.sides[0].monitor.clone();
    let (loudest, heard) = (Loudest::default(), Loudest::default());
    let first = monitor.watch_microphone(move |level| heard.hear(level));
    assert_eq!(monitor.open_count(), (0, false));
    pair.capture(0, 1, MICROPHONE, CaptureSettings::default()).await;
    let again = loudest.clone();
    let second = monitor.watch_microphone(move |level| again.hear(level));
    pair.until("it is heard", |_| loudest.0.get() > 0.05).await;

    pair.perform(
        0,
        Effect::EnableTrack(TrackId { device: Device::Microphone, capture: CaptureId(1) }, false),
    );
    loudest.0.set(0.0);
    pair.until("it is heard", |_| loudest.0.get() > 0.05).await;

    // Those who watch later hear it too.
    drop((first, second));
    assert_eq!(monitor.open_count(), (0, false));
    let (heard, again) = (loudest.clone(), loudest.clone());
    let first = monitor.watch_microphone(move |level| heard.hear(level));
    let second = monitor.watch_microphone(move |level| again.hear(level));
    loudest.0.set(0.0);
    pair.until("it is heard", |_| loudest.0.get() > 0.05).await;

    // Another one takes over, while the first still runs.
    let (old, old_context) = monitor.measured().unwrap();
    pair.capture(0, 2, MICROPHONE, CaptureSettings::default()).await;
    assert_eq!(old.ready_state(), MediaStreamTrackState::Ended);
    pair.perform(0, Effect::StopTrack(TrackId { device: Device::Microphone, capture: CaptureId(1) }));
    loudest.0.set(0.0);
    pair.until("it is heard", |_| loudest.0.get() > 0.05).await;

    let (track, context) = monitor.measured().unwrap();
    drop(first);
    assert_eq!(monitor.open_count(), (0, true));
    drop(second);
    assert_eq!(monitor.open_count(), (0, false));
    assert_eq!(track.ready_state(), MediaStreamTrackState::Ended);
    pair.until("it is closed", |_| {
        [&old_context, &context].iter().all(|context| context.state() == AudioContextState::Closed)
    })
    .await;
    pair.close();
}

#[wasm_bindgen_test]
async fn devices_are_listed() {
    let list = Rc::new(RefCell::new(DeviceList::default()));
    let told = list.clone();
    let _watch = DeviceWatch::new(move |list| drop(told.replace(list)));
    let mut pair = Pair::new();
    pair.capture(0, 1, BOTH, CaptureSettings::default()).await;
    pair.until("they are listed", |_| {
        let list = list.borrow();
        [&list.microphones, &list.cameras].iter().all(|devices| {
            !devices.is_empty()
                && devices.iter().all(|device| !device.id.is_empty() && !device.label.is_empty())
        })
    })
    .await;
    // One that is chosen is the one that is opened.
    let chosen = list.borrow().microphones.last().unwrap().id.clone();
    let mut settings = CaptureSettings::default();
    settings.microphone.device_id = Some(chosen.clone());
    assert_eq!(pair.capture(0, 2, MICROPHONE, settings).await.microphone, Some(Ok(())));
    let track = pair.sides[0]
        .effect_runner
        .track(TrackId { device: Device::Microphone, capture: CaptureId(2) })
        .unwrap();
    let settings = js::call(&track, "getSettings", &js_sys::Array::new()).unwrap();
    assert_eq!(js::text(&settings, "deviceId"), Some(chosen));
    pair.close();
}

#[wasm_bindgen_test]
async fn a_chosen_device_that_is_gone_costs_nothing() {
    let mut pair = Pair::new();
    let settings = CaptureSettings {
        camera: CameraSettings { device_id: Some("gone".to_owned()), background_blur: true },
        microphone: MicrophoneSettings {
            device_id: Some("gone, too".to_owned()),
            ..MicrophoneSettings::default()
        },
    };
    let captured = pair.capture(0, 1, BOTH, settings).await;
    assert_eq!((captured.microphone, captured.camera), (Some(Ok(())), Some(Ok(()))));
    pair.close();
}

/// As on a phone, which opens one camera at a time.
#[wasm_bindgen_test]
async fn a_camera_makes_room_for_the_one_that_replaces_it() {
    const PHONE: &str = r#"
        const devices = navigator.mediaDevices, real = devices.getUserMedia.bind(devices);
        let open;
        devices.getUserMedia = async (wish) => {
            if (open?.readyState === "live") throw new DOMException("", "NotReadableError");
            const stream = await real(wish);
            open = stream.getTracks()[0];
            return stream;
        };
    "#;
    js_sys::Function::new_no_args(PHONE).call0(&JsValue::NULL).unwrap();
    let mut pair = Pair::new();
    for capture in 1..=2 {
        let captured = pair.capture(0, capture, CAMERA, CaptureSettings::default()).await;
        assert_eq!(captured.camera, Some(Ok(())));
    }
    let states = [1, 2].map(|capture| {
        let track = pair.sides[0]
            .effect_runner
            .track(TrackId { device: Device::Camera, capture: CaptureId(capture) });
        track.unwrap().ready_state()
    });
    assert_eq!(states, [MediaStreamTrackState::Ended, MediaStreamTrackState::Live]);
    // The replacement is removed, so that the browser's own function is there again.
    let restore = "delete navigator.mediaDevices.getUserMedia";
    js_sys::Function::new_no_args(restore).call0(&JsValue::NULL).unwrap();
    pair.close();
}
