//! A person is in a call or in a room, never in both.

use tincan_e2e::{Devices, Options, Page, Server, meet};

#[tokio::test]
async fn who_is_in_a_room_is_busy_and_nobody_outside_finds_its_guests() {
    let server = Server::start(&[]).await;
    let without_devices = Options { devices: Devices::None, ..Options::default() };
    let ([bob], anna, carol) = tokio::join!(
        meet(&server, "calls", ["Bob"]),
        Page::open(&server),
        Page::open_with(&server, without_devices)
    );
    tokio::join!(anna.sign_in("Anna"), carol.sign_in("Carol"));
    anna.textbox("Room name").fill("calls").await;
    anna.button("Start a room").click().await;
    anna.goes_in().await;
    tokio::join!(anna.decodes(&["Bob"]), bob.decodes(&["Anna"]));

    carol.calls("Anna", "Video call").await;
    carol.status_says(&["Anna is busy"]).await;
    anna.status_says(&["Carol tried to call you"]).await;
    assert!(!anna.dialog("Incoming call from Carol").is_there_now().await);
    carol.calls("Bob", "Text chat").await;
    carol.status_says(&["Bob is not here"]).await;
    carol.calls("Bob 2", "Text chat").await;
    carol.status_says(&["Bob 2 is not here"]).await;
    // Anna and Bob notice nothing of it, except for the note.
    assert!(!bob.dialog("Incoming call from Carol").is_there_now().await);
    tokio::join!(anna.decodes(&["Bob"]), bob.decodes(&["Anna"]));
    anna.button("Dismiss").click().await;
    anna.button("Dismiss").is_gone().await;

    // Out of the room, Anna can be called again.
    anna.button("Leave").click().await;
    anna.is_home().await;
    bob.reads("Anna left.").await;
    carol.calls("Anna", "Text chat").await;
    anna.answers("Carol", "Accept").await;
    tokio::join!(anna.is_in_a_call(), carol.is_in_a_call());
}
