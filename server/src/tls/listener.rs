//! Accepts connections, plain or by TLS. No handshake holds up another one.
//!
//! A network that lets nothing but HTTPS out still lets TURN over TLS out at the same port. Here it is told
//! from HTTP by its first byte, unless HTTP was agreed to (ALPN): browsers name nothing for TURN.

use std::io;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::debug;

use super::HTTP;
use crate::listener::{BoundedListener, BoundedStream};
use crate::turn_io::TurnStreams;

/// Accepts connections, and makes those secure that ask for it, if there is a certificate.
pub(crate) struct ClientListener {
    listener: BoundedListener,
    acceptor: Option<TlsAcceptor>,
    turn: Option<TurnStreams>,
    /// Handshakes are as many as there are places for connections, and each ends in time. Clients of TURN
    /// stay here, in places of their own.
    tasks: JoinSet<Option<(ClientStream, SocketAddr)>>,
}

/// The connection of a client.
#[expect(clippy::large_enum_variant, reason = "the large one is what there is without TLS")]
pub(crate) enum ClientStream {
    Plain(BoundedStream),
    // Boxed, because it is many times as large.
    Tls(Box<TlsStream<BoundedStream>>),
}

/// Where a connection comes from, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) is_tls: bool,
}

/// What the other side speaks.
#[expect(clippy::large_enum_variant, reason = "the large one is what there is almost always")]
enum Begun {
    Http(ClientStream),
    Turn(Box<TlsStream<BoundedStream>>),
}

/// How long the first byte, the handshake and the first byte behind it may take together.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The type of a TLS record that begins a handshake (RFC 8446, section 5.1). No method of HTTP begins so.
const TLS_HANDSHAKE: u8 = 22;
/// The first byte of a STUN message (RFC 7983, section 7), which is how a client of TURN begins. Data of a
/// channel, which looks like HTTP, comes later.
const STUN: RangeInclusive<u8> = 0..=3;

impl ClientListener {
    pub(crate) fn new(
        listener: BoundedListener,
        tls: Option<Arc<ServerConfig>>,
        turn: Option<TurnStreams>,
    ) -> ClientListener {
        ClientListener { listener, acceptor: tls.map(TlsAcceptor::from), turn, tasks: JoinSet::new() }
    }
}

impl ClientListener {
    /// Waits for a connection that is ready to be served. May be dropped while it waits.
    pub(crate) async fn accept(&mut self) -> (ClientStream, Peer) {
        loop {
            tokio::select! {
                (stream, address) = self.listener.accept() => {
                    let Some(acceptor) = self.acceptor.clone() else {
                        return (ClientStream::Plain(stream), Peer { address, is_tls: false });
                    };
                    let turn = self.turn.clone();
                    self.tasks.spawn(async move {
                        let begun = timeout(HANDSHAKE, begin(stream, acceptor, turn.is_some())).await;
                        let begun = begun.map_err(io::Error::from).flatten();
                        // No more than that, or a scanner could fill the log.
                        match begun.inspect_err(|error| debug!(%error, "no handshake")).ok()? {
                            Begun::Http(stream) => return Some((stream, address)),
                            Begun::Turn(stream) => turn?.serve(stream, address).await,
                        }
                        None
                    });
                }
                Some(done) = self.tasks.join_next() => {
                    if let Ok(Some(ready)) = done {
                        let (stream, address) = ready;
                        let is_tls = matches!(stream, ClientStream::Tls(_));
                        return (stream, Peer { address, is_tls });
                    }
                }
            }
        }
    }
}

async fn begin(stream: BoundedStream, acceptor: TlsAcceptor, has_turn: bool) -> io::Result<Begun> {
    if stream.first_byte().await? != TLS_HANDSHAKE {
        return Ok(Begun::Http(ClientStream::Plain(stream)));
    }
    let mut stream = Box::new(acceptor.accept(stream).await?);
    if has_turn && is_turn(&mut stream).await? {
        stream.get_mut().0.release();
        return Ok(Begun::Turn(stream));
    }
    Ok(Begun::Http(ClientStream::Tls(stream)))
}

async fn is_turn(stream: &mut TlsStream<BoundedStream>) -> io::Result<bool> {
    // Whoever has agreed to HTTP may begin later: browsers open connections in advance.
    if stream.get_ref().1.alpn_protocol() == Some(HTTP) {
        return Ok(false);
    }
    Ok(stream.fill_buf().await?.first().is_some_and(|byte| STUN.contains(byte)))
}

impl AsyncRead for ClientStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            ClientStream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            ClientStream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            ClientStream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            ClientStream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            ClientStream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            ClientStream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            ClientStream::Plain(stream) => stream.is_write_vectored(),
            ClientStream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            ClientStream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            ClientStream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            ClientStream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            ClientStream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
