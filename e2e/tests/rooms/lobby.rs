//! The lobby: what somebody sees and chooses before joining a room.

use tincan_e2e::{Devices, Options, Page, Server, everyone_sees_everyone, room_address};

async fn before(server: &Server, devices: Devices) -> Page {
    let address = Some(room_address(server, "door"));
    Page::open_with(server, Options { devices, address, ..Options::default() }).await
}

#[tokio::test]
async fn devices_are_seen_and_tried_out_before_going_in() {
    let server = Server::start(&[]).await;
    let (anna, bob) = tokio::join!(before(&server, Devices::Several), before(&server, Devices::Fake));
    let preview = anna.shows_live_picture("You").await;
    assert!(preview.muted && preview.mirrored, "{preview:?}");
    for (choice, at_least) in [("Camera", 4), ("Microphone", 3), ("Speaker", 3)] {
        let names = anna.by_role("combobox", choice);
        anna.expect(&format!("every {choice} is offered, and the browser's choice"), async || {
            let count = names.ask_now("return arguments[0].options.length;").await?;
            (count.as_u64()? >= at_least).then_some(())
        })
        .await;
    }
    let level = anna.by_role("meter", "Microphone level");
    anna.expect("the level moves when the microphone beeps", async || {
        (level.ask_now("return arguments[0].value;").await?.as_f64()? > 0.0).then_some(())
    })
    .await;
    assert_eq!(anna.counts().await.peers_made, 0, "nothing is sent from before the door");

    // What is off in the lobby is off in the room, and stays off the next time.
    anna.button("Turn camera off").click().await;
    anna.video("You").is_gone().await;
    anna.button("Mute microphone").click().await;
    anna.button("Unmute microphone").is_there().await;
    anna.reload().await;
    anna.button("Turn camera on").is_there().await;
    anna.button("Unmute microphone").is_there().await;
    assert_eq!(anna.counts().await.tracks_live, 0);
    tokio::join!(anna.goes_in_as("Anna"), bob.goes_in_as("Bob"));
    anna.decodes(&["Bob"]).await;
    bob.no_longer_sees("Anna").await;
    anna.button("Turn camera on").click().await;
    anna.button("Unmute microphone").click().await;
    everyone_sees_everyone(&[&anna, &bob]).await;
    bob.hears_from("Anna").await;
}

#[tokio::test]
async fn without_permission_one_goes_in_all_the_same() {
    let server = Server::start(&[]).await;
    let (anna, bob) = tokio::join!(before(&server, Devices::Denied), before(&server, Devices::CameraDenied));
    anna.says(&["the microphone isn’t allowed"]).await;
    for page in [&anna, &bob] {
        page.says(&["the camera isn’t allowed"]).await;
        page.says(&["your camera is off"]).await;
    }
    tokio::join!(anna.goes_in_as("Anna"), bob.goes_in_as("Bob"));
    anna.hears().await;
    anna.sends("I can still write").await;
    bob.reads("I can still write").await;
    bob.sends("and I can talk").await;
    anna.reads("and I can talk").await;
}

#[tokio::test]
async fn a_guest_who_has_left_still_has_the_conversation() {
    let server = Server::start(&[]).await;
    let (anna, bob) = tokio::join!(before(&server, Devices::None), before(&server, Devices::None));
    tokio::join!(anna.goes_in_as("Anna"), bob.goes_in_as("Bob"));
    anna.sends("to be kept").await;
    bob.reads("to be kept").await;
    bob.log("Conversation").contains("guest").await;
    bob.leaves().await;
    bob.log("Conversation").contains("to be kept").await;
    bob.button("Save conversation").is_there().await;
    bob.goes_in().await;
    anna.sends("here again").await;
    bob.reads("here again").await;
}

#[tokio::test]
async fn back_leads_home_and_lets_go_of_everything() {
    let server = Server::start(&[]).await;
    let page = before(&server, Devices::Fake).await;
    page.shows_live_picture("You").await;
    page.button("Back").click().await;
    page.button("Sign in").is_there().await;
    page.holds_nothing_of_a_call().await;
    assert_eq!(page.address().await, format!("{}/", server.url()));
}
