//! The system takes microphone and camera away, as for a phone call, and pauses what plays.

use tincan_e2e::{MediaKind, Page, Server, call, sign_in_two};

const MICROPHONE: &str = "Your microphone is muted by the system or another app";
const CAMERA: &str = "Your camera is stopped by the system or another app";

/// Waits until the page says this nowhere any more.
async fn no_longer_says(page: &Page, text: &str) {
    page.expect(&format!("“{text}” is gone"), async || {
        let shown = page.run("return document.body.innerText;", vec![]).await;
        (!shown.as_str()?.contains(text)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_the_system_mutes_is_said_to_both_sides_until_it_comes_back() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    let tracks = anna.counts().await.tracks_live;

    anna.system_mutes(MediaKind::Audio, true).await;
    anna.says(&[MICROPHONE]).await;
    bob.says(&["Anna is muted"]).await;
    anna.system_mutes(MediaKind::Video, true).await;
    anna.says(&[CAMERA]).await;
    bob.no_longer_sees("Anna").await;

    anna.system_mutes(MediaKind::Audio, false).await;
    anna.system_mutes(MediaKind::Video, false).await;
    tokio::join!(no_longer_says(&anna, MICROPHONE), no_longer_says(&anna, CAMERA));
    no_longer_says(&bob, "Anna is muted").await;
    bob.sees("Anna").await;
    bob.hears().await;
    anna.shows_live_picture("You").await;
    assert_eq!(anna.counts().await.tracks_live, tracks, "nothing was opened anew");

    // Who mutes themselves meanwhile stays muted when the system gives the microphone back.
    anna.system_mutes(MediaKind::Audio, true).await;
    anna.says(&[MICROPHONE]).await;
    anna.button("Mute microphone").click().await;
    no_longer_says(&anna, MICROPHONE).await;
    anna.system_mutes(MediaKind::Audio, false).await;
    anna.button("Unmute microphone").is_there().await;
    bob.says(&["Anna is muted"]).await;
    bob.hears_nothing().await;
}

#[tokio::test]
async fn what_stays_dead_is_opened_anew_when_the_page_comes_back_and_paused_sound_plays_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    anna.hears().await;
    let tracks = anna.counts().await.tracks_live;

    anna.goes_out_of_sight().await;
    for (kind, said) in [(MediaKind::Audio, MICROPHONE), (MediaKind::Video, CAMERA)] {
        anna.system_mutes(kind, true).await;
        anna.says(&[said]).await;
    }
    bob.says(&["Anna is muted"]).await;
    bob.no_longer_sees("Anna").await;
    let paused = "const playing = [...tincanProbe.sounds, ...document.querySelectorAll('video')];
        return playing.filter((element) => element.srcObject && element.paused).length;";
    anna.run(
        "for (const one of [...tincanProbe.sounds, ...document.querySelectorAll('video')]) one.pause();",
        vec![],
    )
    .await;
    assert!(anna.run(paused, vec![]).await.as_u64() >= Some(2), "Bob's sound and picture are paused");

    anna.comes_into_sight().await;
    anna.expect("what was paused plays on", async || (anna.run(paused, vec![]).await == 0).then_some(()))
        .await;
    // The muted tracks never come back; others take their places.
    bob.sees("Anna").await;
    bob.hears().await;
    tokio::join!(no_longer_says(&anna, MICROPHONE), no_longer_says(&anna, CAMERA));
    no_longer_says(&bob, "Anna is muted").await;
    anna.sees("Bob").await;
    anna.shows_live_picture("You").await;
    anna.expect("what was muted is closed", async || {
        (anna.counts().await.tracks_live == tracks).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_microphone_is_measured_on_after_an_interruption() {
    let server = Server::start(&[]).await;
    let page = Page::before_room(&server, "interrupted").await;
    page.goes_in_as("Anna").await;
    let state = "return tincanProbe.audioContexts.map((context) => context.state)
        .filter((state) => state !== 'closed').join();";
    let is = async |wanted: &str| {
        page.expect(&format!("the measuring is {wanted}"), async || {
            (page.run(state, vec![]).await == wanted).then_some(())
        })
        .await;
    };
    is("running").await;
    page.run("tincanProbe.audioContexts.forEach((context) => context.suspend());", vec![]).await;
    is("suspended").await;
    page.run("navigator.mediaDevices.dispatchEvent(new Event('devicechange'));", vec![]).await;
    is("running").await;
}
