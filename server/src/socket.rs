//! Serves one WebSocket: reads frames into the hub, writes what the hub has queued, and notices a lost
//! connection.

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

/// How often the server sends a ping.
const PING_EVERY: Duration = Duration::from_secs(20);
/// After so long without a frame from the client, the connection counts as lost.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(45);
/// If writing one frame takes longer, the connection counts as lost.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long writing the close frame may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The size of the read buffer, which each idle connection holds. The default is 128 KiB.
const READ_BUFFER_BYTES: usize = 1024;

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
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
    let ended = exchange(&mut socket, &mut handle).await;
    debug!(connection = %handle.id(), reason = ?ended, "closed");
    match ended {
        Ended::ServerClosed(close) if close != Close::GOING_AWAY && close != Close::REPLACED => {
            refusals.note(Refusal::Closed(close.reason));
        }
        Ended::WriteStalled => refusals.note(Refusal::SlowReader),
        _ => {}
    }
    // Tells the hub first, because closing may take a while.
    drop(handle);
    let closing = async {
        match ended {
            Ended::ServerClosed(close) => {
                let frame = CloseFrame { code: close.code, reason: close.reason.into() };
                socket.send(Message::Close(Some(frame))).await
            }
            // Writes the reply to the client's close frame, which waits in the socket.
            Ended::ClientClosed => socket.close().await,
            Ended::Lost | Ended::Silent | Ended::WriteStalled => Ok(()),
        }
    };
    // Ignores a failure, because nothing more can be done for a client that doesn't read. What was written
    // can still be read for a moment (`listener.rs`).
    let _ = timeout(CLOSE_TIMEOUT, closing).await;
}

/// Exchanges frames until the connection ends.
async fn exchange(socket: &mut WebSocket, handle: &mut ClientHandle) -> Ended {
    let mut heard = Instant::now();
    let mut pinged = heard;
    let mut timer = pin!(sleep_until(heard + PING_EVERY));
    loop {
        tokio::select! {
            frame = socket.recv() => {
                heard = Instant::now();
                if let Some(ended) = take(socket, handle, frame).await {
                    return ended;
                }
            }
            () = handle.woken() => {
                if let Some(ended) = write(socket, handle.drain()).await {
                    return ended;
                }
            }
            () = &mut timer => {
                let now = Instant::now();
                if now >= heard + SILENCE_TIMEOUT {
                    return Ended::Silent;
                }
                if now >= pinged + PING_EVERY {
                    pinged = now;
                    if let Some(ended) = send(socket, Message::Ping(Default::default())).await {
                        return ended;
                    }
                }
                timer.as_mut().reset((pinged + PING_EVERY).min(heard + SILENCE_TIMEOUT));
            }
        }
    }
}

/// Hands a frame to the hub. Returns why the connection ends, if it does.
async fn take(
    socket: &mut WebSocket,
    handle: &mut ClientHandle,
    frame: Option<Result<Message, axum::Error>>,
) -> Option<Ended> {
    match frame {
        Some(Ok(Message::Text(text))) => handle.receive(&text),
        Some(Ok(Message::Binary(_))) => handle.receive_binary(),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => handle.receive_control(),
        Some(Ok(Message::Close(close))) => {
            // A client that closes in order to resume may do so on a new connection before this one is
            // closed, so its user stays.
            if close.is_none_or(|close| close.code != CLOSE_TO_RESUME) {
                handle.client_closed();
            }
            return Some(Ended::ClientClosed);
        }
        Some(Err(error)) => match classify(error) {
            ReadError::TooLarge => {
                handle.receive_too_large();
                // Writes at once and reads no more, because the stream goes on in the middle of a frame.
                return write(socket, handle.drain()).await;
            }
            ReadError::Protocol(close) => return Some(Ended::ServerClosed(close)),
            ReadError::Lost => return Some(Ended::Lost),
        },
        None => return Some(Ended::Lost),
    }
    None
}

/// Why reading failed.
enum ReadError {
    TooLarge,
    Protocol(Close),
    Lost,
}

fn classify(error: axum::Error) -> ReadError {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => ReadError::TooLarge,
        Some(tungstenite::Error::Utf8(_)) => ReadError::Protocol(Close { code: 1007, reason: "not UTF-8" }),
        Some(tungstenite::Error::Protocol(error)) if !is_lost(error) => {
            ReadError::Protocol(Close { code: 1002, reason: "not a WebSocket frame" })
        }
        _ => ReadError::Lost,
    }
}

fn is_lost(error: &tungstenite::error::ProtocolError) -> bool {
    matches!(error, tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)
}

/// Writes what the hub has queued for this connection.
async fn write(socket: &mut WebSocket, drain: Drain) -> Option<Ended> {
    for text in drain.frames {
        if let Some(ended) = send(socket, Message::Text(text)).await {
            return Some(ended);
        }
    }
    drain.close.map(Ended::ServerClosed)
}

async fn send(socket: &mut WebSocket, message: Message) -> Option<Ended> {
    match timeout(WRITE_TIMEOUT, socket.send(message)).await {
        Ok(Ok(())) => None,
        Ok(Err(_)) => Some(Ended::Lost),
        Err(_) => Some(Ended::WriteStalled),
    }
}
