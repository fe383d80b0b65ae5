//! How the server ends: it takes nobody new, tells pages to come back, drops no call, and is gone soon.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::process::Command;
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_socket_recv_buffer_size;
use serde_json::json;
use support::binary::{Binary, tincan};
use support::{Client, Running, TIMEOUT, start};
use tincan_server::Config;
use tincan_server::hub::Limits;
use tokio::net::TcpSocket;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// "Service Restart", in IANA's registry of WebSocket close codes.
const COME_BACK: u16 = 1012;

async fn signed_in(port: u16, name: &str, resume: bool) -> Client {
    let mut client = Client::connect(port, "/ws").await;
    client.say(json!({"type": "login", "name": name, "resume": resume})).await;
    assert_eq!(client.hear().await["success"], true, "{name}");
    client
}

/// Has `caller` in a call with `callee`.
async fn call(caller: &mut Client, callee: &mut Client, names: [&str; 2]) {
    caller.say(json!({"type": "offer", "name": names[1], "offer": {}, "call": "c"})).await;
    assert_eq!(callee.hear().await["type"], "offer");
    callee.say(json!({"type": "answer", "name": names[0], "answer": {}, "call": "c"})).await;
    assert_eq!(caller.hear().await["type"], "ringing");
    assert_eq!(caller.hear().await["type"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_sends_pages_away_to_come_back_and_ends_no_call() {
    for signal in ["TERM", "INT"] {
        let (mut binary, port) = Binary::start(&mut tincan(&["--listen", "127.0.0.1:0"]));
        let (mut anna, mut bob) = (signed_in(port, "Anna", true).await, signed_in(port, "Bob", true).await);
        call(&mut anna, &mut bob, ["Anna", "Bob"]).await;
        // A classic client, who can't come back. Even to them the call isn't over: it goes between browsers.
        let (mut carol, mut dave) =
            (signed_in(port, "Carol", false).await, signed_in(port, "Dave", true).await);
        call(&mut carol, &mut dave, ["Carol", "Dave"]).await;
        let began = Instant::now();
        let id = binary.0.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        for (name, client) in [("Anna", anna), ("Bob", bob), ("Carol", carol), ("Dave", dave)] {
            let mut client = client;
            // Any frame before it, as a `leave`, would fail here.
            assert_eq!(client.hear_close().await, COME_BACK, "{name}");
        }
        let status = tokio::task::spawn_blocking(move || binary.0.wait().unwrap()).await.unwrap();
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}

/// Returns a client that reads nothing from now on, to whom more is written than the system keeps.
async fn stuck(server: &Running) -> (Client, Client) {
    let socket = TcpSocket::new_v4().unwrap();
    set_socket_recv_buffer_size(&socket, 4096).unwrap();
    let stream = socket.connect(([127, 0, 0, 1], server.port).into()).await.unwrap();
    let request = format!("ws://localhost:{}/ws", server.port).into_client_request().unwrap();
    let mut deaf = Client { socket: client_async(request, stream).await.unwrap().0 };
    deaf.say(json!({"type": "login", "name": "Deaf"})).await;
    assert_eq!(deaf.hear().await["success"], true);
    let mut anna = server.signed_in("Anna").await;
    call(&mut anna, &mut deaf, ["Anna", "Deaf"]).await;
    loop {
        let candidate = "x".repeat(60_000);
        anna.say(json!({"type": "candidate", "name": "Deaf", "candidate": candidate, "call": "c"})).await;
        anna.say(json!({"type": "ping"})).await;
        let heard = anna.hear().await;
        if heard["type"] == "error" {
            assert_eq!(heard["code"], "queue-full");
            assert_eq!(anna.hear().await["type"], "pong");
            break;
        }
        assert_eq!(heard["type"], "pong");
    }
    (anna, deaf)
}

#[tokio::test]
async fn whoever_comes_while_it_ends_is_sent_away() {
    let mut server = start(Config::default()).await;
    let (mut anna, deaf) = stuck(&server).await;
    assert_eq!(server.http("GET /readyz").await.status(), 200);
    server.begin_stop();
    assert_eq!(anna.hear_close().await, COME_BACK);
    let answer = server.http("GET /readyz").await;
    assert_eq!((answer.status(), &*answer.body), (503, b"ending\n".as_slice()));
    assert_eq!(server.http("GET /healthz").await.status(), 200, "it still answers");
    assert_eq!(server.http("POST /admission").await.status(), 503);
    assert_eq!(Client::connect_as(server.port, "/ws", &[]).await.err(), Some(503));
    // It waits no longer for one who is gone.
    drop(deaf);
    server.stopped().await;
}

#[tokio::test]
async fn it_does_not_wait_for_who_never_reads() {
    let mut server = start(Config::default()).await;
    let (_anna, _deaf) = stuck(&server).await;
    let began = Instant::now();
    server.begin_stop();
    server.stopped().await;
    assert!(began.elapsed() < Duration::from_secs(10).min(TIMEOUT), "{:?}", began.elapsed());
}

#[tokio::test]
async fn it_is_not_ready_for_more_than_it_can_take() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let server = start(Config { limits, ..Config::default() }).await;
    assert_eq!(server.http("GET /readyz").await.status(), 200);
    let client = server.client().await;
    assert_eq!(server.http("GET /readyz").await.status(), 503);
    assert_eq!(server.http("GET /healthz").await.status(), 200);
    drop(client);
    server.stop().await;
}
