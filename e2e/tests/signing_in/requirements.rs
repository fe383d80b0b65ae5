//! What the page says where it lacks a secure context or WebRTC.

use tincan_e2e::{Options, Page, Server, call, open_two};

#[tokio::test]
async fn without_a_secure_context_the_page_says_so_and_text_works() {
    let server = Server::start(&[]).await;
    let insecure = Options { address: Some(Page::insecure_address(&server)), ..Options::default() };
    let (anna, bob) = open_two(&server, insecure, Options::default()).await;
    anna.says(&["https://"]).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.sends("only text from here").await;
    bob.reads("only text from here").await;
}

#[tokio::test]
async fn a_browser_without_webrtc_is_told_at_the_start() {
    let server = Server::start(&[]).await;
    let page = Page::open_with(&server, Options { webrtc: false, ..Options::default() }).await;
    page.says(&["WebRTC"]).await;
    page.says(&["Firefox"]).await;
}
