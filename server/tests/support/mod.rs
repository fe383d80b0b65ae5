//! A server in this process on a free port, and clients with real sockets.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // Each test file uses its part.

pub mod binary;
pub mod certificate;
pub mod coturn;
pub mod h2_websocket;
pub mod pebble;
pub mod tls;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tincan_server::{Config, Server};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

/// Far longer than anything takes, so a test that waits so long has failed.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// A running server.
pub struct Running {
    pub port: u16,
    /// Of plain HTTP, where HTTPS has another.
    pub http_port: Option<u16>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

pub async fn start(config: Config) -> Running {
    run(Server::bind(config).await.unwrap())
}

pub fn run(server: Server) -> Running {
    let port = server.address().port();
    let http_port = server.http_address().map(|address| address.port());
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    Running { port, http_port, stop: Some(stop), task }
}

impl Running {
    pub async fn client(&self) -> Client {
        Client::connect(self.port, "/ws").await
    }

    pub async fn signed_in(&self, name: &str) -> Client {
        let mut client = self.client().await;
        client.say(json!({"type": "login", "name": name})).await;
        assert_eq!(client.hear().await["success"], true, "{name}");
        client
    }

    /// Asks the server to stop, and waits until it has.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        self.stopped().await;
    }

    pub fn begin_stop(&mut self) {
        drop(self.stop.take());
    }

    pub async fn stopped(self) {
        tokio::time::timeout(TIMEOUT, self.task).await.unwrap().unwrap().unwrap();
    }

    /// Makes one HTTP exchange, with the request as it is given.
    pub async fn http(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let (line, headers) = request.split_once('\n').unwrap_or((request, ""));
        let headers: String = headers.lines().map(|header| format!("{}\r\n", header.trim())).collect();
        let text = format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Answer::parse(bytes)
    }
}

/// The answer to an HTTP request.
pub struct Answer {
    /// The status line and the headers, in lower case.
    pub head: String,
    pub original_head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn parse(mut bytes: Vec<u8>) -> Answer {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        Answer { head: head.to_ascii_lowercase(), original_head: head, body: bytes.split_off(end + 4) }
    }

    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.original_head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// A WebSocket client that knows nothing but JSON.
#[derive(Debug)]
pub struct Client<S = TcpStream> {
    pub socket: WebSocketStream<S>,
}

impl Client {
    pub async fn connect(port: u16, path: &str) -> Client {
        Client::connect_as(port, path, &[]).await.unwrap()
    }

    /// Connects with additional headers. Returns the HTTP status as the error.
    pub async fn connect_as(port: u16, path: &str, headers: &[(&'static str, &str)]) -> Result<Client, u16> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let mut request = format!("ws://localhost:{port}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Client { socket }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub async fn say(&mut self, frame: Value) {
        self.send(Message::text(frame.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Returns the next message that isn't a ping or a pong.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            let next = tokio::time::timeout(TIMEOUT, self.socket.next()).await.expect("nothing came");
            match next {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => return Some(message),
                Some(Err(error)) => panic!("{error}"),
                None => return None,
            }
        }
    }

    /// Returns the next frame.
    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("no frame but {other:?}"),
        }
    }

    /// Returns the code of the close frame that comes next.
    pub async fn hear_close(&mut self) -> u16 {
        match self.next().await {
            Some(Message::Close(Some(frame))) => frame.code.into(),
            other => panic!("no close frame but {other:?}"),
        }
    }

    /// Checks that nothing else came, once everything before this has been handled.
    pub async fn hears_nothing(&mut self) {
        self.say(json!({"type": "ping"})).await;
        assert_eq!(self.hear().await["type"], "pong");
    }
}
