//! Serves one WebSocket: reads frames into the hub, writes what the hub has queued, and notices a lost
//! connection.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use tincan_shared::CLOSE_TO_RESUME;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::debug;

use crate::hub::{Close, Drain};
use crate::refusals::{Refusal, Refusals};
use crate::shared_hub::ClientHandle;
use crate::websocket::{Upgrade, WebSocket, is_too_many_fragments};

/// How often the server sends a ping.
const PING_EVERY: Duration = Duration::from_secs(20);
/// After so long without a frame from the client, the connection counts as lost.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(45);
/// If writing one frame takes longer, the connection counts as lost.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long writing the close frame may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

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
pub(crate) fn upgrade(upgrade: Upgrade, handle: ClientHandle, refusals: Arc<Refusals>) -> Response {
    upgrade.accept(move |socket| serve(socket, handle, refusals))
}

async fn serve<S>(socket: WebSocket<S>, mut handle: ClientHandle, refusals: Arc<Refusals>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    debug!(connection = %handle.id(), "opened");
    let (mut socket, ended) = exchange(socket, &mut handle).await;
    debug!(connection = %handle.id(), reason = ?ended, "closed");
    match ended {
        Ended::ServerClosed(close) if close != Close::COME_BACK && close != Close::REPLACED => {
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
                let frame = CloseFrame { code: close.code.into(), reason: close.reason.into() };
                socket.send(Message::Close(Some(frame))).await
            }
            // Writes the reply to the client's close frame, which waits in the socket.
            Ended::ClientClosed => socket.flush().await,
            Ended::Lost | Ended::Silent | Ended::WriteStalled => Ok(()),
        }
    };
    // Ignores a failure, because nothing more can be done for a client that doesn't read. What was written
    // can still be read for a moment (`listener.rs`).
    let _ = timeout(CLOSE_TIMEOUT, closing).await;
}

/// Exchanges frames until the connection ends. Returns the socket, to be closed.
async fn exchange<S>(mut socket: WebSocket<S>, handle: &mut ClientHandle) -> (WebSocket<S>, Ended)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut heard = Instant::now();
    let mut pinged = heard;
    let mut timer = pin!(sleep_until(heard + PING_EVERY));
    loop {
        let ended = tokio::select! {
            frame = socket.receive() => {
                heard = Instant::now();
                take(&mut socket, handle, frame).await
            }
            () = handle.woken() => write(&mut socket, handle.drain()).await,
            () = &mut timer => {
                let now = Instant::now();
                // A message that never ends is silence, too. It would hold its memory meanwhile.
                let silent = socket.incomplete_since().map_or(heard, |since| since.min(heard));
                if now >= silent + SILENCE_TIMEOUT {
                    Some(Ended::Silent)
                } else {
                    let due = now >= pinged + PING_EVERY;
                    if due {
                        pinged = now;
                    }
                    timer.as_mut().reset((pinged + PING_EVERY).min(silent + SILENCE_TIMEOUT));
                    if due { send(&mut socket, Message::Ping(Default::default())).await } else { None }
                }
            }
        };
        if let Some(ended) = ended {
            return (socket, ended);
        }
        if socket.can_shrink() {
            if let Some(ended) = within_time(socket.flush()).await {
                return (socket, ended);
            }
            socket = socket.shrunk().await;
        }
        // Frames that were read at once take no turns by themselves.
        consume_budget().await;
    }
}

/// "Going away" (RFC 6455, section 7.4.1): what Firefox closes with when a page is left, whatever the page
/// asks for.
const GOING_AWAY: u16 = 1001;

/// Returns whether a client that closes with this code keeps its user for a while. One that closes in order
/// to resume may do so on a new connection before this one is closed; a page that is left may be loaded anew.
fn may_be_back(code: u16) -> bool {
    matches!(code, CLOSE_TO_RESUME | GOING_AWAY)
}

/// Hands a frame to the hub. Returns why the connection ends, if it does.
async fn take<S>(
    socket: &mut WebSocket<S>,
    handle: &mut ClientHandle,
    frame: Option<Result<Message, tungstenite::Error>>,
) -> Option<Ended>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match frame {
        Some(Ok(Message::Text(text))) => handle.receive(&text).await,
        Some(Ok(Message::Binary(_))) => handle.receive_binary(),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => handle.receive_control(),
        Some(Ok(Message::Close(close))) => {
            if close.is_none_or(|close| !may_be_back(close.code.into())) {
                handle.client_closed();
            }
            return Some(Ended::ClientClosed);
        }
        // Only what is written is a raw frame.
        Some(Ok(Message::Frame(_))) => {}
        Some(Err(error)) => match classify(&error) {
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

fn classify(error: &tungstenite::Error) -> ReadError {
    match error {
        tungstenite::Error::Capacity(_) => ReadError::TooLarge,
        tungstenite::Error::Utf8(_) => ReadError::Protocol(Close { code: 1007, reason: "not UTF-8" }),
        tungstenite::Error::Protocol(error) if !is_lost(error) => {
            ReadError::Protocol(Close { code: 1002, reason: "not a WebSocket frame" })
        }
        _ if is_too_many_fragments(error) => {
            ReadError::Protocol(Close { code: 1008, reason: "too many fragments" })
        }
        _ => ReadError::Lost,
    }
}

fn is_lost(error: &tungstenite::error::ProtocolError) -> bool {
    matches!(error, tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)
}

/// Writes what the hub has queued for this connection.
async fn write<S>(socket: &mut WebSocket<S>, drain: Drain) -> Option<Ended>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    for text in drain.frames {
        if let Some(ended) = send(socket, Message::Text(text)).await {
            return Some(ended);
        }
    }
    drain.close.map(Ended::ServerClosed)
}

async fn send<S>(socket: &mut WebSocket<S>, message: Message) -> Option<Ended>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    within_time(socket.send(message)).await
}

/// Waits until something is written, but not for ever.
async fn within_time(writing: impl Future<Output = Result<(), tungstenite::Error>>) -> Option<Ended> {
    match timeout(WRITE_TIMEOUT, writing).await {
        Ok(Ok(())) => None,
        Ok(Err(_)) => Some(Ended::Lost),
        Err(_) => Some(Ended::WriteStalled),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{SinkExt, StreamExt};
    use tokio::io::{DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::protocol::Role;
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

    use super::*;
    use crate::hub::{ClientAddress, Hub, Limits};
    use crate::shared_hub::SharedHub;

    /// A client, and the task that serves it over a pipe that holds so many bytes.
    async fn served(pipe_bytes: usize) -> (WebSocketStream<DuplexStream>, JoinHandle<()>) {
        let hub = Hub::new(Limits::default(), Vec::new(), Box::new(|| 0));
        let Ok(handle) = Arc::new(SharedHub::new(hub)).connect(ClientAddress::Unknown, None) else {
            panic!("nobody else is here");
        };
        let (client, server) = duplex(pipe_bytes);
        let task = tokio::spawn(async {
            serve(WebSocket::new(server).await, handle, Arc::new(Refusals::default())).await;
        });
        (WebSocketStream::from_raw_socket(client, Role::Client, None).await, task)
    }

    /// Or an idle page would lose its connection, over and over. Each number there is a default, measured by
    /// `tests/proxies/idle.rs`.
    #[test]
    fn pings_come_before_a_proxy_takes_a_connection_for_dead() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/HOSTING.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (_, table) = text.split_once("| proxy | ends a silent WebSocket after |").unwrap();
        let (table, _) = table.split_once("\n\n").unwrap();
        let seconds = |row: &str| row.split('|').nth(2)?.trim().split(' ').next()?.parse().ok();
        let defaults: Vec<u64> = table.lines().filter_map(seconds).collect();
        assert_eq!(defaults.len(), 3, "{table}");
        let shortest = Duration::from_secs(*defaults.iter().min().unwrap());
        // One that is late doesn't matter.
        assert!(2 * PING_EVERY < shortest, "{shortest:?}");
        assert!(text.contains(&format!("a ping every {} s", PING_EVERY.as_secs())));
    }

    /// A pong waits because the client doesn't read, and then buffers are given back: the pong isn't in them.
    #[tokio::test]
    async fn what_waits_to_be_written_outlives_the_buffers() {
        let (mut client, task) = served(8).await;
        client.send(Message::Ping(vec![b'p'; 100].into())).await.unwrap();
        client.send(Message::text("x".repeat(3000))).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::Pong(vec![b'p'; 100].into()));
        assert!(client.next().await.unwrap().unwrap().into_text().unwrap().contains("not-json"));
        drop(client);
        task.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_never_ends_is_silence_whatever_comes_between() {
        let (mut client, task) = served(4096).await;
        let began = Instant::now();
        let fragment = Frame::message("{", OpCode::Data(Data::Text), false);
        client.send(Message::Frame(fragment)).await.unwrap();
        while !task.is_finished() {
            // Fails once the server has closed.
            let _ = client.send(Message::Ping(Default::default())).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(began.elapsed() <= SILENCE_TIMEOUT + Duration::from_secs(2));
        }
        assert!(began.elapsed() >= SILENCE_TIMEOUT);
        task.await.unwrap();
    }
}
