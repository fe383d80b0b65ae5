//! Clients that speak only the plain fields of the classic WebRTC tutorial protocol (docs/PROTOCOL.md).

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::page::Page;
use crate::server::Server;
use crate::wait::TIMEOUT;

/// A bare WebSocket that says what a test tells it to.
pub struct TutorialClient {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl TutorialClient {
    /// Connects to `/`, as the tutorial's client does.
    ///
    /// # Panics
    /// If the server refuses.
    pub async fn connect(server: &Server) -> TutorialClient {
        let (socket, _) =
            connect_async(format!("ws://localhost:{}", server.port())).await.expect("a WebSocket at /");
        TutorialClient { socket }
    }

    /// Connects and logs in.
    ///
    /// # Panics
    /// If the server refuses the name.
    pub async fn log_in(server: &Server, name: &str) -> TutorialClient {
        let mut client = TutorialClient::connect(server).await;
        client.send(json!({ "type": "login", "name": name })).await;
        let answer = client.receive("login").await;
        assert_eq!(answer["success"], true, "{answer}");
        client
    }

    /// Sends a message.
    pub async fn send(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.expect("the connection is open");
    }

    /// Returns the next message of a type, and skips others before it, as the tutorial's `switch` does.
    ///
    /// # Panics
    /// If none comes.
    pub async fn receive(&mut self, kind: &str) -> Value {
        let mut others = Vec::new();
        let message = tokio::time::timeout(TIMEOUT, async {
            while let Some(Ok(message)) = self.socket.next().await {
                let Message::Text(text) = message else { continue };
                let message: Value = serde_json::from_str(&text).expect("the server sends JSON");
                if message["type"] == kind {
                    return Some(message);
                }
                others.push(message);
            }
            None
        });
        message.await.ok().flatten().unwrap_or_else(|| panic!("no {kind} came, but {others:?}"))
    }

    /// Drops the connection without closing the WebSocket.
    pub fn drop_connection(self) {
        drop(self.socket);
    }
}

/// The tutorial's page. Its script runs in a browser that has our page open, and doesn't touch our page.
pub struct TutorialPage {
    page: Page,
}

impl TutorialPage {
    /// Logs in by the tutorial's script.
    ///
    /// # Panics
    /// If the script doesn't get in.
    pub async fn log_in(server: &Server, name: &str) -> TutorialPage {
        let page = Page::open(server).await;
        page.is_called(name);
        page.run(include_str!("tutorial.js"), vec![]).await;
        page.run("return tutorial.logIn(arguments[0]);", vec![name.into()]).await;
        TutorialPage { page }
    }

    /// Calls somebody with camera and microphone.
    pub async fn call(&self, name: &str) {
        self.page.run("return tutorial.call(arguments[0]);", vec![name.into()]).await;
    }

    /// Leaves the call.
    pub async fn leave(&self) {
        self.page.run("tutorial.leave();", vec![]).await;
    }

    /// Waits until video from the other side is decoded.
    ///
    /// # Panics
    /// If none is.
    pub async fn sees_the_other_side(&self) {
        self.page
            .expect("the tutorial's page decodes frames", async || {
                let frames = self.page.run("return tincanProbe.received();", vec![]).await;
                (frames["framesDecoded"].as_u64().unwrap_or_default() >= 10).then_some(())
            })
            .await;
    }

    /// Waits until the script has received a message of this type.
    ///
    /// # Panics
    /// If none does.
    pub async fn is_told(&self, kind: &str) {
        self.page
            .expect(&format!("the tutorial's page is told {kind:?}"), async || {
                let told = self.page.run("return tutorial.told;", vec![]).await;
                told.as_array()?.iter().any(|told| told == kind).then_some(())
            })
            .await;
    }
}
