//! What must hold of every stream of bytes in place of a WebSocket, and of every request for one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{FutureExt, StreamExt};
use http::request::Parts;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::handshake::{Handshake, handshake as read_handshake};
use super::{WebSocket, config, is_too_many_fragments};

/// Bytes that come in pieces, and an end after them. What is written goes nowhere.
struct Pieces<'a> {
    bytes: &'a [u8],
    piece: usize,
}

impl AsyncRead for Pieces<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = self.piece.min(buf.remaining()).min(self.bytes.len());
        let (piece, rest) = self.bytes.split_at(length);
        buf.put_slice(piece);
        self.bytes = rest;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pieces<'_> {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Checks one stream, which comes in pieces of so many bytes.
///
/// # Panics
/// If a WebSocket that gives back its buffers reads anything else than one that keeps them.
pub fn websocket(bytes: &[u8], piece: usize) {
    let pieces = || Pieces { bytes, piece: piece.max(1) };
    let (ours, our_end) = read(WebSocket::new(pieces())).now_or_never().expect("it never waits");
    let plain = WebSocketStream::from_raw_socket(pieces(), Role::Server, Some(config()));
    let (theirs, their_end) = read_plainly(plain).now_or_never().expect("it never waits");
    if our_end.as_ref().is_some_and(is_too_many_fragments) {
        assert!(theirs.starts_with(&ours));
        return;
    }
    assert_eq!(ours, theirs);
    assert_eq!(our_end.map(|error| error.to_string()), their_end.map(|error| error.to_string()));
}

/// Returns what it reads up to a close frame, and how it ends otherwise.
async fn read<'a>(socket: impl Future<Output = WebSocket<Pieces<'a>>>) -> (Vec<Message>, Option<Error>) {
    let mut socket = socket.await;
    let mut messages = Vec::new();
    loop {
        match socket.receive().await {
            Some(Ok(message)) => messages.push(message),
            Some(Err(error)) => return (messages, Some(error)),
            None => return (messages, None),
        }
        if matches!(messages.last(), Some(Message::Close(_))) {
            return (messages, None);
        }
        // Where a connection's task does it.
        if socket.can_shrink() {
            if let Err(error) = socket.flush().await {
                return (messages, Some(error));
            }
            socket = socket.shrunk().await;
        }
    }
}

async fn read_plainly<'a>(
    socket: impl Future<Output = WebSocketStream<Pieces<'a>>>,
) -> (Vec<Message>, Option<Error>) {
    let mut socket = socket.await;
    let mut messages = Vec::new();
    loop {
        match socket.next().await {
            Some(Ok(message)) => messages.push(message),
            Some(Err(error)) => return (messages, Some(error)),
            None => return (messages, None),
        }
        if matches!(messages.last(), Some(Message::Close(_))) {
            return (messages, None);
        }
    }
}

/// Checks one request.
///
/// # Panics
/// If a WebSocket is opened that wasn't asked for.
pub(crate) fn handshake(parts: Parts) {
    if let Ok(Handshake::Header(accept)) = read_handshake(&parts) {
        // A hash of 20 bytes, in Base64.
        assert_eq!(accept.len(), 28);
        assert!(parts.headers.contains_key("upgrade") && parts.headers.contains_key("sec-websocket-key"));
    }
}
