//! Peer connections: what is sent and shown, and how well.

use tincan_session::{
    CaptureId, CaptureSettings, Device, Effect, PeerEffect, PeerEvent, SendLimits, TrackId,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::pair::{BOTH, CAMERA, Latest, Pair, connection_id};
use crate::browser::Source;

const FREE: SendLimits =
    SendLimits { active: true, max_height: 1080, max_bitrate: 2_500_000, max_framerate: 30 };

#[wasm_bindgen_test]
async fn a_screen_beside_the_camera_is_a_source_of_its_own() {
    let mut pair = Pair::new();
    for side in 0..2 {
        let captured = pair.capture(side, 1, BOTH, CaptureSettings::default()).await;
        assert_eq!((captured.microphone, captured.camera), (Some(Ok(())), Some(Ok(()))));
    }
    pair.create();
    for device in Device::ALL {
        pair.act(0, PeerEffect::AddMedia { device, receive: device == Device::Camera });
    }
    for device in [Device::Microphone, Device::Camera] {
        pair.send(0, device, 1);
        pair.act_when_offered(PeerEffect::SetTrack {
            device,
            track: Some(TrackId { device, capture: CaptureId(1) }),
        });
    }
    pair.until_connected().await;
    pair.until("cameras arrive", |pair| (0..2).all(|side| pair.arrives(side, Device::Camera))).await;
    assert_eq!(pair.negotiations, 1);

    pair.perform(1, Effect::CaptureScreen { capture: CaptureId(2) });
    let captured = pair.captured(1, 2).await;
    assert_eq!(captured.screen, Some(Ok(())));
    let own = pair.show(1, Source::Screen { capture: CaptureId(2) });
    pair.until_more_frames(&own, 1.0).await;
    pair.send(1, Device::Screen, 2);
    if captured.screen_audio.is_some() {
        pair.send(1, Device::ScreenAudio, 2);
    }
    pair.until("the screen arrives", |pair| pair.arrives(0, Device::Screen)).await;
    assert!(!pair.arrives(1, Device::Screen));

    let camera = pair.show(0, Source::Remote { id: connection_id(0) });
    let screen = pair.show(0, Source::RemoteScreen { id: connection_id(0) });
    pair.until_more_frames(&camera, 5.0).await;
    pair.until_more_frames(&screen, 2.0).await;
    let ratio = |element: &web_sys::HtmlVideoElement| {
        f64::from(element.video_width()) / f64::from(element.video_height())
    };
    assert!((ratio(&screen.element) - ratio(&own.element)).abs() < 0.05, "not the picture that was sent");

    // Another element for the same source, while the first goes on.
    let again = pair.show(0, Source::RemoteScreen { id: connection_id(0) });
    pair.until_more_frames(&again, 1.0).await;
    drop(again);
    pair.until_more_frames(&screen, 1.0).await;

    pair.act(1, PeerEffect::SetTrack { device: Device::Screen, track: None });
    pair.until("the screen is gone", |pair| !pair.arrives(0, Device::Screen)).await;
    assert!(pair.arrives(0, Device::Camera));
    pair.until_more_frames(&camera, 2.0).await;
    pair.close();
}

#[wasm_bindgen_test]
async fn a_camera_is_switched_without_a_gap() {
    let mut pair = Pair::connected().await;
    pair.capture(0, 1, CAMERA, CaptureSettings::default()).await;
    pair.send(0, Device::Camera, 1);
    pair.until("the camera arrives", |pair| pair.arrives(1, Device::Camera)).await;
    let shown = pair.show(1, Source::Remote { id: connection_id(1) });
    pair.until_more_frames(&shown, 3.0).await;
    let negotiations = pair.negotiations;

    pair.capture(0, 2, CAMERA, CaptureSettings::default()).await;
    // Both run until the old one isn't needed any more.
    assert_eq!(pair.sides[0].effect_runner.open_count().1, 2);
    pair.send(0, Device::Camera, 2);
    pair.perform(0, Effect::StopTrack(TrackId { device: Device::Camera, capture: CaptureId(1) }));
    pair.until_more_frames(&shown, 20.0).await;
    assert_eq!(pair.negotiations, negotiations);
    assert!(!pair.was_told(1, &PeerEvent::RemoteTrack { device: Device::Camera, live: false }));
    pair.close();
}

#[wasm_bindgen_test]
async fn a_picture_is_sent_only_as_well_as_it_is_to_be() {
    let mut pair = Pair::connected().await;
    // The limits are set before there is anything to send. They must hold for what comes.
    pair.act(
        0,
        PeerEffect::SetSending { device: Device::Camera, limits: SendLimits { max_height: 180, ..FREE } },
    );
    pair.capture(0, 1, CAMERA, CaptureSettings::default()).await;
    pair.send(0, Device::Camera, 1);
    let (sent, got) = (Latest::of(&pair.sides[0]), Latest::of(&pair.sides[1]));
    let height = |latest: &Latest| latest.get().pictures_in[0].map(|picture| picture.height);
    pair.until("it is small", |_| height(&got) == Some(180)).await;

    pair.act(0, PeerEffect::SetSending { device: Device::Camera, limits: FREE });
    pair.until("it is large", |_| height(&got).is_some_and(|height| height > 180)).await;

    // Many wishes at once: the last counts.
    for max_height in [90, 1080, 270, 360] {
        let limits = SendLimits { max_height, ..FREE };
        pair.act(0, PeerEffect::SetSending { device: Device::Camera, limits });
    }
    pair.until("it is of middle size", |_| height(&got) == Some(360)).await;

    // The limits hold for another track, too.
    pair.capture(0, 2, CAMERA, CaptureSettings::default()).await;
    pair.send(0, Device::Camera, 2);
    pair.perform(0, Effect::StopTrack(TrackId { device: Device::Camera, capture: CaptureId(1) }));
    let limits = SendLimits { max_height: 180, max_framerate: 5, ..FREE };
    pair.act(0, PeerEffect::SetSending { device: Device::Camera, limits });
    let few = |latest: &Latest| {
        latest.get().pictures_in[0].is_some_and(|picture| picture.height == 180 && picture.per_second < 8.0)
    };
    pair.until("it is small and slow", |_| few(&got)).await;

    pair.act(
        0,
        PeerEffect::SetSending { device: Device::Camera, limits: SendLimits { active: false, ..FREE } },
    );
    pair.until("nothing comes", |_| got.get().pictures_in[0].is_none() && got.get().bits_in.is_some()).await;
    pair.until("nothing goes out", |_| sent.get().pictures_out[0].is_none()).await;
    pair.act(0, PeerEffect::SetSending { device: Device::Camera, limits: FREE });
    pair.until("it comes again", |_| height(&got).is_some_and(|height| height > 180)).await;
    let negotiations = pair.negotiations;
    assert!(negotiations <= 2, "{negotiations} negotiations");
    drop((sent, got));
    pair.close();
}

#[wasm_bindgen_test]
async fn sound_plays_without_a_picture() {
    let mut pair = Pair::connected().await;
    pair.capture(0, 1, BOTH, CaptureSettings::default()).await;
    let limits = SendLimits { active: false, ..FREE };
    pair.act(0, PeerEffect::SetSending { device: Device::Camera, limits });
    pair.send(0, Device::Camera, 1);
    pair.send(0, Device::Microphone, 1);
    let source = Source::Remote { id: connection_id(1) };
    pair.until("it is there", |pair| pair.sides[1].media.sound(source).is_some()).await;
    let sound = pair.sides[1].media.sound(source).unwrap();
    pair.until("it plays", |_| !sound.paused() && sound.current_time() > 0.1).await;
    // Shown or not, it goes on, and plays once.
    let shown = pair.show(1, source);
    assert!(shown.element.muted());
    drop(shown);
    let then = sound.current_time();
    pair.until("it goes on", |_| sound.current_time() > then + 0.1).await;
    let media = pair.sides[1].media.clone();
    pair.close();
    assert!(media.sound(source).is_none() && sound.src_object().is_none());
}

/// The other side offers fewer sections than Tincan does.
#[wasm_bindgen_test]
async fn missing_sections_are_made_in_their_order() {
    let mut pair = Pair::new();
    pair.create();
    pair.act(0, PeerEffect::AddMedia { device: Device::Microphone, receive: true });
    pair.until_connected().await;
    pair.perform(1, Effect::CaptureScreen { capture: CaptureId(1) });
    assert_eq!(pair.captured(1, 1).await.screen, Some(Ok(())));
    pair.send(1, Device::Screen, 1);
    pair.until("the screen arrives", |pair| pair.arrives(0, Device::Screen)).await;
    assert!(!pair.arrives(0, Device::Camera));
    let screen = pair.show(0, Source::RemoteScreen { id: connection_id(0) });
    pair.until_more_frames(&screen, 2.0).await;

    pair.capture(1, 2, BOTH, CaptureSettings::default()).await;
    pair.send(1, Device::Camera, 2);
    pair.send(1, Device::Microphone, 2);
    pair.until("they arrive", |pair| pair.arrives(0, Device::Camera) && pair.arrives(0, Device::Microphone))
        .await;
    let camera = pair.show(0, Source::Remote { id: connection_id(0) });
    pair.until_more_frames(&camera, 2.0).await;
    pair.close();
}
