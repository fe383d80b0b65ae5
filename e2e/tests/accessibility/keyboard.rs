//! A call without a mouse.

use tincan_e2e::{Key, Page, Server, open_two};

/// Presses Tab until what has the focus has this name, and presses `key` there.
async fn tab_to(page: &Page, name: &str, key: Key) {
    for _ in 0..30 {
        if page.focused_name().await == name {
            page.press(key).await;
            return;
        }
        page.press(Key::Tab).await;
    }
    panic!("{name:?} can't be reached by the Tab key; the focus ended on {:?}", page.focused_name().await);
}

#[tokio::test]
async fn a_text_chat_from_signing_in_to_hanging_up() {
    let server = Server::start(&[]).await;
    let (anna, bob) = open_two(&server, Default::default(), Default::default()).await;
    bob.sign_in("Bob").await;
    anna.textbox("Your name").fill("Anna").await;
    anna.textbox("Your name").press(Key::Enter).await;
    anna.textbox("Name to call").fill("Bob").await;
    tab_to(&anna, "Text chat", Key::Enter).await;
    bob.is_rung_by("Anna").await;
    tab_to(&bob, "Accept", Key::Space).await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    anna.textbox("Message").fill("no mouse here").await;
    anna.textbox("Message").press(Key::Enter).await;
    bob.reads("no mouse here").await;
    tab_to(&bob, "Hang up", Key::Enter).await;
    anna.status_says(&["Bob hung up"]).await;
}

/// Somebody who is typing must not take a call by accident.
#[tokio::test]
async fn a_ring_takes_no_key_that_was_meant_for_something_else() {
    let server = Server::start(&[]).await;
    let (anna, bob) = open_two(&server, Default::default(), Default::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    bob.textbox("Name to call").fill("Caro").await;
    anna.calls("Bob", "Video call").await;
    bob.is_rung_by("Anna").await;
    bob.press(Key::Space).await;
    bob.press(Key::Enter).await;
    bob.is_rung_by("Anna").await;
    assert_eq!(bob.counts().await.tracks_live, 0);
    assert!(!bob.button("Hang up").is_there_now().await);
}
