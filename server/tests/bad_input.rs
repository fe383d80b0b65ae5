//! Every kind of bad input, while two others are in a call and notice nothing.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use support::{Client, Running, start};
use tincan_server::Config;
use tincan_server::hub::{Limits, Rate};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;

/// Two users in a call who must not notice anything.
struct Bystanders(Client, Client);

impl Bystanders {
    async fn of(server: &Running) -> Bystanders {
        let (mut one, mut other) = (server.signed_in("Yin").await, server.signed_in("Yang").await);
        one.say(json!({"type": "offer", "offer": {}, "name": "Yang"})).await;
        assert_eq!(other.hear().await["type"], "offer");
        Bystanders(one, other)
    }

    async fn noticed_nothing(mut self) {
        self.0.hears_nothing().await;
        self.1.hears_nothing().await;
        self.1.say(json!({"type": "candidate", "name": "Yin", "candidate": null})).await;
        assert_eq!(self.0.hear().await["type"], "candidate");
    }
}

#[tokio::test]
async fn nonsense_is_answered_and_the_connection_goes_on() {
    let server = start(Config::default()).await;
    let bystanders = Bystanders::of(&server).await;
    let mut client = server.client().await;
    client.say(json!({"type": "offer", "name": "Yin", "offer": {}})).await;
    assert_eq!(client.hear().await["code"], "login-first");
    client.say(json!({"type": "login", "name": "Anna"})).await;
    assert_eq!(client.hear().await["success"], true);
    for (message, code) in [
        (Message::text("hello"), "not-json"),
        (Message::text("[1]"), "not-an-object"),
        (Message::text(r#"{"type":{}}"#), "bad-message"),
        (Message::text(r#"{"type":"offer","name":[],"offer":{}}"#), "bad-message"),
        (Message::text("[".repeat(60_000)), "not-json"),
        (Message::binary(vec![0; 100]), "binary"),
        (Message::text(r#"{"type":"login","name":"Yin"}"#), "already-signed-in"),
        (Message::text(r#"{"type":"candidate","name":"Nobody","candidate":null}"#), "unavailable"),
    ] {
        client.send(message).await;
        assert_eq!(client.hear().await["code"], code);
    }
    client.say(json!({"type": "offer", "name": "Nobody", "offer": {}})).await;
    assert_eq!(client.hear().await["reason"], "unavailable");
    client.hears_nothing().await;
    bystanders.noticed_nothing().await;
    server.stop().await;
}

/// The whole megabyte is on its way before the client reads a byte: without the lingering close it would get
/// a reset instead of the reason.
#[tokio::test]
async fn a_frame_of_a_megabyte_gets_an_error_and_an_orderly_close() {
    let server = start(Config::default()).await;
    let bystanders = Bystanders::of(&server).await;
    for message in [Message::text("x".repeat(1 << 20)), Message::binary(vec![7; 1 << 20])] {
        let mut client = server.signed_in("Anna").await;
        client.send(message).await;
        assert_eq!(client.hear().await["code"], "too-large");
        assert_eq!(client.hear_close().await, 1009);
        assert!(client.next().await.is_none());
    }
    server.signed_in("Anna").await;
    bystanders.noticed_nothing().await;
    server.stop().await;
}

#[tokio::test]
async fn a_flood_is_closed_and_its_name_is_free() {
    let server = start(Config::default()).await;
    let bystanders = Bystanders::of(&server).await;
    let mut client = server.signed_in("Anna").await;
    let limits = Limits::default();
    for _ in 0..limits.frames.burst * 2 {
        // The server may have closed already.
        if client.socket.feed(Message::text(r#"{"type":"leave","name":"Nobody"}"#)).await.is_err() {
            break;
        }
    }
    let _ = client.socket.flush().await;
    assert_eq!(client.hear().await["code"], "too-fast");
    assert_eq!(client.hear_close().await, 1008);
    server.signed_in("Anna").await;
    bystanders.noticed_nothing().await;
    server.stop().await;
}

/// Control frames cost the server as much as others.
#[tokio::test]
async fn a_flood_of_pings_is_one_too() {
    let server = start(Config::default()).await;
    let mut client = server.signed_in("Anna").await;
    for _ in 0..Limits::default().frames.burst * 2 {
        if client.socket.feed(Message::Ping(Vec::new().into())).await.is_err() {
            break;
        }
    }
    let _ = client.socket.flush().await;
    assert_eq!(client.hear().await["code"], "too-fast");
    assert_eq!(client.hear_close().await, 1008);
    server.signed_in("Anna").await;
    server.stop().await;
}

#[tokio::test]
async fn one_who_does_not_sign_in_is_closed() {
    let limits = Limits { sign_in_ms: 50, ..Limits::default() };
    let server = start(Config { limits, ..Config::default() }).await;
    let mut client = server.client().await;
    assert_eq!(client.hear().await["code"], "login-first");
    assert_eq!(client.hear_close().await, 1008);
    server.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_websocket_end_that_connection_alone() {
    let server = start(Config::default()).await;
    let bystanders = Bystanders::of(&server).await;
    let mut client = server.signed_in("Anna").await;
    client.socket.get_mut().write_all(&[0xFF; 64]).await.unwrap();
    assert_eq!(client.hear_close().await, 1002);
    let mut client = server.signed_in("Anna").await;
    // A text frame, masked with zeros, that isn't UTF-8.
    client.socket.get_mut().write_all(&[0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28]).await.unwrap();
    assert_eq!(client.hear_close().await, 1007);
    server.signed_in("Anna").await;
    bystanders.noticed_nothing().await;
    server.stop().await;
}

/// Fragments cost as much as messages, but only messages are counted.
#[tokio::test]
async fn a_message_in_too_many_fragments_ends_that_connection_alone() {
    let server = start(Config::default()).await;
    let bystanders = Bystanders::of(&server).await;
    let mut client = server.signed_in("Anna").await;
    let (first, more) = ([0x01, 0x81, 0, 0, 0, 0, b'{'], [0x00, 0x80, 0, 0, 0, 0]);
    client.socket.get_mut().write_all(&first).await.unwrap();
    client.socket.get_mut().write_all(&more.repeat(2000)).await.unwrap();
    assert_eq!(client.hear_close().await, 1008);
    server.signed_in("Anna").await;
    bystanders.noticed_nothing().await;
    server.stop().await;
}

/// A receiver never reads: relayed frames are refused to their sender in the end, and everybody else goes on.
/// When the receiver reads at last, it has lost nothing that was accepted.
#[tokio::test]
async fn a_receiver_who_does_not_read_costs_its_senders_an_error() {
    let limits = Limits { frames: Rate { burst: u64::MAX / 100_000, per_minute: 0 }, ..Limits::default() };
    let server = start(Config { limits, ..Config::default() }).await;
    let bystanders = Bystanders::of(&server).await;
    let mut sleeper = server.signed_in("Sleeper").await;
    let mut sender = server.signed_in("Anna").await;
    sender.say(json!({"type": "offer", "name": "Sleeper", "offer": {}, "call": "c"})).await;
    assert_eq!(sender.hear().await["type"], "ringing");
    let payload = "x".repeat(60_000);
    let mut accepted = 0;
    let refused = loop {
        sender.say(json!({"type": "candidate", "name": "Sleeper", "candidate": payload, "call": "c"})).await;
        sender.say(json!({"type": "ping"})).await;
        let heard = sender.hear().await;
        if heard["type"] == "error" {
            break heard;
        }
        accepted += 1;
        assert!(accepted < 1000, "the queue has no bound");
    };
    assert_eq!((&refused["code"], &refused["call"]), (&json!("queue-full"), &json!("c")));
    sender.say(json!({"type": "leave", "name": "Sleeper", "call": "c"})).await;
    sender.hears_nothing().await;
    assert_eq!(sleeper.hear().await["type"], "offer");
    for _ in 0..accepted {
        assert_eq!(sleeper.hear().await["type"], "candidate");
    }
    assert_eq!(sleeper.hear().await["type"], "leave", "for which there is always room");
    bystanders.noticed_nothing().await;
    server.stop().await;
}

#[tokio::test]
async fn shutting_down_closes_in_good_order() {
    let mut server = start(Config::default()).await;
    let mut client = server.signed_in("Anna").await;
    server.begin_stop();
    assert_eq!(client.hear_close().await, 1012);
    assert!(client.socket.next().await.is_none_or(|next| next.is_err()));
    server.stopped().await;
}
