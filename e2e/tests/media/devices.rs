//! Choosing cameras and microphones, and losing them, in the middle of a meeting.

use std::time::Duration;

use tincan_e2e::{Devices, MediaKind, Options, Page, Server, everyone_sees_everyone, meet, room_address};

/// A picture that stands still for longer is frozen.
const FROZEN: Duration = Duration::from_secs(1);

/// Brings Anna, with several devices, and Bob, with one of each kind, into a room.
async fn meet_with_several_devices(server: &Server) -> (Page, Page) {
    let address = Some(room_address(server, "devices"));
    let several = Options { devices: Devices::Several, address, ..Options::default() };
    let ([bob], anna) = tokio::join!(meet(server, "devices", ["Bob"]), Page::open_with(server, several));
    anna.goes_in_as("Anna").await;
    everyone_sees_everyone(&[&anna, &bob]).await;
    (anna, bob)
}

/// Chooses the last device of the list, which is another than the browser's choice. Returns its id.
async fn choose_last(page: &Page, choice: &str, kind: MediaKind) -> String {
    let before = page.devices_in_use(kind).await;
    let list = page.by_role("combobox", choice);
    let last =
        list.ask("const last = [...arguments[0].options].at(-1); return [last.label, last.value];").await;
    let (label, id) = (last[0].as_str().expect("a name"), last[1].as_str().expect("an id").to_owned());
    assert!(!before.contains(&id), "{label} is in use already");
    list.choose(label).await;
    page.expect(&format!("{label} is in use, and no other"), async || {
        (page.devices_in_use(kind).await == [id.clone()]).then_some(())
    })
    .await;
    id
}

#[tokio::test]
async fn another_camera_and_microphone_in_mid_meeting_without_a_pause_and_for_good() {
    let server = Server::start(&[]).await;
    let (anna, bob) = meet_with_several_devices(&server).await;
    anna.button("Settings").click().await;
    bob.watch_pictures("Anna").await;
    let camera = choose_last(&anna, "Camera", MediaKind::Video).await;
    bob.decodes(&["Anna"]).await;
    let microphone = choose_last(&anna, "Microphone", MediaKind::Audio).await;
    bob.hears_from("Anna").await;
    bob.decodes(&["Anna"]).await;
    let pause = bob.longest_pause("Anna").await;
    assert!(pause < FROZEN, "the picture stood still for {pause:?}");
    anna.button("Close").click().await;
    anna.shows_live_picture("You").await;

    // Turned off and on, it is the same camera again.
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    anna.button("Turn camera on").click().await;
    bob.decodes(&["Anna"]).await;
    assert_eq!(anna.devices_in_use(MediaKind::Video).await, [camera.as_str()]);

    anna.reload().await;
    anna.is_in_the_room().await;
    anna.shows_live_picture("You").await;
    anna.button("Settings").click().await;
    assert_eq!(anna.devices_in_use(MediaKind::Video).await, [camera.as_str()]);
    assert_eq!(anna.devices_in_use(MediaKind::Audio).await, [microphone.as_str()]);
    for (choice, id) in [("Camera", &camera), ("Microphone", &microphone)] {
        let list = anna.by_role("combobox", choice);
        anna.expect("what was chosen is shown", async || (list.value().await == *id).then_some(())).await;
    }
}

#[tokio::test]
async fn what_is_pulled_out_is_replaced_with_a_note() {
    let server = Server::start(&[]).await;
    let (anna, bob) = meet_with_several_devices(&server).await;
    let before = anna.devices_in_use(MediaKind::Video).await;
    anna.pull_out(MediaKind::Video).await;
    anna.status_says(&["Your camera was pulled out; another one is used now"]).await;
    bob.decodes(&["Anna"]).await;
    let after = anna.devices_in_use(MediaKind::Video).await;
    assert!(after.len() == 1 && after != before, "{before:?} {after:?}");
    anna.button("Dismiss").click().await;

    anna.pull_out(MediaKind::Audio).await;
    anna.status_says(&["Your microphone was pulled out; another one is used now"]).await;
    bob.hears_from("Anna").await;

    // A device that replaced another is not replaced again.
    anna.pull_out(MediaKind::Video).await;
    anna.says(&["the camera was disconnected"]).await;
    bob.no_longer_sees("Anna").await;
    bob.hears_from("Anna").await;
}
