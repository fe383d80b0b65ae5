//! A client of the classic tutorial protocol, byte for byte as it speaks, on `/`.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use serde_json::{Value, json};
use support::{Client, start};
use tincan_server::Config;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_whole_call() {
    let server = start(Config::default()).await;
    let mut anna = Client::connect(server.port, "/").await;
    let mut bob = Client::connect(server.port, "/").await;
    for (client, name) in [(&mut anna, "Anna"), (&mut bob, "Bob")] {
        client.send(Message::text(format!(r#"{{"type":"login","name":"{name}"}}"#))).await;
        let answer = client.hear().await;
        assert_eq!((&answer["type"], &answer["success"]), (&json!("login"), &json!(true)));
    }
    let mut other = Client::connect(server.port, "/").await;
    other.say(json!({"type": "login", "name": "Anna"})).await;
    assert_eq!(other.hear().await["success"], false, "a name in use");

    let offer = json!({"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"});
    anna.say(json!({"type": "offer", "offer": offer, "name": "Bob"})).await;
    assert_eq!(bob.hear().await, json!({"type": "offer", "offer": offer, "name": "Anna"}));
    let answer = json!({"type": "answer", "sdp": "v=0\r\n"});
    bob.say(json!({"type": "answer", "answer": answer, "name": "Anna"})).await;
    let heard = anna.hear().await;
    assert_eq!((&heard["type"], &heard["answer"]), (&json!("answer"), &answer));
    let candidate =
        json!({"candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0});
    for sent in [candidate, Value::Null] {
        bob.say(json!({"type": "candidate", "candidate": sent, "name": "Anna"})).await;
        let heard = anna.hear().await;
        assert_eq!((&heard["type"], &heard["candidate"]), (&json!("candidate"), &sent));
    }
    anna.say(json!({"type": "dance"})).await;
    let heard = anna.hear().await;
    assert_eq!((&heard["type"], &heard["message"]), (&json!("error"), &json!("Command not found: dance")));
    anna.say(json!({"type": "leave", "name": "Bob"})).await;
    assert_eq!(bob.hear().await["type"], "leave");
    server.stop().await;
}

#[tokio::test]
async fn the_peer_of_one_who_drops_is_told_and_the_name_is_free() {
    let server = start(Config::default()).await;
    let mut anna = server.signed_in("Anna").await;
    let mut bob = server.signed_in("Bob").await;
    anna.say(json!({"type": "offer", "offer": {}, "name": "Bob"})).await;
    assert_eq!(bob.hear().await["type"], "offer");
    drop(anna);
    let heard = bob.hear().await;
    assert_eq!((&heard["type"], &heard["reason"]), (&json!("leave"), &json!("lost")));
    server.signed_in("Anna").await;
    server.stop().await;
}
