//! HTTP/2 without TLS, as a trusted proxy may speak it.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::{Client, Running, TIMEOUT, h2_websocket, start};
use tincan_server::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// Opens a WebSocket on a connection of its own, at this path. Returns the status as the error.
async fn open(
    server: &Running,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Result<Client<DuplexStream>, u16> {
    let mut opened = h2_websocket::connection(tcp(server).await).await.unwrap();
    let url = format!("http://localhost:{}{path}", server.port);
    let socket = timeout(TIMEOUT, h2_websocket::connect(&mut opened, &url, headers)).await.unwrap()?;
    Ok(Client { socket })
}

async fn tcp(server: &Running) -> TcpStream {
    TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).await.unwrap()
}

async fn sign_in(client: &mut Client<DuplexStream>, name: &str) {
    client.say(json!({"type": "login", "name": name})).await;
    assert_eq!(client.hear().await["success"], true, "{name}");
}

#[tokio::test]
async fn websockets_share_a_connection() {
    let server = start(Config::default()).await;
    let mut requests = h2_websocket::connection(tcp(&server).await).await.unwrap();
    let url = format!("http://localhost:{}/ws", server.port);
    let origin = [("origin", &*format!("http://localhost:{}", server.port))];
    let mut clients = Vec::new();
    for name in ["Anna", "Bob"] {
        let socket = h2_websocket::connect(&mut requests, &url, &origin).await.unwrap();
        let mut client = Client { socket };
        sign_in(&mut client, name).await;
        clients.push(client);
    }
    // Or its buffers would be given back wrongly.
    let sdp = "x".repeat(30_000);
    clients[0].say(json!({"type": "offer", "name": "Bob", "offer": {"type": "offer", "sdp": sdp}})).await;
    assert_eq!(clients[1].hear().await["offer"]["sdp"].as_str().unwrap().len(), sdp.len());
    drop(clients.pop());
    assert_eq!(clients[0].hear().await["type"], "leave");
    clients[0].hears_nothing().await;
    server.stop().await;
    assert!(matches!(clients[0].next().await, Some(Message::Close(Some(_)))));
}

#[tokio::test]
async fn what_is_no_websocket_gets_none() {
    let server = start(Config::default()).await;
    for (path, headers, status) in [
        ("/ws", &[("origin", "http://evil.example")][..], 403),
        ("/ws", &[("sec-websocket-version", "8")], 426),
        ("/missing", &[], 405),
    ] {
        assert_eq!(open(&server, path, headers).await.unwrap_err(), status, "{path} {headers:?}");
    }
    sign_in(&mut open(&server, "/", &[]).await.unwrap(), "classic").await;
    server.stop().await;
}

/// Sends twelve frames of 50 KB, and waits until each is answered. The hub takes as many at once, but they
/// are read only at the rate of one connection.
async fn say_much(mut client: Client<DuplexStream>) {
    for _ in 0..12 {
        client.say(json!({"type": "unknown", "padding": "x".repeat(50_000)})).await;
    }
    for _ in 0..12 {
        assert_eq!(client.hear().await["type"], "error");
    }
}

#[tokio::test]
async fn each_on_a_connection_has_the_rate_of_one() {
    let server = start(Config::default()).await;
    let mut requests = h2_websocket::connection(tcp(&server).await).await.unwrap();
    let url = format!("http://localhost:{}/ws", server.port);
    let mut clients = Vec::new();
    for number in 0..5 {
        let mut client = Client { socket: h2_websocket::connect(&mut requests, &url, &[]).await.unwrap() };
        sign_in(&mut client, &format!("client-{number}")).await;
        clients.push(client);
    }
    let began = Instant::now();
    say_much(clients.pop().unwrap()).await;
    let alone = began.elapsed();
    assert!(alone > Duration::from_millis(500), "{alone:?}");
    let began = Instant::now();
    join_all(clients.into_iter().map(say_much)).await;
    let together = began.elapsed();
    // One rate for all would take four times as long.
    assert!(together < 2 * alone, "{together:?}, and {alone:?} alone");
    server.stop().await;
}

#[tokio::test]
async fn only_a_trusted_proxy_may() {
    let server = start(Config { trusted_proxies: Vec::new(), ..Config::default() }).await;
    let mut stream = tcp(&server).await;
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut answer = Vec::new();
    // An error is an end as well.
    let _ = timeout(TIMEOUT, stream.read_to_end(&mut answer)).await.unwrap();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{answer:?}");
    server.stop().await;
}
