//! The WebSocket that signaling goes over.

use std::future::poll_fn;
use std::pin::Pin;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use futures_util::{Sink, SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State};
use tincan_session::{Generation, Input, ServerTrouble, SignalingEffect, SignalingEvent};
use tincan_shared::CLOSE_TO_RESUME;
use wasm_bindgen_futures::spawn_local;

use super::admission::{self, Admission};
use crate::browser::js::Events;
use crate::browser::page::base;

/// The close code for "done here" (RFC 6455, section 7.4.1).
const CLOSE_NORMAL: u16 = 1000;

/// Holds at most one WebSocket.
pub(crate) struct SignalingSocket {
    events: Events,
    /// Commands the task that owns the open one.
    current: Option<UnboundedSender<Command>>,
}

enum Command {
    Send(String),
    Close(u16),
}

impl SignalingSocket {
    pub(crate) fn new(events: Events) -> SignalingSocket {
        SignalingSocket { events, current: None }
    }

    pub(crate) fn perform(&mut self, effect: SignalingEffect) {
        match effect {
            SignalingEffect::Open { generation } => {
                let (sender, commands) = unbounded();
                self.current = Some(sender);
                spawn_local(run(generation, commands, self.events.clone()));
            }
            SignalingEffect::Send(text) => self.command(Command::Send(text)),
            SignalingEffect::Close { goodbye } => {
                self.command(Command::Close(if goodbye { CLOSE_NORMAL } else { CLOSE_TO_RESUME }));
                self.current = None;
            }
        }
    }

    fn command(&self, command: Command) {
        if let Some(current) = &self.current {
            // A task that is gone has told `Closed` already.
            let _ = current.unbounded_send(command);
        }
    }
}

/// Owns one WebSocket from its opening to its end.
async fn run(generation: Generation, mut commands: UnboundedReceiver<Command>, events: Events) {
    let tell = |event| events.tell(Input::Signaling { generation, event });
    let mut asked = false;
    let mut socket = loop {
        match open(&mut commands).await {
            Opening::Opened(socket) => break socket,
            Opening::GivenUp => return,
            Opening::Failed => {}
        }
        let trouble = match admission::ask().await {
            // The answer may have brought what was missing.
            Admission::Admitted if !asked => {
                asked = true;
                continue;
            }
            Admission::Admitted => Some(ServerTrouble::NoWebSockets),
            Admission::Refused(trouble) => Some(trouble),
            Admission::NoAnswer => None,
        };
        tell(SignalingEvent::NotOpened(trouble));
        return tell(SignalingEvent::Closed);
    };
    tell(SignalingEvent::Opened);
    loop {
        match select(socket.next(), commands.next()).await {
            Either::Left((Some(Ok(Message::Text(text))), _)) => tell(SignalingEvent::Frame(text)),
            // The protocol has no binary frames.
            Either::Left((Some(Ok(Message::Bytes(_))), _)) => {}
            Either::Left((Some(Err(_)) | None, _)) => return tell(SignalingEvent::Closed),
            Either::Right((Some(Command::Send(text)), _)) => {
                if socket.send(Message::Text(text)).await.is_err() {
                    // Left to itself, it would be closed with a goodbye, and the call would end.
                    close(socket, None);
                    return tell(SignalingEvent::Closed);
                }
            }
            Either::Right((command, _)) => return close(socket, command),
        }
    }
}

enum Opening {
    Opened(WebSocket),
    Failed,
    /// It isn't wanted any more.
    GivenUp,
}

async fn open(commands: &mut UnboundedReceiver<Command>) -> Opening {
    let Some(mut socket) = url().and_then(|url| WebSocket::open(&url).ok()) else { return Opening::Failed };
    loop {
        let ready = poll_fn(|context| Pin::new(&mut socket).poll_ready(context));
        match select(ready, commands.next()).await {
            Either::Left(_) => break,
            Either::Right((Some(Command::Send(_)), _)) => {}
            Either::Right((command, _)) => {
                close(socket, command);
                return Opening::GivenUp;
            }
        }
    }
    // It is called ready, too, once it has failed.
    if matches!(socket.state(), State::Open) { Opening::Opened(socket) } else { Opening::Failed }
}

fn close(socket: WebSocket, command: Option<Command>) {
    let code = match command {
        Some(Command::Close(code)) => code,
        // Another WebSocket was opened in place of this one.
        Some(Command::Send(_)) | None => CLOSE_TO_RESUME,
    };
    // An error means that it is closed already.
    let _ = socket.close(Some(code), None);
}

/// Returns the address of the server that the page came from: `ws://…` for `http://…`, and `wss://…` for
/// `https://…`.
pub(super) fn url() -> Option<String> {
    Some(["ws", base()?.strip_prefix("http")?, "ws"].concat())
}
