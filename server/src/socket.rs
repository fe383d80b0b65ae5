//! One WebSocket: reads into the hub, writes what the hub has for it, and notices when nobody is there.

use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::SinkExt;
use tincan_shared::{CLOSE_TO_RESUME, MAX_FRAME_BYTES};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use tracing::debug;

use crate::hub::{Close, Drain};
use crate::shared_hub::ClientHandle;

/// How often a sign of life is asked for.
const PING_EVERY: Duration = Duration::from_secs(20);
/// So long without any is a lost connection.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(45);
/// So long for one frame to leave is a lost connection.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// So long for the last words.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What one idle connection holds while it waits for a frame. The default is 128 KiB.
const READ_BUFFER_BYTES: usize = 1024;

/// Why a connection is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    ClientClosed,
    ServerClosed(Close),
    Lost,
    Silent,
    WriteStalled,
}

/// Accepts the upgrade, and then serves the WebSocket in a task of its own.
pub(crate) fn upgrade(upgrade: WebSocketUpgrade, handle: ClientHandle) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * MAX_FRAME_BYTES)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| serve(socket, handle))
}

async fn serve(mut socket: WebSocket, mut handle: ClientHandle) {
    debug!(connection = %handle.id(), "opened");
    let ended = exchange(&mut socket, &mut handle).await;
    debug!(connection = %handle.id(), reason = ?ended, "closed");
    // The hub hears of it before the closing, which may take a while.
    drop(handle);
    let closing = async {
        match ended {
            Ended::ServerClosed(close) => {
                let frame = CloseFrame { code: close.code, reason: close.reason.into() };
                socket.send(Message::Close(Some(frame))).await
            }
            // The reply to the client's close frame waits to be written.
            Ended::ClientClosed => socket.close().await,
            Ended::Lost | Ended::Silent | Ended::WriteStalled => Ok(()),
        }
    };
    // Nothing more can be done for one who doesn't take it; what was written lingers (`listener.rs`).
    let _ = timeout(CLOSE_TIMEOUT, closing).await;
}

/// Until the connection is ended.
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

/// Hands a frame to the hub.
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
            // One who closes to resume on a new connection may find that faster than this one closes.
            if close.is_none_or(|close| close.code != CLOSE_TO_RESUME) {
                handle.client_closed();
            }
            return Some(Ended::ClientClosed);
        }
        Some(Err(error)) => match classify(error) {
            ReadError::TooLarge => {
                handle.receive_too_large();
                // At once: what follows in the stream is the middle of a frame, and not to be read.
                return write(socket, handle.drain()).await;
            }
            ReadError::Protocol(close) => return Some(Ended::ServerClosed(close)),
            ReadError::Lost => return Some(Ended::Lost),
        },
        None => return Some(Ended::Lost),
    }
    None
}

/// What went wrong with reading.
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

/// Writes what the hub has for this connection.
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
