//! Everything works below a path: what the page loads at first and later, its worker, its WebSocket and its
//! links.

use tincan_e2e::{HttpProxy, Options, ProxyFault, Server, call, open_two};

/// Two people write, one sends a file, and makes a room, at this address.
async fn talk_at(server: &Server, address: &str, redirected: &str) {
    let at = |address: &str| Options { address: Some(address.to_owned()), ..Options::default() };
    let (anna, bob) = open_two(server, at(redirected), at(address)).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    assert_eq!(anna.address().await, address);
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.sends("below a path").await;
    bob.reads("below a path").await;
    let hash = anna.offers_file("some.bin", 100_000).await;
    bob.accepts_file().await;
    assert_eq!(bob.stored_files().await, [hash]);

    bob.button("Hang up").click().await;
    bob.is_home().await;
    bob.visit(address).await;
    bob.is_home().await;
    bob.button("Start a room").click().await;
    bob.textbox("Room link").is_there().await;
    assert!(bob.address().await.starts_with(&format!("{address}r/")));
    bob.button("Back").click().await;
    bob.textbox("Name to call").is_there().await;
    assert_eq!(bob.address().await, address);

    let link = format!("{address}r/team");
    anna.visit(&link).await;
    assert_eq!(anna.textbox("Room link").value().await, link);
    anna.goes_in_as("Anna").await;
}

#[tokio::test]
async fn below_a_path_that_a_proxy_passes_on() {
    let server = Server::start(&["--base-path", "/call/"]).await;
    let address = format!("{}/call/", server.url());
    talk_at(&server, &address, address.trim_end_matches('/')).await;
}

#[tokio::test]
async fn below_a_path_that_a_proxy_takes_away() {
    let server = Server::start(&[]).await;
    let proxy = HttpProxy::to(&server, ProxyFault::TakesPathAway).await;
    let address = format!("{}/call/", proxy.url());
    talk_at(&server, &address, &address).await;
}
