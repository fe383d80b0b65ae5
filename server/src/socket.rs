//! One WebSocket: reads into the hub, writes what the hub has for it, and notices when nobody is there.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::SinkExt;
use tincan_shared::{CLOSE_TO_RESUME, MAX_FRAME_BYTES};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use tracing::debug;

use crate::hub::{Close, Drain};
use crate::refusals::{Refusal, Refusals};
use crate::shared_hub::ClientHandle;

/// How often a sign of life is asked for.
const PING_EVERY: Duration = Duration::from_secs(20);
/// So long without any is a lost connection.
const SILENCE: Duration = Duration::from_secs(45);
/// So long for one frame to leave is a lost connection.
const WRITE: Duration = Duration::from_secs(20);
/// So long for the last words.
const FAREWELL: Duration = Duration::from_secs(2);

/// What one idle connection holds while it waits for a frame. The default is 128 KiB.
const READ_BUFFER_BYTES: usize = 1024;

/// Why a connection is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    ClientClosed,
    ServerClosed(Close),
    Lost,
    Silent,
    WriteStalled,
}

/// Accepts the upgrade, and then serves the WebSocket in a task of its own.
pub(crate) fn upgrade(upgrade: WebSocketUpgrade, handle: ClientHandle, refusals: Arc<Refusals>) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * MAX_FRAME_BYTES)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| serve(socket, handle, refusals))
}

async fn serve(mut socket: WebSocket, mut handle: ClientHandle, refusals: Arc<Refusals>) {
    debug!(connection = %handle.id(), "opened");
    let over = exchange(&mut socket, &mut handle).await;
    debug!(connection = %handle.id(), reason = ?over, "closed");
    match over {
        Over::ServerClosed(close) if close != Close::GOING_AWAY && close != Close::REPLACED => {
            refusals.note(Refusal::Closed(close.reason));
        }
        Over::WriteStalled => refusals.note(Refusal::SlowReader),
        _ => {}
    }
    // The hub hears of it before the farewell, which may take a while.
    drop(handle);
    let farewell = async {
        match over {
            Over::ServerClosed(close) => {
                let frame = CloseFrame { code: close.code, reason: close.reason.into() };
                socket.send(Message::Close(Some(frame))).await
            }
            // The reply to the client's close frame waits to be written.
            Over::ClientClosed => socket.close().await,
            Over::Lost | Over::Silent | Over::WriteStalled => Ok(()),
        }
    };
    // Nothing more can be done for one who doesn't take it; what was written lingers (`listener.rs`).
    let _ = timeout(FAREWELL, farewell).await;
}

/// Until the connection is over.
async fn exchange(socket: &mut WebSocket, handle: &mut ClientHandle) -> Over {
    let mut heard = Instant::now();
    let mut pinged = heard;
    let mut timer = pin!(sleep_until(heard + PING_EVERY));
    loop {
        tokio::select! {
            frame = socket.recv() => {
                heard = Instant::now();
                if let Some(over) = take(socket, handle, frame).await {
                    return over;
                }
            }
            () = handle.woken() => {
                if let Some(over) = write(socket, handle.drain()).await {
                    return over;
                }
            }
            () = &mut timer => {
                let now = Instant::now();
                if now >= heard + SILENCE {
                    return Over::Silent;
                }
                if now >= pinged + PING_EVERY {
                    pinged = now;
                    if let Some(over) = send(socket, Message::Ping(Default::default())).await {
                        return over;
                    }
                }
                timer.as_mut().reset((pinged + PING_EVERY).min(heard + SILENCE));
            }
        }
    }
}

/// Hands a frame to the hub.
async fn take(
    socket: &mut WebSocket,
    handle: &mut ClientHandle,
    frame: Option<Result<Message, axum::Error>>,
) -> Option<Over> {
    match frame {
        Some(Ok(Message::Text(text))) => handle.receive(&text),
        Some(Ok(Message::Binary(_))) => handle.receive_binary(),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => handle.receive_control(),
        Some(Ok(Message::Close(close))) => {
            // One who closes to resume on a new connection may find that faster than this one closes.
            if close.is_none_or(|close| close.code != CLOSE_TO_RESUME) {
                handle.client_closed();
            }
            return Some(Over::ClientClosed);
        }
        Some(Err(error)) => match classify(error) {
            Fault::TooLarge => {
                handle.receive_too_large();
                // At once: what follows in the stream is the middle of a frame, and not to be read.
                return write(socket, handle.drain()).await;
            }
            Fault::Protocol(close) => return Some(Over::ServerClosed(close)),
            Fault::Lost => return Some(Over::Lost),
        },
        None => return Some(Over::Lost),
    }
    None
}

/// What went wrong with reading.
enum Fault {
    TooLarge,
    Protocol(Close),
    Lost,
}

fn classify(error: axum::Error) -> Fault {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => Fault::TooLarge,
        Some(tungstenite::Error::Utf8(_)) => Fault::Protocol(Close { code: 1007, reason: "not UTF-8" }),
        Some(tungstenite::Error::Protocol(error)) if !is_lost(error) => {
            Fault::Protocol(Close { code: 1002, reason: "not a WebSocket frame" })
        }
        _ => Fault::Lost,
    }
}

fn is_lost(error: &tungstenite::error::ProtocolError) -> bool {
    matches!(error, tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)
}

/// Writes what the hub has for this connection.
async fn write(socket: &mut WebSocket, drain: Drain) -> Option<Over> {
    for text in drain.frames {
        if let Some(over) = send(socket, Message::Text(text)).await {
            return Some(over);
        }
    }
    drain.close.map(Over::ServerClosed)
}

async fn send(socket: &mut WebSocket, message: Message) -> Option<Over> {
    match timeout(WRITE, socket.send(message)).await {
        Ok(Ok(())) => None,
        Ok(Err(_)) => Some(Over::Lost),
        Err(_) => Some(Over::WriteStalled),
    }
}
