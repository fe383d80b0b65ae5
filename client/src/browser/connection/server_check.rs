//! Finds out whether the server can be reached as a call needs it: by a WebSocket, with an answer to a login.

use std::future::poll_fn;
use std::pin::Pin;

use futures_util::future::{Either, select};
use futures_util::{Sink, SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State};
use gloo_timers::future::TimeoutFuture;
use tincan_session::ServerTrouble;
use tincan_shared::{
    ClientMessage, Description, Frame, IceCandidate, IceServer, Login, LoginAnswer, LoginRefusal,
    PROTOCOL_VERSION, ServerMessage, decode_server,
};

use super::admission::{self, Admission};
use super::signaling::url;
use crate::browser::js::{now, random_bits};

/// How long the server may take to answer.
const ANSWERS_WITHIN_MS: u32 = 10_000;

/// What the server gives to whoever signs in.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerAnswer {
    pub round_trip_ms: u64,
    pub ice_servers: Vec<IceServer>,
}

/// Why there is no such answer.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerFault {
    /// No WebSocket opens; with the reason, where somebody has answered.
    NotOpened(Option<ServerTrouble>),
    /// It lets nobody sign in just now.
    Refused(LoginRefusal),
}

/// Signs in by a name that nobody else has, and out again.
///
/// # Errors
/// If there is no answer, or a refusal.
pub async fn check_server() -> Result<ServerAnswer, ServerFault> {
    let answer = Box::pin(sign_in());
    match select(answer, TimeoutFuture::new(ANSWERS_WITHIN_MS)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(ServerFault::NotOpened(None)),
    }
}

async fn sign_in() -> Result<ServerAnswer, ServerFault> {
    let Some(mut socket) = open().await else {
        return Err(ServerFault::NotOpened(match admission::ask().await {
            Admission::Admitted => Some(ServerTrouble::NoWebSockets),
            Admission::Refused(trouble) => Some(trouble),
            Admission::NoAnswer => None,
        }));
    };
    let login = Login {
        name: format!("check-{:08x}", random_bits() as u32),
        version: Some(PROTOCOL_VERSION),
        ..Login::default()
    };
    let message: ClientMessage<Description, IceCandidate> = ClientMessage::Login(login);
    let begun = now().0;
    if socket.send(Message::Text(Frame::plain(message).encode())).await.is_err() {
        return Err(ServerFault::NotOpened(None));
    }
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        let Ok(Frame { message: ServerMessage::Login(answer), .. }) =
            decode_server::<Description, IceCandidate>(&text)
        else {
            continue;
        };
        let LoginAnswer { success, reason, ice_servers, .. } = answer;
        if !success {
            return Err(ServerFault::Refused(reason.unwrap_or(LoginRefusal::Other)));
        }
        return Ok(ServerAnswer { round_trip_ms: now().0.saturating_sub(begun), ice_servers });
    }
    Err(ServerFault::NotOpened(None))
}

async fn open() -> Option<WebSocket> {
    let mut socket = WebSocket::open(&url()?).ok()?;
    // It is called ready, too, once it has failed.
    let _ = poll_fn(|context| Pin::new(&mut socket).poll_ready(context)).await;
    matches!(socket.state(), State::Open).then_some(socket)
}
