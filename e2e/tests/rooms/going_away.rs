//! A room that loses somebody, or the server.

use std::time::Duration;

use tincan_e2e::{Options, Page, Server, TcpProxy, everyone_sees_everyone, meet, room_address};

/// The server gives up somebody who vanishes without a word after a grace of 20 s.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(75);

#[tokio::test]
async fn the_others_go_on_without_one_who_crashed() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "crash", ["Anna", "Bob", "Cleo"]).await;
    everyone_sees_everyone(&[&anna, &bob, &cleo]).await;
    tokio::join!(anna.watch_pictures("Bob"), bob.watch_pictures("Anna"));
    cleo.kill_browser();
    for page in [&anna, &bob] {
        page.expect_within(GIVEN_UP_AFTER, "it is said that Cleo is gone", async || {
            page.log("Conversation").text().await.contains("Cleo left.").then_some(())
        })
        .await;
        page.people_are(&["Anna", "Bob"]).await;
        page.video("Cleo").is_gone().await;
    }
    for (page, other) in [(&anna, "Bob"), (&bob, "Anna")] {
        page.never_froze(other).await;
        assert_eq!(page.counts().await.peers_open, 1);
    }
    anna.sends("just the two of us").await;
    bob.reads("just the two of us").await;
}

#[tokio::test]
async fn a_link_to_the_server_that_breaks_for_a_while_goes_unnoticed_by_the_others() {
    let server = Server::start_alone(&[]).await;
    let proxy = TcpProxy::to(&server).await;
    let by_proxy = Options { address: Some(format!("{}/r/wire", proxy.url())), ..Options::default() };
    let (guests, anna) =
        tokio::join!(meet(&server, "wire", ["Bob", "Cleo"]), Page::open_with(&server, by_proxy));
    let [bob, cleo] = guests;
    anna.goes_in_as("Anna").await;
    let all = [&anna, &bob, &cleo];
    everyone_sees_everyone(&all).await;
    tokio::join!(anna.watch_pictures("Bob"), bob.watch_pictures("Anna"), cleo.watch_pictures("Anna"));
    proxy.cut();
    anna.status_says(&["connection to the server lost"]).await;
    anna.sends("no server between us").await;
    cleo.reads("no server between us").await;
    proxy.mend();
    anna.expect("the server is back", async || {
        let text = anna.run("return document.body.innerText;", vec![]).await;
        (!text.as_str()?.contains("Connection to the server lost")).then_some(())
    })
    .await;
    for (page, other) in [(&anna, "Bob"), (&bob, "Anna"), (&cleo, "Anna")] {
        page.never_froze(other).await;
    }
    // What needs the server works again: a renegotiation, and hearing of who comes and goes.
    anna.button("Turn camera off").click().await;
    bob.no_longer_sees("Anna").await;
    anna.button("Turn camera on").click().await;
    everyone_sees_everyone(&all).await;
    for page in [&bob, &cleo] {
        let heard = page.log("Conversation").text().await;
        assert!(!heard.contains("Anna left"), "{heard}");
        assert_eq!(heard.matches("Anna joined").count(), 1, "{heard}");
        assert_eq!(page.counts().await.peers_made, 2, "the connections were never made anew");
    }
    cleo.leaves().await;
    anna.reads("Cleo left.").await;
    assert_eq!(cleo.address().await, room_address(&server, "wire"));
}
