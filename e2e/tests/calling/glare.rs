//! Two people call each other at once: it becomes one call, and nobody rings.

use tincan_e2e::{Options, Page, Server, TcpProxy, open_two};

/// Signs in Anna and Bob through proxies of their own. Each calls the other by a button before either hears
/// of it.
async fn call_each_other_at_once(server: &Server, annas_button: &str, bobs_button: &str) -> (Page, Page) {
    let (annas_proxy, bobs_proxy) = tokio::join!(TcpProxy::to(server), TcpProxy::to(server));
    let by = |proxy: &TcpProxy| Options { address: Some(proxy.url()), ..Options::default() };
    let (anna, bob) = open_two(server, by(&annas_proxy), by(&bobs_proxy)).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    annas_proxy.hold();
    bobs_proxy.hold();
    tokio::join!(anna.calls("Bob", annas_button), bob.calls("Anna", bobs_button));
    for page in [&anna, &bob] {
        page.button("Cancel").is_there().await;
        page.expect("the offer is made", async || (page.counts().await.peers_made == 1).then_some(())).await;
    }
    annas_proxy.mend();
    bobs_proxy.mend();
    // Neither rings, since both wanted the call.
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
    (anna, bob)
}

#[tokio::test]
async fn both_at_once_is_one_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = call_each_other_at_once(&server, "Video call", "Video call").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    for page in [&anna, &bob] {
        assert_eq!(page.counts().await.peers_open, 1, "one call, one connection");
    }
    anna.sends("me first").await;
    bob.reads("me first").await;
    bob.button("Hang up").click().await;
    anna.status_says(&["Bob hung up"]).await;
    tokio::join!(anna.holds_nothing_of_a_call(), bob.holds_nothing_of_a_call());
}

#[tokio::test]
async fn a_text_chat_and_a_video_call_at_once_is_one_call() {
    let server = Server::start(&[]).await;
    let (anna, bob) = call_each_other_at_once(&server, "Text chat", "Video call").await;
    anna.sees("Bob").await;
    bob.sends("you too?").await;
    anna.reads("you too?").await;
}
