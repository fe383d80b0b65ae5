//! The settings: how devices are used, and push to talk.

use tincan_e2e::{Devices, Element, MediaKind, Options, Page, Server, meet, room_address};

async fn is_on(switch: &Element<'_>) -> bool {
    switch.ask("return arguments[0].checked;").await == true
}

/// Flips a switch of the settings, and waits until the page asks for the microphone with the new constraint.
async fn flip(page: &Page, switch: &str, asked: &str) {
    let switch = page.by_role("checkbox", switch);
    let before = is_on(&switch).await;
    assert_eq!(page.asked_last(MediaKind::Audio).await[asked], before);
    switch.click().await;
    page.expect(&format!("the microphone is asked for with another {asked}"), async || {
        (page.asked_last(MediaKind::Audio).await[asked] == !before).then_some(())
    })
    .await;
    assert_eq!(is_on(&switch).await, !before);
}

#[tokio::test]
async fn switches_change_how_the_microphone_is_asked_for_and_are_remembered() {
    let server = Server::start(&[]).await;
    let [anna, bob] = meet(&server, "switches", ["Anna", "Bob"]).await;
    bob.hears_from("Anna").await;
    anna.button("Settings").click().await;
    anna.dialog("Settings").is_there().await;
    for (switch, asked) in [
        ("Noise suppression", "noiseSuppression"),
        ("Echo cancellation", "echoCancellation"),
        ("Automatic gain", "autoGainControl"),
    ] {
        flip(&anna, switch, asked).await;
        bob.hears_from("Anna").await;
    }
    flip(&anna, "Echo cancellation", "echoCancellation").await;
    let level = anna.by_role("meter", "Microphone level");
    anna.expect("the level moves when the microphone beeps", async || {
        (level.ask_now("return arguments[0].value;").await?.as_f64()? > 0.0).then_some(())
    })
    .await;
    anna.reload().await;
    anna.shows_live_picture("You").await;
    let asked = anna.asked_last(MediaKind::Audio).await;
    assert_eq!(
        (&asked["noiseSuppression"], &asked["echoCancellation"], &asked["autoGainControl"]),
        (&false.into(), &true.into(), &false.into())
    );
}

#[tokio::test]
async fn whoever_talks_while_muted_is_told() {
    let server = Server::start(&[]).await;
    let address = Some(room_address(&server, "muted"));
    let humming = Options { devices: Devices::Humming, address, ..Options::default() };
    let anna = Page::open_with(&server, humming).await;
    anna.goes_in_as("Anna").await;
    anna.button("Mute microphone").click().await;
    anna.button("Unmute microphone").is_there().await;
    anna.status_says(&["You are muted."]).await;
    anna.button("Unmute microphone").click().await;
    anna.expect("the note is gone", async || {
        let text = anna.run("return document.body.innerText;", vec![]).await;
        (!text.as_str()?.contains("You are muted.")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn push_to_talk_is_heard_while_the_key_is_held() {
    let server = Server::start(&[]).await;
    let [anna, bob] = meet(&server, "talk", ["Anna", "Bob"]).await;
    bob.hears_from("Anna").await;
    anna.button("Settings").click().await;
    anna.by_role("checkbox", "Push to talk").click().await;
    anna.button("Close").click().await;
    anna.dialog("Settings").is_gone().await;
    anna.button("Unmute microphone").is_there().await;
    bob.hears_nothing().await;
    // The focus must not be on a button, which the space bar would press.
    anna.log("Conversation").click().await;
    anna.hold(' ').await;
    anna.button("Mute microphone").is_there().await;
    bob.hears_from("Anna").await;
    anna.let_go().await;
    anna.button("Unmute microphone").is_there().await;
    bob.hears_nothing().await;
    // In a field for text, the key is a space.
    anna.textbox("Message").fill("a b").await;
    assert_eq!(anna.textbox("Message").value().await, "a b");
    anna.button("Unmute microphone").is_there().await;
}
