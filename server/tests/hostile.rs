//! Strangers who mean harm, over real sockets, from an address that isn't a proxy's.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::io::{BufRead, BufReader, Read};
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use support::start;
use tincan_server::Config;
use tincan_server::hub::{Limits, Rate};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

async fn connect(port: u16) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::new(127, 0, 0, 2), 0).into()).unwrap();
    socket.connect((Ipv4Addr::LOCALHOST, port).into()).await.unwrap()
}

const UPGRADE: &str = "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

#[tokio::test]
async fn fragments_without_end_are_ended() {
    let server = start(Config::default()).await;
    let mut stream = connect(server.port).await;
    stream.write_all(UPGRADE.as_bytes()).await.unwrap();
    assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
    stream.write_all(&[0x01, 0x81, 0, 0, 0, 0, 0x7b]).await.unwrap();
    let fragments = [0x00, 0x80, 0, 0, 0, 0].repeat(10_000);
    let mut written = 0;
    let endless = async {
        while let Ok(bytes) = stream.write(&fragments).await {
            written += bytes;
        }
    };
    tokio::time::timeout(support::TIMEOUT, endless).await.unwrap();
    // What the system buffers, and what the server still reads so that its reason is heard.
    assert!(written < 24 * 1024 * 1024, "{written} bytes");
    // Others are served meanwhile.
    assert_eq!(server.http("GET /healthz").await.body, b"ok");
    server.stop().await;
}

/// A request is short, and its answer costs more than to read it.
#[tokio::test]
async fn requests_are_answered_no_faster_than_anything_else() {
    let server = start(Config::default()).await;
    let (mut read, mut write) = connect(server.port).await.into_split();
    let began = Instant::now();
    let requests = 4000;
    let asking = tokio::spawn(async move {
        let all = "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(requests);
        write.write_all(all.as_bytes()).await.unwrap();
        // Dropped, it would end the stream.
        write
    });
    let mut answers = Vec::new();
    while answers.windows(4).filter(|four| four == b"\r\n\r\n").count() < requests {
        let count =
            tokio::time::timeout(support::TIMEOUT, read.read_buf(&mut answers)).await.unwrap().unwrap();
        assert!(count > 0, "the server closed");
    }
    // 2048 at once, and 1024 a second. Without a bound it is far below that.
    assert!(began.elapsed() > Duration::from_secs(1), "{:?}", began.elapsed());
    drop(asking.await.unwrap());
    server.stop().await;
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_names() {
    let limits = Limits {
        address_connections: 8,
        address_sign_ins: Rate { burst: 5, per_minute: 0 },
        ..Limits::default()
    };
    let server = start(Config { limits, ..Config::default() }).await;
    let mut sockets = Vec::new();
    let mut refusals = Vec::new();
    for number in 0..10 {
        let url = format!("ws://localhost:{}/ws", server.port);
        match client_async(url, connect(server.port).await).await {
            Ok((mut socket, _)) => {
                let login = json!({"type": "login", "name": format!("Eve {number}")});
                socket.send(Message::text(login.to_string())).await.unwrap();
                let answer = socket.next().await.unwrap().unwrap().into_text().unwrap();
                let answer: Value = serde_json::from_str(&answer).unwrap();
                refusals.push(answer["reason"].as_str().unwrap_or("none").to_owned());
                sockets.push(socket);
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                refusals.push(response.status().as_str().to_owned());
            }
            Err(error) => panic!("{error}"),
        }
    }
    let expected = ["none"; 5].into_iter().chain(["too-many"; 3]).chain(["503"; 2]);
    assert!(refusals.iter().map(String::as_str).eq(expected), "{refusals:?}");
    // Somebody else's address is somebody else's.
    server.signed_in("Anna").await;
    server.stop().await;
}

/// Refusals are in the log, by their kind and number, and with nothing of what anybody sent.
#[tokio::test]
async fn what_is_refused_is_logged_once_and_without_what_was_sent() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_tincan"))
        .args(["--listen", "127.0.0.1:0", "--no-turn"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.trim_end().rsplit_once(':').unwrap().1.parse().unwrap();
    for _ in 0..20 {
        let mut stream = connect(port).await;
        let request = UPGRADE.replace("localhost", "localhost\r\nOrigin: https://secret.example");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 1024];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 403"));
    }
    server.kill().unwrap();
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    server.wait().unwrap();
    let refused: Vec<_> = log.lines().filter(|line| line.contains("refused")).collect();
    assert_eq!(refused.len(), 1, "{log}");
    assert!(refused[0].contains("--allow-origin") && !log.contains("secret"), "{log}");
}
