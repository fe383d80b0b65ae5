//! HTTPS of the server's own, over real sockets.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use futures_util::{SinkExt, StreamExt};
use support::certificate::{Files, connect, connect_by};
use support::{Running, TIMEOUT, run, start};
use tempfile::{TempDir, tempdir};
use tincan_server::{Config, Server, Tls, TurnOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

fn self_signed(folder: &TempDir) -> Config {
    Config { tls: Some(Tls::SelfSigned { folder: folder.path().to_owned() }), ..Config::default() }
}

/// Returns the head of the answer to a request over TLS, in lower case.
async fn get(server: &Running, certificate: &Path, path: &str) -> String {
    let mut stream = connect(server, certificate).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    timeout(TIMEOUT, stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes).split("\r\n\r\n").next().unwrap().to_ascii_lowercase()
}

/// Returns the status of a plain request with this `Host`, and where it leads.
async fn plain(port: u16, host: &str, path: &str, header: &str) -> (u16, Option<String>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{header}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    timeout(TIMEOUT, stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let head = text.split("\r\n\r\n").next().unwrap();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).map(str::to_owned);
    (head.split(' ').nth(1).unwrap().parse().unwrap(), location)
}

#[tokio::test]
async fn a_page_and_a_websocket_by_a_certificate_that_is_kept() {
    let folder = tempdir().unwrap();
    let certificate = folder.path().join("self-signed.pem");
    let mut first = None;
    for _ in 0..2 {
        let server = start(self_signed(&folder)).await;
        let made = std::fs::read(&certificate).unwrap();
        assert_eq!(*first.get_or_insert(made.clone()), made);
        let head = get(&server, &certificate, "/").await;
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(!head.contains("strict-transport-security"), "nobody would get past it any more");
        let stream = connect(&server, &certificate).await.unwrap();
        let (mut socket, _) = client_async("wss://localhost/ws", stream).await.unwrap();
        socket.send(Message::text(r#"{"type":"login","name":"Ann"}"#)).await.unwrap();
        let answer = socket.next().await.unwrap().unwrap();
        assert!(answer.to_text().unwrap().contains(r#""success":true"#));
        drop(socket);
        server.stop().await;
    }
}

#[tokio::test]
async fn plain_http_is_sent_on() {
    let files = Files::new();
    let config = Config { http_listen: Some("127.0.0.1:0".to_owned()), ..files.config() };
    let server = start(config).await;
    let there = (308, Some("https://call.example:9090/r/a?b".to_owned()));
    assert_eq!(plain(server.port, "call.example:9090", "/r/a?b", "").await, there);
    // One's own machine is secure, a proxy speaks for others, and a probe knows no TLS.
    assert_eq!(plain(server.port, "localhost", "/", "").await.0, 200);
    assert_eq!(plain(server.port, "call.example", "/", "X-Forwarded-Proto: https\r\n").await.0, 200);
    assert_eq!(plain(server.port, "call.example", "/healthz", "").await.0, 200);
    let head = get(&server, &files.certificate(), "/").await;
    assert!(head.contains("strict-transport-security: max-age="), "{head}");
    // From the port of plain HTTP to the one of HTTPS.
    let https = format!("https://call.example:{}/r/a", server.port);
    let http_port = server.http_port.unwrap();
    assert_eq!(plain(http_port, "call.example", "/r/a", "").await, (308, Some(https)));
    assert_eq!(plain(http_port, "localhost", "/", "").await.0, 308);
    server.stop().await;
}

/// A phone can't type `localhost`. The page shows it where the server is found, and asks the server for that.
#[tokio::test]
async fn a_page_of_this_machine_is_told_where_its_neighbours_find_it() {
    let folder = tempdir().unwrap();
    let server = Server::bind(Config { listen: "[::]:0".to_owned(), ..self_signed(&folder) }).await.unwrap();
    let urls = server.lan_urls();
    let server = run(server);
    let answer = server.http("POST /lan\nOrigin: https://localhost:9090").await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let told = String::from_utf8(answer.body.clone()).unwrap();
    match urls.first() {
        Some(url) => assert_eq!((answer.status(), &told), (200, url)),
        // It has no address but that of loopback.
        None => assert_eq!((answer.status(), &*told), (204, "")),
    }
    for request in ["POST /lan", "POST /lan\nOrigin: https://call.example", "POST /lan\nOrigin: null"] {
        assert_eq!(server.http(request).await.status(), 204, "{request}");
    }
    assert_eq!(server.http("GET /lan\nOrigin: https://localhost:9090").await.status(), 405);
    server.stop().await;
    // By a certificate that browsers trust, people come by its name.
    for config in [Files::new().config(), Config::default()] {
        let server = start(Config { listen: "[::]:0".to_owned(), ..config }).await;
        assert_eq!(server.http("POST /lan\nOrigin: https://localhost:9090").await.status(), 204);
        server.stop().await;
    }
}

fn turn_options() -> TurnOptions {
    let localhost = IpAddr::from(Ipv4Addr::LOCALHOST);
    TurnOptions {
        listen: vec![localhost],
        port: 0,
        relay_ports: 49_152..=65_535,
        external_ips: vec![localhost],
        allowed_peers: Vec::new(),
        limits: tincan_turn::Limits::default(),
    }
}

/// A browser opens connections in advance, and says nothing until it needs them.
#[tokio::test]
async fn whoever_says_that_it_speaks_http_may_think_about_it() {
    let files = Files::new();
    let server = start(Config { turn: Some(turn_options()), ..files.config() }).await;
    let certificate = files.certificate();
    let mut browser = connect_by(server.port, &certificate, &["h2", "http/1.1"]).await.unwrap();
    let mut undecided = connect(&server, &certificate).await.unwrap();
    assert_eq!(browser.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let _ = timeout(TIMEOUT, undecided.read_u8()).await.expect("it is let go");
    browser.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut head = [0; 12];
    timeout(TIMEOUT, browser.read_exact(&mut head)).await.unwrap().unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    server.stop().await;
}

#[tokio::test]
async fn who_never_shakes_hands_holds_nobody_up() {
    let files = Files::new();
    let server = start(Config { turn: Some(turn_options()), ..files.config() }).await;
    // Neither HTTP nor TURN, so far.
    let mut undecided = connect(&server, &files.certificate()).await.unwrap();
    let mut silent = Vec::new();
    for number in 0..100 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        if number % 2 == 0 {
            // The head of a handshake, and no more.
            stream.write_all(&[22, 3, 1, 2, 0]).await.unwrap();
        }
        silent.push(stream);
    }
    assert!(get(&server, &files.certificate(), "/").await.starts_with("http/1.1 200"));
    for mut stream in silent {
        let mut rest = Vec::new();
        // Closed, or reset.
        let _ = timeout(TIMEOUT, stream.read_to_end(&mut rest)).await.expect("it is let go");
    }
    let _ = timeout(TIMEOUT, undecided.read_u8()).await.expect("it is let go");
    server.stop().await;
}

#[tokio::test]
async fn a_new_certificate_is_used_and_no_socket_is_dropped() {
    let files = Files::new();
    let server = start(files.config()).await;
    let stream = connect(&server, &files.certificate()).await.unwrap();
    let (mut socket, _) = client_async("wss://localhost/ws", stream).await.unwrap();
    let old = tempdir().unwrap();
    let old_certificate = old.path().join("cert.pem");
    std::fs::copy(files.certificate(), &old_certificate).unwrap();
    // A broken one changes nothing.
    std::fs::write(files.key(), "no key").unwrap();
    assert!(connect(&server, &old_certificate).await.is_ok());
    files.renew();
    let renewed = async {
        while connect(&server, &files.certificate()).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    timeout(TIMEOUT, renewed).await.expect("the new one is served");
    assert!(connect(&server, &old_certificate).await.is_err());
    socket.send(Message::text(r#"{"type":"login","name":"Ann"}"#)).await.unwrap();
    assert!(socket.next().await.unwrap().unwrap().to_text().unwrap().contains(r#""success":true"#));
    server.stop().await;
}
