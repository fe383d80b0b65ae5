//! Clients that speak only the classic tutorial's protocol: among each other, and with our page.

use serde_json::{Value, json};
use tincan_e2e::{Options, Page, Server, TutorialClient, TutorialPage, open_two};

/// An offer as browsers made it when the tutorials were written.
const OFFER: &str = include_str!("tutorial_offer.sdp");

fn offer_to(name: &str) -> Value {
    json!({ "type": "offer", "name": name, "offer": { "type": "offer", "sdp": OFFER } })
}

#[tokio::test]
async fn two_tutorial_clients_make_a_call() {
    let server = Server::start(&[]).await;
    let mut anna = TutorialClient::log_in(&server, "anna").await;
    let mut bob = TutorialClient::log_in(&server, "bob").await;

    let offer = json!({ "type": "offer", "sdp": "v=0\r\n" });
    anna.send(json!({ "type": "offer", "name": "bob", "offer": offer })).await;
    let got = bob.receive("offer").await;
    assert_eq!((&got["offer"], &got["name"]), (&offer, &json!("anna")));

    let answer = json!({ "type": "answer", "sdp": "v=0\r\n" });
    bob.send(json!({ "type": "answer", "name": "anna", "answer": answer })).await;
    assert_eq!(anna.receive("answer").await["answer"], answer);

    let candidate =
        json!({ "candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0 });
    anna.send(json!({ "type": "candidate", "name": "bob", "candidate": candidate })).await;
    assert_eq!(bob.receive("candidate").await["candidate"], candidate);

    bob.send(json!({ "type": "leave", "name": "anna" })).await;
    anna.receive("leave").await;
}

#[tokio::test]
async fn a_name_in_use_and_an_unknown_command() {
    let server = Server::start(&[]).await;
    let _anna = TutorialClient::log_in(&server, "anna").await;
    let mut second = TutorialClient::connect(&server).await;
    second.send(json!({ "type": "login", "name": "anna" })).await;
    assert_eq!(second.receive("login").await["success"], false);
    second.send(json!({ "type": "login", "name": "bob" })).await;
    assert_eq!(second.receive("login").await["success"], true);
    second.send(json!({ "type": "dance" })).await;
    assert_eq!(second.receive("error").await["message"], "Command not found: dance");
}

#[tokio::test]
async fn the_other_side_is_told_when_one_drops() {
    let server = Server::start(&[]).await;
    let mut anna = TutorialClient::log_in(&server, "anna").await;
    let mut bob = TutorialClient::log_in(&server, "bob").await;
    anna.send(offer_to("bob")).await;
    bob.receive("offer").await;
    bob.send(json!({ "type": "answer", "name": "anna", "answer": { "type": "answer", "sdp": "v=0\r\n" } }))
        .await;
    anna.receive("answer").await;
    bob.drop_connection();
    anna.receive("leave").await;
}

#[tokio::test]
async fn a_name_is_taken_for_tutorial_clients_and_pages_alike() {
    let server = Server::start(&[]).await;
    let _client = TutorialClient::log_in(&server, "Tutor").await;
    let page = Page::open(&server).await;
    page.try_to_sign_in("tutor").await;
    page.alert_says(&["already uses"]).await;
}

#[tokio::test]
async fn our_page_declines_a_tutorial_client() {
    let server = Server::start(&[]).await;
    let page = Page::open(&server).await;
    page.sign_in("Anna").await;
    let mut tutor = TutorialClient::log_in(&server, "Tutor").await;
    tutor.send(offer_to("Anna")).await;
    page.answers("Tutor", "Decline").await;
    tutor.receive("leave").await;
    page.is_home().await;
    page.holds_nothing_of_a_call().await;
}

#[tokio::test]
async fn a_tutorial_client_that_drops_stops_ringing() {
    let server = Server::start(&[]).await;
    let page = Page::open(&server).await;
    page.sign_in("Anna").await;
    let mut tutor = TutorialClient::log_in(&server, "Tutor").await;
    tutor.send(offer_to("Anna")).await;
    page.is_rung_by("Tutor").await;
    tutor.drop_connection();
    page.dialog("Incoming call from Tutor").is_gone().await;
    page.is_home().await;
}

#[tokio::test]
async fn our_page_calls_a_tutorial_client_that_leaves() {
    let server = Server::start(&[]).await;
    let page = Page::open(&server).await;
    page.sign_in("Anna").await;
    let mut tutor = TutorialClient::log_in(&server, "Tutor").await;
    page.calls("Tutor", "Video call").await;
    let offer = tutor.receive("offer").await;
    assert_eq!((&offer["name"], &offer["offer"]["type"]), (&json!("Anna"), &json!("offer")));
    assert!(offer["offer"]["sdp"].as_str().is_some_and(|sdp| sdp.starts_with("v=0")), "{offer}");
    tutor.send(json!({ "type": "leave", "name": "Anna" })).await;
    page.status_says(&["Tutor hung up", "Tutor declined", "Tutor"]).await;
    page.is_home().await;
    page.holds_nothing_of_a_call().await;
}

#[tokio::test]
async fn a_tutorial_page_calls_ours_by_video() {
    let server = Server::start(&[]).await;
    let (tutor, page) = tokio::join!(TutorialPage::log_in(&server, "Tutor"), Page::open(&server));
    page.sign_in("Anna").await;
    tutor.call("Anna").await;
    page.answers("Tutor", "Accept").await;
    page.is_in_a_call().await;
    tokio::join!(page.sees("Tutor"), tutor.sees_the_other_side());
    tutor.leave().await;
    page.status_says(&["Tutor hung up"]).await;
    page.holds_nothing_of_a_call().await;
}

#[tokio::test]
async fn our_page_calls_a_tutorial_page_by_video() {
    let server = Server::start(&[]).await;
    let (tutor, page) = tokio::join!(TutorialPage::log_in(&server, "Tutor"), Page::open(&server));
    page.sign_in("Anna").await;
    page.calls("Tutor", "Video call").await;
    page.is_in_a_call().await;
    tokio::join!(page.sees("Tutor"), tutor.sees_the_other_side());
    page.button("Hang up").click().await;
    tutor.is_told("leave").await;
    page.holds_nothing_of_a_call().await;
}

#[tokio::test]
async fn a_call_among_pages_is_none_of_a_strangers_business() {
    let server = Server::start(&[]).await;
    let (anna, bob) = open_two(&server, Options::default(), Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    tincan_e2e::call(&anna, &bob, "Text chat", "Accept").await;
    let mut stranger = TutorialClient::log_in(&server, "Mallory").await;
    stranger.send(json!({ "type": "leave", "name": "Anna" })).await;
    stranger
        .send(json!({ "type": "answer", "name": "Anna", "answer": { "type": "answer", "sdp": "v=0\r\n" } }))
        .await;
    stranger.send(json!({ "type": "candidate", "name": "Anna", "candidate": null })).await;
    stranger.send(offer_to("Anna")).await;
    // Anna is busy: the stranger's offer is refused, and the call goes on.
    stranger.receive("leave").await;
    anna.sends("undisturbed").await;
    bob.reads("undisturbed").await;
}
