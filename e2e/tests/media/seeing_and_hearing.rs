//! Two people see and hear each other, and a call goes on without a device.

use tincan_e2e::{DeviceFault, Devices, MediaKind, Options, Page, Server, call, open_two, sign_in_two};

/// Signs in Anna, with the devices given, and Bob, with all devices.
async fn sign_in_with(server: &Server, devices: Devices) -> (Page, Page) {
    let (anna, bob) = open_two(server, Options { devices, ..Options::default() }, Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    (anna, bob)
}

/// Waits until the call goes on with what there is: text arrives, and Anna sees Bob.
async fn the_call_goes_on(anna: &Page, bob: &Page) {
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    anna.sends("I can still write").await;
    bob.reads("I can still write").await;
    anna.sees("Bob").await;
}

#[tokio::test]
async fn both_see_and_hear_each_other_and_themselves() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    tokio::join!(anna.hears(), bob.hears());
    for (page, other) in [(&anna, "Bob"), (&bob, "Anna")] {
        let preview = page.shows_live_picture("You").await;
        assert!(preview.mirrored, "oneself is shown as in a mirror");
        assert!(preview.muted, "one doesn't hear oneself");
        let remote = page.video(other).picture().await;
        assert!(!remote.mirrored, "the other side is not a mirror");
        assert_eq!(page.errors().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn muted_means_silent_and_the_other_side_is_told() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Voice call", "Accept").await;
    bob.hears().await;
    anna.button("Mute microphone").click().await;
    anna.button("Unmute microphone").is_there().await;
    bob.says(&["Anna is muted"]).await;
    bob.hears_nothing().await;
    anna.hears().await;
    anna.button("Unmute microphone").click().await;
    bob.hears().await;
    bob.expect("Anna is muted no longer", async || {
        let text = bob.run("return document.body.innerText;", vec![]).await;
        (!text.as_str()?.contains("Anna is muted")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_camera_goes_off_and_on_again() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    bob.sees("Anna").await;
    let with_camera = anna.counts().await.tracks_live;
    for _ in 0..2 {
        anna.button("Turn camera off").click().await;
        bob.no_longer_sees("Anna").await;
        anna.expect("the camera's light is off", async || {
            (anna.counts().await.tracks_live < with_camera).then_some(())
        })
        .await;
        anna.sees("Bob").await;
        bob.hears().await;
        anna.button("Turn camera on").click().await;
        bob.sees("Anna").await;
        anna.shows_live_picture("You").await;
    }
}

#[tokio::test]
async fn without_a_camera_the_call_goes_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_with(&server, Devices::NoCamera).await;
    call(&anna, &bob, "Video call", "Accept").await;
    anna.says(&["no camera was found"]).await;
    the_call_goes_on(&anna, &bob).await;
    bob.hears().await;
    bob.no_longer_sees("Anna").await;
}

#[tokio::test]
async fn without_any_device_the_call_goes_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_with(&server, Devices::None).await;
    call(&anna, &bob, "Video call", "Accept").await;
    anna.says(&["no microphone was found"]).await;
    anna.says(&["no camera was found"]).await;
    the_call_goes_on(&anna, &bob).await;
}

#[tokio::test]
async fn with_a_forbidden_camera_the_call_goes_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_with(&server, Devices::CameraDenied).await;
    call(&anna, &bob, "Video call", "Accept").await;
    anna.says(&["the camera isn’t allowed"]).await;
    anna.says(&["address bar"]).await;
    the_call_goes_on(&anna, &bob).await;
    bob.hears().await;
}

#[tokio::test]
async fn with_everything_forbidden_the_answered_call_goes_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_with(&server, Devices::Denied).await;
    bob.calls("Anna", "Video call").await;
    anna.answers("Bob", "Accept").await;
    anna.says(&["the microphone isn’t allowed"]).await;
    anna.says(&["the camera isn’t allowed"]).await;
    the_call_goes_on(&anna, &bob).await;
}

#[tokio::test]
async fn a_camera_in_use_by_another_program_is_named_and_can_be_tried_again() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.break_device(MediaKind::Video, DeviceFault::InUse).await;
    call(&anna, &bob, "Video call", "Accept").await;
    anna.says(&["another program is using the camera"]).await;
    the_call_goes_on(&anna, &bob).await;
    bob.hears().await;
    anna.mend_devices().await;
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
}

#[tokio::test]
async fn a_microphone_in_use_by_another_program_is_named_and_can_be_tried_again() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.break_device(MediaKind::Audio, DeviceFault::InUse).await;
    call(&anna, &bob, "Voice call", "Accept").await;
    anna.says(&["another program is using the microphone"]).await;
    anna.hears().await;
    anna.mend_devices().await;
    anna.button("Unmute microphone").click().await;
    bob.hears().await;
}
