//! Accepts connections, plain or by TLS. No handshake holds up another one.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::debug;

use crate::listener::{BoundedListener, BoundedStream};

/// Accepts connections, and makes those secure that ask for it, if there is a certificate.
pub(crate) struct ClientListener {
    listener: BoundedListener,
    acceptor: Option<TlsAcceptor>,
    /// They are as many as there are places for connections, and each ends in time.
    handshakes: JoinSet<Option<(ClientStream, SocketAddr)>>,
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

/// How long the first byte and the handshake may take together.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The type of a TLS record that begins a handshake (RFC 8446, section 5.1). No method of HTTP begins so.
const TLS_HANDSHAKE: u8 = 22;

impl ClientListener {
    pub(crate) fn new(listener: BoundedListener, tls: Option<Arc<ServerConfig>>) -> ClientListener {
        ClientListener { listener, acceptor: tls.map(TlsAcceptor::from), handshakes: JoinSet::new() }
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
                    self.handshakes.spawn(async move {
                        let begun = timeout(HANDSHAKE, begin(stream, acceptor)).await;
                        let begun = begun.map_err(io::Error::from).flatten();
                        // No more than that, or a scanner could fill the log.
                        begun.inspect_err(|error| debug!(%error, "no handshake")).ok().map(|it| (it, address))
                    });
                }
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some((stream, address))) = done {
                        let is_tls = matches!(stream, ClientStream::Tls(_));
                        return (stream, Peer { address, is_tls });
                    }
                }
            }
        }
    }
}

async fn begin(stream: BoundedStream, acceptor: TlsAcceptor) -> io::Result<ClientStream> {
    if stream.first_byte().await? == TLS_HANDSHAKE {
        Ok(ClientStream::Tls(Box::new(acceptor.accept(stream).await?)))
    } else {
        Ok(ClientStream::Plain(stream))
    }
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
