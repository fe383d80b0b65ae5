//! Hanging up and going away: the other side is told, everything is released, and both can call again.

use std::time::Duration;

use tincan_e2e::{Options, Page, Server, TcpProxy, call, open_two, sign_in_two};

/// A side that vanishes without a word is given up after a grace of 20 s, or when the peer connection fails.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(75);

/// What the page may say about somebody who is gone.
const GONE: &[&str] = &["hung up", "closed the page", "connection lost", "lost the connection"];

async fn in_a_video_call(server: &Server) -> (Page, Page) {
    let (anna, bob) = sign_in_two(server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    (anna, bob)
}

/// Connects Anna, through a proxy of her own, and Bob, directly, in a video call.
async fn in_a_video_call_by_proxy(server: &Server) -> (Page, Page, TcpProxy) {
    let proxy = TcpProxy::to(server).await;
    let by_proxy = Options { address: Some(proxy.url()), ..Options::default() };
    let (anna, bob) = open_two(server, by_proxy, Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    (anna, bob, proxy)
}

/// Opens another page, and signs in as Anna once the server has given up waiting for her.
async fn anna_is_free_again(server: &Server) -> Page {
    let anna = Page::open(server).await;
    anna.expect_within(GIVEN_UP_AFTER, "the name can be taken", async || {
        if anna.textbox("Name to call").is_there_now().await {
            return Some(());
        }
        anna.try_to_sign_in("Anna").await;
        None
    })
    .await;
    anna
}

#[tokio::test]
async fn either_side_hangs_up_and_both_can_call_again_at_once() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    anna.button("Hang up").click().await;
    bob.status_says(&["Anna hung up"]).await;
    anna.status_says(&["you hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());

    bob.calls("Anna", "Video call").await;
    anna.answers("Bob", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    anna.button("Hang up").click().await;
    bob.status_says(&["Anna hung up"]).await;
    tokio::join!(anna.is_home(), bob.is_home());
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
}

#[tokio::test]
async fn both_hang_up_at_once() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    let (annas, bobs) = (anna.button("Hang up"), bob.button("Hang up"));
    // The slower click may find the button gone.
    tokio::select! { () = annas.click() => {}, () = bobs.click() => {} }
    tokio::join!(anna.is_home(), bob.is_home());
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn a_closed_tab_is_told_at_once_and_given_up_soon() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    anna.close_tab().await;
    // Nobody knows whether it is loaded anew.
    bob.status_says_within(Duration::from_secs(8), &["Anna has closed the page"]).await;
    bob.status_says_within(Duration::from_secs(25), GONE).await;
    bob.is_home().await;
    bob.holds_nothing_of_a_call().await;
    // Bob can be called again, and the name is free once the server has waited for as long.
    let anna = anna_is_free_again(&server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn a_closed_tab_stops_ringing() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.calls("Bob", "Text chat").await;
    bob.is_rung_by("Anna").await;
    anna.close_tab().await;
    bob.dialog("Incoming call from Anna").is_gone().await;
    bob.is_home().await;
}

#[tokio::test]
async fn a_killed_browser_is_noticed_and_the_name_is_free_again() {
    let server = Server::start(&[]).await;
    let (anna, bob) = in_a_video_call(&server).await;
    anna.kill_browser();
    server.waits(bob.status_says_within(GIVEN_UP_AFTER, GONE)).await;
    bob.is_home().await;
    bob.holds_nothing_of_a_call().await;
    let anna = anna_is_free_again(&server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn a_call_outlives_a_broken_link_to_the_server() {
    let server = Server::start(&[]).await;
    let (anna, bob, proxy) = in_a_video_call_by_proxy(&server).await;
    proxy.cut();
    anna.status_says(&["connection to the server lost"]).await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    anna.sends("no server between us").await;
    bob.reads("no server between us").await;
    proxy.mend();
    anna.expect("the server is back", async || {
        let statuses = anna.run(
            "return [...document.querySelectorAll('[role=status]')].map((e) => e.textContent).join(' ');",
            vec![],
        );
        (!statuses.await.as_str()?.contains("server")).then_some(())
    })
    .await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    // What needs the server works again: a renegotiation.
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
    bob.calls("Anna", "Text chat").await;
    anna.answers("Bob", "Accept").await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
}

#[tokio::test]
async fn a_camera_turned_on_while_the_link_is_broken_is_seen_at_once() {
    let server = Server::start(&[]).await;
    let (anna, bob, proxy) = in_a_video_call_by_proxy(&server).await;
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    proxy.cut();
    anna.status_says(&["connection to the server lost"]).await;
    anna.button("Turn camera on").click().await;
    bob.sees("Anna").await;
    anna.status_says(&["connection to the server lost"]).await;
}

#[tokio::test]
async fn a_call_goes_on_with_somebody_whom_the_server_has_lost() {
    let server = Server::start(&[]).await;
    let (anna, bob, proxy) = in_a_video_call_by_proxy(&server).await;
    tokio::join!(anna.watch_pictures("Bob"), bob.watch_pictures("Anna"));
    proxy.cut();
    bob.status_says_within(GIVEN_UP_AFTER, &["can’t be reached through the server"]).await;
    anna.sends("still here").await;
    bob.reads("still here").await;
    proxy.mend();
    bob.expect("the server has found Anna again", async || {
        let text = bob.run("return document.body.innerText;", vec![]).await;
        (!text.as_str()?.contains("through the server")).then_some(())
    })
    .await;
    for (page, other) in [(&anna, "Bob"), (&bob, "Anna")] {
        page.never_froze(other).await;
        let counts = page.counts().await;
        assert_eq!((counts.peers_made, counts.peers_open), (1, 1));
    }
    anna.button("Hang up").click().await;
    bob.status_says(&["Anna hung up"]).await;
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn a_ring_outlives_a_broken_link_to_the_server() {
    let server = Server::start(&[]).await;
    let proxy = TcpProxy::to(&server).await;
    let by_proxy = Options { address: Some(proxy.url()), ..Options::default() };
    let (anna, bob) = open_two(&server, by_proxy, Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    bob.calls("Anna", "Text chat").await;
    anna.is_rung_by("Bob").await;
    proxy.cut();
    anna.status_says(&["connection to the server lost"]).await;
    proxy.mend();
    anna.button("Accept").click().await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    anna.sends("that was close").await;
    bob.reads("that was close").await;
}

#[tokio::test]
async fn signing_out_frees_the_name() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.button("Sign out").click().await;
    anna.textbox("Your name").is_there().await;
    bob.calls("Anna", "Text chat").await;
    bob.status_says(&["Anna is not here"]).await;
    anna.sign_in("Anna").await;
    call(&anna, &bob, "Text chat", "Accept").await;
}
