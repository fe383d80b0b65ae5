//! Calling somebody by name, and every way in which that ends without a call.

use std::time::Duration;

use tincan_e2e::{Devices, Options, Page, Server, call, sign_in_two};

/// How long a call rings, with some time added for slow machines.
const RINGS_FOR: Duration = Duration::from_secs(45 + 15);

async fn both_can_call_again(anna: &Page, bob: &Page) {
    tokio::join!(anna.is_home(), bob.is_home());
    bob.calls("Anna", "Text chat").await;
    anna.answers("Bob", "Accept").await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    bob.sends("here we are again").await;
    anna.reads("here we are again").await;
}

#[tokio::test]
async fn by_text() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
    bob.sends("hello Anna").await;
    anna.reads("hello Anna").await;
    for page in [&anna, &bob] {
        assert_eq!(page.counts().await.tracks_live, 0, "a text chat needs no camera and no microphone");
    }
}

#[tokio::test]
async fn by_voice() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Voice call", "Accept").await;
    tokio::join!(anna.hears(), bob.hears());
    for page in [&anna, &bob] {
        assert_eq!(page.counts().await.tracks_live, 1, "a voice call uses the microphone alone");
    }
}

#[tokio::test]
async fn by_video() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    tokio::join!(anna.hears(), bob.hears());
}

#[tokio::test]
async fn the_caller_sees_that_it_rings_and_nobody_is_filmed_before_accepting() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Video call").await;
    bob.is_rung_by("Anna").await;
    anna.says(&["ringing"]).await;
    anna.button("Cancel").is_there().await;
    bob.button("Accept without camera").is_there().await;
    assert_eq!(bob.counts().await.tracks_live, 0, "a ring must not turn anything on");
}

#[tokio::test]
async fn what_is_typed_stays_while_it_rings() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    bob.textbox("Name to call").fill("Car").await;
    anna.calls("Bob", "Text chat").await;
    bob.dialog("Incoming call from Anna").is_there().await;
    bob.textbox("Name to call").type_more("ol").await;
    bob.answers("Anna", "Decline").await;
    bob.dialog("Incoming call from Anna").is_gone().await;
    assert_eq!(bob.textbox("Name to call").value().await, "Carol");
}

#[tokio::test]
async fn a_ring_takes_the_keyboard_from_whoever_types_nothing() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Text chat").await;
    bob.dialog("Incoming call from Anna").is_there().await;
    bob.expect("the dialog has the focus", async || {
        (bob.focused_name().await == "Incoming call from Anna").then_some(())
    })
    .await;
    anna.button("Cancel").click().await;
    bob.dialog("Incoming call from Anna").is_gone().await;
    bob.expect("the box has the focus", async || (bob.focused_name().await == "Name to call").then_some(()))
        .await;
}

#[tokio::test]
async fn accepted_without_camera() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept without camera").await;
    bob.sees("Anna").await;
    anna.hears().await;
    anna.no_longer_sees("Bob").await;
    bob.button("Turn camera on").click().await;
    anna.sees("Bob").await;
}

#[tokio::test]
async fn declined() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Voice call").await;
    bob.answers("Anna", "Decline").await;
    anna.status_says(&["Bob declined"]).await;
    bob.status_says(&["you declined"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    both_can_call_again(&anna, &bob).await;
}

#[tokio::test]
async fn cancelled() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Video call").await;
    bob.is_rung_by("Anna").await;
    anna.button("Cancel").click().await;
    bob.dialog("Incoming call from Anna").is_gone().await;
    bob.status_says(&["cancelled"]).await;
    anna.status_says(&["cancelled"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    both_can_call_again(&anna, &bob).await;
}

#[tokio::test]
async fn cancelled_at_once() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Video call").await;
    anna.button("Cancel").click().await;
    anna.is_home().await;
    anna.holds_nothing_of_a_call().await;
    bob.dialog("Incoming call from Anna").is_gone().await;
    both_can_call_again(&anna, &bob).await;
}

#[tokio::test]
async fn busy_in_another_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let carol = Page::open_with(&server, Options { devices: Devices::None, ..Options::default() }).await;
    carol.sign_in("Carol").await;
    call(&anna, &bob, "Text chat", "Accept").await;
    carol.calls("Bob", "Text chat").await;
    carol.status_says(&["busy"]).await;
    carol.is_home().await;
    assert!(!bob.dialog("Incoming call from Carol").is_there_now().await);
    // Anna and Bob notice nothing of it.
    anna.sends("still there?").await;
    bob.reads("still there?").await;
}

#[tokio::test]
async fn busy_while_another_call_rings() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let carol = Page::open(&server).await;
    carol.sign_in("Carol").await;
    anna.calls("Bob", "Text chat").await;
    bob.is_rung_by("Anna").await;
    carol.calls("Bob", "Text chat").await;
    carol.status_says(&["busy"]).await;
    carol.calls("Anna", "Text chat").await;
    carol.status_says(&["Anna is busy"]).await;
    bob.button("Accept").click().await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
}

#[tokio::test]
async fn nobody_of_that_name() {
    let server = Server::start(&[]).await;
    let anna = Page::open(&server).await;
    anna.sign_in("Anna").await;
    anna.calls("Nobody", "Video call").await;
    anna.status_says(&["Nobody is not here"]).await;
    anna.is_home().await;
    anna.holds_nothing_of_a_call().await;
}

#[tokio::test]
async fn oneself() {
    let server = Server::start(&[]).await;
    let anna = Page::open(&server).await;
    anna.sign_in("Anna").await;
    for own in ["Anna", " anna "] {
        anna.calls(own, "Text chat").await;
        anna.status_says(&["your own name"]).await;
        anna.is_home().await;
    }
    anna.holds_nothing_of_a_call().await;
}

#[tokio::test]
async fn no_name_at_all() {
    let server = Server::start(&[]).await;
    let anna = Page::open(&server).await;
    anna.sign_in("Anna").await;
    anna.button("Text chat").click().await;
    anna.says(&["type the name of the person"]).await;
}

#[tokio::test]
async fn not_answered() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Video call").await;
    bob.is_rung_by("Anna").await;
    server.waits(anna.status_says_within(RINGS_FOR, &["did not answer"])).await;
    bob.status_says(&["missed a call from Anna"]).await;
    bob.dialog("Incoming call from Anna").is_gone().await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    both_can_call_again(&anna, &bob).await;
}
