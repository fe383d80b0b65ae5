//! Direct calls between Chromium and Firefox.

use tincan_e2e::{Browser, Options, Page, Server, call, open_two};

async fn chromium_and_firefox(server: &Server) -> (Page, Page) {
    let firefox = Options { browser: Browser::Firefox, ..Options::default() };
    let (anna, bob) = open_two(server, Options::default(), firefox).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    (anna, bob)
}

#[tokio::test]
async fn chromium_calls_firefox_by_video() {
    let server = Server::start(&[]).await;
    let (anna, bob) = chromium_and_firefox(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    tokio::join!(anna.hears(), bob.hears());
    anna.sends("from Chromium").await;
    bob.reads("from Chromium").await;
    bob.sends("from Firefox").await;
    anna.reads("from Firefox").await;
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
}

#[tokio::test]
async fn firefox_calls_chromium_and_a_text_chat_becomes_a_video_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = chromium_and_firefox(&server).await;
    bob.calls("Anna", "Text chat").await;
    anna.answers("Bob", "Accept").await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    bob.sends("shall we see each other?").await;
    anna.reads("shall we see each other?").await;
    let (annas, bobs) = (anna.button("Turn camera on"), bob.button("Turn camera on"));
    tokio::join!(annas.click(), bobs.click());
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    anna.sees("Bob").await;
}

#[tokio::test]
async fn long_texts_pass_between_chromium_and_firefox() {
    let server = Server::start(&[]).await;
    let (anna, bob) = chromium_and_firefox(&server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
    let long = "0123456789abcdef".repeat(4096);
    anna.sends(&long).await;
    bob.reads(&long).await;
    bob.sends(&long).await;
    anna.expect("the same text came back", async || {
        (anna.log("Conversation").text().await.matches(&long).count() == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn files_pass_between_chromium_and_firefox() {
    let server = Server::start(&[]).await;
    let (anna, bob) = chromium_and_firefox(&server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.sends("ready?").await;
    bob.reads("ready?").await;
    for (from, to) in [(&anna, &bob), (&bob, &anna)] {
        let hash = from.offers_file("some.bin", 3_000_000).await;
        to.accepts_file().await;
        assert_eq!(to.stored_files().await, [hash]);
        from.says(&["Delivered"]).await;
        from.button("Dismiss").click().await;
        from.button("Dismiss").is_gone().await;
        to.deletes_file().await;
    }
}
