//! Coming back to a tab.

use tincan_e2e::{Options, Page, Server, TcpProxy, call, sign_in_two};

/// The page goes into the browser's back/forward cache and comes back from it. Whether a browser does so with
/// this page is its own business, so the events come from the test.
const LEFT: &str = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));";
const BACK: &str = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));";

#[tokio::test]
async fn who_was_signed_in_is_so_again() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    bob.run(LEFT, vec![]).await;
    bob.textbox("Your name").is_there().await;
    bob.run(BACK, vec![]).await;
    bob.is_home().await;
    call(&anna, &bob, "Text chat", "Accept").await;
}

#[tokio::test]
async fn who_was_in_a_room_is_there_again() {
    let server = Server::start(&[]).await;
    let guest = Page::before_room(&server, "den").await;
    guest.goes_in_as("Guest").await;
    let anna = Page::open(&server).await;
    anna.sign_in("Anna").await;
    anna.textbox("Room name").fill("den").await;
    anna.button("Start a room").click().await;
    anna.goes_in().await;
    guest.people_are(&["Anna", "Guest"]).await;
    for (page, other) in [(&guest, &anna), (&anna, &guest)] {
        page.run(LEFT, vec![]).await;
        other.people_are(&[&other.name()]).await;
        page.run(BACK, vec![]).await;
        page.is_in_the_room().await;
        other.people_are(&["Anna", "Guest"]).await;
    }
}

/// As when a cable is plugged in again: the next attempt doesn't wait for its time.
#[tokio::test]
async fn a_page_that_is_online_again_is_back_at_once() {
    let server = Server::start(&[]).await;
    let proxy = TcpProxy::to(&server).await;
    let page = Page::open_with(&server, Options { address: Some(proxy.url()), ..Options::default() }).await;
    page.sign_in("Anna").await;
    // Whatever waits, waits for ever: for nothing but the event.
    page.run(
        "const native = setTimeout; window.setTimeout = (f, ms) => native(f, ms > 50 ? 1e9 : ms);",
        vec![],
    )
    .await;
    proxy.cut();
    page.status_says(&["connection to the server lost", "server can’t be reached"]).await;
    proxy.mend();
    page.expect("the server is back", async || {
        // One that comes during an attempt changes nothing.
        page.run("dispatchEvent(new Event('online'));", vec![]).await;
        let text = page.run("return document.body.innerText;", vec![]).await;
        (!text.as_str()?.contains("Trying again")).then_some(())
    })
    .await;
}
