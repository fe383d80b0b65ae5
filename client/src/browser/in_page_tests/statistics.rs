//! What is measured of a peer connection: who speaks, its statistics, and whether it is weak.

use std::cell::Cell;
use std::rc::Rc;

use tincan_session::{CaptureId, CaptureSettings, Device, Effect};
use wasm_bindgen_test::wasm_bindgen_test;

use super::pair::{BOTH, Latest, Loudest, MICROPHONE, Pair, connection_id};
use crate::browser::Statistics;
use crate::browser::connection::Quality;

#[wasm_bindgen_test]
async fn who_speaks_is_heard() {
    let mut pair = Pair::connected().await;
    let loudest = Loudest::default();
    let heard = loudest.clone();
    let watch = pair.sides[1].monitor.watch_speakers(move |levels| {
        assert_eq!(levels.len(), 1);
        assert_eq!(levels[0].0, connection_id(1));
        heard.hear(levels[0].1);
    });
    pair.capture(0, 1, MICROPHONE, CaptureSettings::default()).await;
    assert!(loudest.0.get() == 0.0);
    pair.send(0, Device::Microphone, 1);
    pair.until("it is heard", |_| loudest.0.get() > 0.05).await;
    // Who sends nothing any more isn't heard, whatever came last.
    pair.act(0, tincan_session::PeerEffect::SetTrack { device: Device::Microphone, track: None });
    pair.until("it is gone", |pair| !pair.arrives(1, Device::Microphone)).await;
    let quiet = Rc::new(Cell::new(0));
    let (count, before) = (quiet.clone(), watch);
    let watch = pair.sides[1].monitor.watch_speakers(move |levels| {
        count.set(if levels[0].1 == 0.0 { count.get() + 1 } else { 0 });
    });
    drop(before);
    pair.until("it is quiet", |_| quiet.get() >= 5).await;
    drop(watch);
    pair.close();
}

#[wasm_bindgen_test]
async fn statistics_say_what_a_connection_does() {
    let mut pair = Pair::connected().await;
    pair.capture(0, 1, BOTH, CaptureSettings::default()).await;
    pair.send(0, Device::Camera, 1);
    pair.send(0, Device::Microphone, 1);
    pair.perform(0, Effect::CaptureScreen { capture: CaptureId(2) });
    assert_eq!(pair.captured(0, 2).await.screen, Some(Ok(())));
    pair.send(0, Device::Screen, 2);
    let (sent, got) = (Latest::of(&pair.sides[0]), Latest::of(&pair.sides[1]));
    pair.until("the sender's are there", |_| {
        let Statistics { relayed, round_trip_ms, lost_out, bits_out, pictures_out, pictures_in, .. } =
            sent.get();
        relayed == Some(false)
            && round_trip_ms.is_some_and(|ms| (0.0..1_000.0).contains(&ms))
            && lost_out.is_some_and(|part| (0.0..=1.0).contains(&part))
            && bits_out.is_some_and(|bits| bits > 50_000.0)
            && pictures_out
                .iter()
                .all(|picture| picture.is_some_and(|p| p.width >= 16 && p.per_second >= 1.0))
            && pictures_in == [None, None]
    })
    .await;
    pair.until("the receiver's are there", |_| {
        let Statistics { relayed, lost_in, bits_in, pictures_in, pictures_out, .. } = got.get();
        relayed == Some(false)
            && lost_in.is_some_and(|part| (0.0..=1.0).contains(&part))
            && bits_in.is_some_and(|bits| bits > 50_000.0)
            && pictures_in.iter().all(|picture| picture.is_some_and(|p| p.width >= 16 && p.per_second >= 1.0))
            && pictures_out == [None, None]
    })
    .await;
    // The shape of the camera's picture is known. The screen's is another.
    let camera = got.get().pictures_in[0].unwrap();
    assert!((f64::from(camera.width) / f64::from(camera.height) - 16.0 / 9.0).abs() < 0.05);
    drop((sent, got));
    pair.close();
}

#[wasm_bindgen_test]
fn two_of_three_reports_make_a_connection_weak() {
    let good = Statistics::default();
    let lossy = Statistics { lost_in: Some(0.06), ..Statistics::default() };
    let slow = Statistics { round_trip_ms: Some(401.0), ..Statistics::default() };
    let mut quality = Quality::default();
    let mut take = |report: &Statistics| quality.take(report);
    assert_eq!([&good, &lossy, &good, &good, &slow, &good].map(&mut take), [None; 6]);
    assert_eq!(take(&lossy), Some(true));
    assert_eq!([&slow, &good, &good].map(&mut take), [None; 3]);
    assert_eq!(take(&good), Some(false));
    assert_eq!([&good, &lossy, &good].map(&mut take), [None; 3]);
}
