//! A headless client.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use tincan_shared::{ClientMessage, Frame, IceServer, Login, Resume, ServerMessage, decode_server};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// A signed-in WebSocket.
pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<TcpStream>,
    /// What the login was told of STUN and TURN.
    pub(crate) ice_servers: Vec<IceServer>,
}

impl Client {
    pub(crate) async fn sign_in(port: u16, name: String, resume: bool) -> Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let resume = resume.then_some(Resume::Ask(true));
        let login = Login { name, resume, ..Login::default() };
        Client::sign_in_over(stream, port, login).await
    }

    pub(crate) async fn sign_in_over(stream: TcpStream, port: u16, login: Login) -> Result<Client> {
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(2048);
        let url = format!("ws://localhost:{port}/ws");
        let (socket, _) = client_async_with_config(url, stream, Some(config)).await?;
        let mut client = Client { socket, ice_servers: Vec::new() };
        client.say(ClientMessage::Login(login)).await?;
        match client.hear().await? {
            ServerMessage::Login(answer) if answer.success => {
                client.ice_servers = answer.ice_servers;
                Ok(client)
            }
            other => bail!("the login was answered by {other:?}"),
        }
    }

    pub(crate) async fn say(&mut self, message: ClientMessage) -> Result<()> {
        Ok(self.socket.send(Message::text(Frame::plain(message).encode())).await?)
    }

    pub(crate) async fn say_text(&mut self, text: String) -> Result<()> {
        Ok(self.socket.send(Message::text(text)).await?)
    }

    /// Acknowledges everything up to `seq`.
    pub(crate) async fn acknowledge(&mut self, seq: u64) -> Result<()> {
        let frame: Frame<ClientMessage> = Frame { message: ClientMessage::Ping, seq: None, ack: Some(seq) };
        self.socket.send(Message::text(frame.encode())).await?;
        match self.hear().await? {
            ServerMessage::Pong => Ok(()),
            other => bail!("a ping was answered by {other:?}"),
        }
    }

    pub(crate) async fn hear(&mut self) -> Result<ServerMessage> {
        loop {
            match self.socket.next().await.context("the server closed")?? {
                Message::Text(text) => return Ok(decode_server(&text)?.message),
                Message::Close(frame) => bail!("the server closed: {frame:?}"),
                _ => {}
            }
        }
    }
}
