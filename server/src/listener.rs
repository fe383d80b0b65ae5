//! Accepts TCP connections, and closes them such that the client can still read what was written last.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;

use crate::idle_timeout::IdleTimeout;

/// A TCP listener whose connections [linger](LingeringStream).
pub(crate) struct LingeringListener(pub(crate) TcpListener);

impl Listener for LingeringListener {
    type Io = LingeringStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (LingeringStream, SocketAddr) {
        // axum's implementation ignores errors that pass, and waits when there are no file descriptors.
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Signaling sends small frames that somebody waits for. If this fails, they are only slower.
        let _ = stream.set_nodelay(true);
        (LingeringStream::new(stream, IDLE_TIMEOUT), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A TCP stream that keeps reading for a moment after it was dropped.
///
/// Closing a socket that has unread bytes makes the kernel send a reset, which discards what the client has
/// not read yet: a client that sends too large a frame would never see the error that says so.
pub(crate) struct LingeringStream {
    /// Taken out only on drop.
    stream: Option<TcpStream>,
    /// The client has closed its half, or the connection is broken, so there is nothing to linger for.
    finished: bool,
    idle_timeout: IdleTimeout,
}

/// Three times the longest that the server itself stays silent (`PING_EVERY` in `socket.rs`).
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 4 * 1024 * 1024;

impl Drop for LingeringStream {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        if let (Some(stream), Ok(runtime)) = (self.stream.take(), Handle::try_current()) {
            runtime.spawn(linger(stream));
        }
    }
}

async fn linger(mut stream: TcpStream) {
    let discard = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(LINGER_BYTES), &mut tokio::io::sink()).await
    };
    // The stream is closed now, however this ended.
    let _ = tokio::time::timeout(LINGER, discard).await;
}

impl LingeringStream {
    fn new(stream: TcpStream, idle_timeout: Duration) -> LingeringStream {
        LingeringStream {
            stream: Some(stream),
            finished: false,
            idle_timeout: IdleTimeout::new(idle_timeout),
        }
    }

    /// Returns the stream, which is there until the drop.
    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Passes on the result of a write, and renews the idle timeout if anything was written.
    fn note_written(&mut self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(result, Poll::Ready(Ok(1..))) {
            self.idle_timeout.renew();
        }
        self.note(result)
    }

    /// Passes on the result of a read or a write, and notes an error, after which nothing follows.
    fn note<T>(&mut self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.finished |= matches!(result, Poll::Ready(Err(_)));
        result
    }
}

impl AsyncRead for LingeringStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let mut result = self.stream()?.poll_read(cx, buf);
        if result.is_pending() && self.idle_timeout.has_run_out(cx) {
            result = Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if matches!(result, Poll::Ready(Ok(()))) && buf.filled().len() == before && buf.remaining() > 0 {
            self.finished = true;
        }
        self.note(result)
    }
}

impl AsyncWrite for LingeringStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = self.stream()?.poll_write(cx, buf);
        self.note_written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = self.stream()?.poll_write_vectored(cx, bufs);
        self.note_written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pair(idle_timeout: Duration) -> (LingeringStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (LingeringStream::new(listener.accept().await.unwrap().0, idle_timeout), client)
    }

    #[tokio::test]
    async fn a_request_that_never_ends_is_given_up() {
        let (mut server, mut client) = pair(Duration::from_millis(100)).await;
        let trickle = tokio::spawn(async move {
            while client.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let mut nowhere = tokio::io::sink();
        let read = tokio::io::copy(&mut server, &mut nowhere);
        let error = tokio::time::timeout(Duration::from_secs(20), read).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(server);
        trickle.await.unwrap();
    }

    #[tokio::test]
    async fn one_who_is_answered_may_stay() {
        let (mut server, _client) = pair(Duration::from_millis(300)).await;
        for _ in 0..10 {
            let read = tokio::time::timeout(Duration::from_millis(60), server.read_u8()).await;
            assert!(read.is_err(), "nothing to read, and no end");
            server.write_all(b"x").await.unwrap();
        }
    }
}
