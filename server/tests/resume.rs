//! Resuming over a new TCP connection.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use futures_util::StreamExt;
use serde_json::{Value, json};
use support::{Client, Running, start};
use tincan_server::Config;
use tincan_server::hub::Limits;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

async fn login(server: &Running, name: &str, resume: Value, received: u64) -> (Client, Value) {
    let mut client = server.client().await;
    client.say(json!({"type": "login", "name": name, "resume": resume, "received": received})).await;
    let answer = client.hear().await;
    (client, answer)
}

fn candidate(seq: u64) -> Value {
    json!({"type": "candidate", "name": "Bob", "candidate": {"n": seq}, "seq": seq})
}

#[tokio::test]
async fn a_dropped_connection_loses_no_frame_either_way() {
    let server = start(Config::default()).await;
    let (mut anna, answer) = login(&server, "Anna", json!(true), 0).await;
    let token = answer["resume"].clone();
    assert_eq!(token.as_str().map(str::len), Some(32));
    let mut bob = server.signed_in("Bob").await;
    bob.say(json!({"type": "offer", "name": "Anna", "offer": {}, "call": "c1"})).await;
    assert_eq!(anna.hear().await["seq"], 1);
    assert_eq!(bob.hear().await["type"], "ringing");
    anna.say(candidate(1)).await;
    assert_eq!(bob.hear().await["candidate"]["n"], 1);

    drop(anna); // No close frame: the link is gone.
    bob.say(json!({"type": "candidate", "name": "Anna", "candidate": null, "call": "c1"})).await;
    bob.hears_nothing().await;
    let (mut anna, answer) = login(&server, "Anna", token.clone(), 0).await;
    assert_eq!(
        (&answer["resumed"], &answer["received"], &answer["resume"]),
        (&json!(true), &json!(1), &token)
    );
    assert_eq!((&anna.hear().await["type"], 1), (&json!("offer"), 1), "it was not acknowledged");
    assert_eq!(anna.hear().await["seq"], 2);
    anna.say(candidate(1)).await;
    anna.say(candidate(2)).await;
    assert_eq!(bob.hear().await["candidate"]["n"], 2, "each once");

    // A connection that only looks alive to the server is replaced.
    let (mut again, answer) = login(&server, "anna", token, 2).await;
    assert_eq!(answer["resumed"], true);
    assert_eq!(anna.hear().await["code"], "replaced");
    assert_eq!(anna.hear_close().await, 1008);
    again.hears_nothing().await;
    server.stop().await;
}

#[tokio::test]
async fn the_grace_ends_by_itself() {
    let limits = Limits { grace_ms: 50, ..Limits::default() };
    let server = start(Config { limits, ..Config::default() }).await;
    let (mut anna, _) = login(&server, "Anna", json!(true), 0).await;
    let mut bob = server.signed_in("Bob").await;
    anna.say(json!({"type": "offer", "name": "Bob", "offer": {}, "call": "c1", "seq": 1})).await;
    assert_eq!(bob.hear().await["type"], "offer");
    drop(anna);
    let heard = bob.hear().await;
    assert_eq!(
        (&heard["type"], &heard["reason"], &heard["call"]),
        (&json!("leave"), &json!("lost"), &json!("c1"))
    );
    server.signed_in("Anna").await;
    server.stop().await;
}

#[tokio::test]
async fn a_clean_close_is_a_goodbye() {
    let server = start(Config::default()).await;
    let (mut anna, _) = login(&server, "Anna", json!(true), 0).await;
    let mut bob = server.signed_in("Bob").await;
    anna.say(json!({"type": "offer", "name": "Bob", "offer": {}, "seq": 1})).await;
    assert_eq!(bob.hear().await["type"], "offer");
    anna.socket.close(None).await.unwrap();
    assert_eq!(bob.hear().await["reason"], "hangup");
    server.signed_in("Anna").await;
    server.stop().await;
}

#[tokio::test]
async fn a_close_that_promises_to_come_back_is_none() {
    let server = start(Config::default()).await;
    let (mut anna, answer) = login(&server, "Anna", json!(true), 0).await;
    let mut bob = server.signed_in("Bob").await;
    anna.say(json!({"type": "offer", "name": "Bob", "offer": {}, "seq": 1})).await;
    assert_eq!(bob.hear().await["type"], "offer");
    let frame = CloseFrame { code: tincan_shared::CLOSE_TO_RESUME.into(), reason: "".into() };
    anna.socket.close(Some(frame)).await.unwrap();
    assert!(anna.socket.next().await.is_none_or(|next| next.is_ok()));
    let (_anna, answer) = login(&server, "Anna", answer["resume"].clone(), 0).await;
    assert_eq!((&answer["resumed"], &answer["received"]), (&json!(true), &json!(1)));
    bob.hears_nothing().await;
    server.stop().await;
}
