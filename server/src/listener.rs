//! Accepts TCP connections, bounds what they cost, and lets go of them so that the last thing written is also
//! read.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::{Instant, Sleep, sleep};

use crate::idle_timeout::IdleTimeout;
use crate::open_streams::{OpenStreams, StreamPlace};
use crate::pace::{CONNECTION_RATE, READ_AGAIN, ReadBudget, WriteWatch};
use crate::refusals::{Refusal, Refusals};

/// A TCP listener whose connections are [bounded](BoundedStream).
pub(crate) struct BoundedListener {
    listener: TcpListener,
    streams: Arc<OpenStreams>,
    refusals: Arc<Refusals>,
}

impl BoundedListener {
    pub(crate) fn new(
        listener: TcpListener,
        streams: Arc<OpenStreams>,
        refusals: Arc<Refusals>,
    ) -> BoundedListener {
        BoundedListener { listener, streams, refusals }
    }
}

/// What the system may keep for somebody who reads slowly. By itself it would go up to some megabytes.
const SEND_BUFFER_BYTES: usize = 64 * 1024;
/// How long to wait when the system has no file for a connection.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

impl BoundedListener {
    /// Waits for a connection. What can't be accepted is counted, and passed over.
    pub(crate) async fn accept(&mut self) -> (BoundedStream, SocketAddr) {
        // Or some hundred that come at once would be taken before anybody is served. Nothing is taken yet, so
        // nothing is lost if nobody waits for this any longer.
        yield_now().await;
        loop {
            let (stream, address) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                // The client is gone again.
                Err(error) if is_of_connection(&error) => continue,
                Err(_) => {
                    self.refusals.note(Refusal::Accept);
                    sleep(ACCEPT_AGAIN).await;
                    continue;
                }
            };
            match self.streams.enter(address.ip()) {
                Ok(place) => {
                    // Signaling sends small frames that somebody waits for. If this fails, they are only
                    // slower.
                    let _ = stream.set_nodelay(true);
                    let _ = set_socket_send_buffer_size(&stream, SEND_BUFFER_BYTES);
                    let mut stream = BoundedStream::new(stream, IDLE_TIMEOUT);
                    stream.may_share = place.is_of_proxy();
                    stream.place = Some(place);
                    stream.refusals = Some(self.refusals.clone());
                    return (stream, address);
                }
                Err(refusal) => self.refusals.note(refusal),
            }
        }
    }
}

fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A TCP stream that reads no faster than anybody has to be read, gives up on a client who doesn't read, and,
/// when dropped, reads on for a moment.
///
/// Closing a socket that has unread bytes makes the kernel send a reset, which discards what the client has
/// not read yet: a client that sends too large a frame would never see the error that says so.
pub(crate) struct BoundedStream {
    /// Taken out only on drop.
    stream: Option<TcpStream>,
    /// The client has closed its half, or the connection is broken, so there is nothing to linger for.
    finished: bool,
    idle_timeout: IdleTimeout,
    /// `None` once it is known to be shared.
    read_budget: Option<ReadBudget>,
    /// A proxy that speaks HTTP/2 has many clients on it, each of whom has a budget (`paced_stream.rs`). It
    /// is known by its first bytes.
    may_share: bool,
    /// While a budget is used up.
    pause: Option<Pin<Box<Sleep>>>,
    write_watch: WriteWatch,
    /// Somebody else bounds what it costs.
    is_released: bool,
    /// Its place among those that may be open.
    place: Option<StreamPlace>,
    refusals: Option<Arc<Refusals>>,
}

/// Three times the longest that the server itself stays silent (`PING_EVERY` in `socket.rs`).
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// What HTTP/2 begins with (RFC 9113, section 3.4), as far as no method of HTTP/1.1 is called so.
const HTTP2: &[u8] = b"PRI * HTTP/2.0";

const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 4 * 1024 * 1024;
const LINGER_AT_ONCE: usize = 8 * 1024;

impl Drop for BoundedStream {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        if let (Some(stream), Ok(runtime)) = (self.stream.take(), Handle::try_current()) {
            runtime.spawn(linger(stream, self.place.take()));
        }
    }
}

/// It keeps its place meanwhile, or there could be any number of these, and reads no faster than others from
/// the same address.
async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin, place: Option<StreamPlace>) {
    let discard = async {
        stream.shutdown().await?;
        let mut bytes = vec![0; LINGER_AT_ONCE];
        let mut left = LINGER_BYTES;
        while left > 0 {
            if place.as_ref().is_some_and(|place| !place.may_read()) {
                sleep(READ_AGAIN).await;
                continue;
            }
            let read = stream.read(&mut bytes).await?;
            if read == 0 {
                break;
            }
            if let Some(place) = &place {
                place.spend(read);
            }
            left = left.saturating_sub(read);
        }
        io::Result::Ok(())
    };
    // The stream is closed now, however this ended.
    let _ = tokio::time::timeout(LINGER, discard).await;
}

impl BoundedStream {
    fn new(stream: TcpStream, idle_timeout: Duration) -> BoundedStream {
        BoundedStream {
            stream: Some(stream),
            finished: false,
            idle_timeout: IdleTimeout::new(idle_timeout),
            read_budget: Some(ReadBudget::new(CONNECTION_RATE)),
            may_share: false,
            pause: None,
            write_watch: WriteWatch::default(),
            is_released: false,
            place: None,
            refusals: None,
        }
    }

    /// Waits for the first byte, and leaves it there.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn first_byte(&self) -> io::Result<u8> {
        let mut first = [0];
        let stream = self.stream.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        match stream.peek(&mut first).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(first[0]),
        }
    }

    /// Lets go of the place and of every bound: who serves the stream from now on has bounds of their own.
    pub(crate) fn release(&mut self) {
        self.is_released = true;
        self.place = None;
        // Whoever closes it says nothing last that has to be read.
        self.finished = true;
    }

    /// Returns the stream, which is there until the drop.
    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn may_read(&mut self) -> bool {
        let address = self.place.as_ref().is_none_or(StreamPlace::may_read);
        self.is_released || (self.read_budget.as_mut().is_none_or(ReadBudget::has_some) && address)
    }

    /// Has the task look again in a while.
    fn wait_to_read(&mut self, cx: &mut Context<'_>) {
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(READ_AGAIN)));
        while pause.as_mut().poll(cx).is_ready() {
            pause.as_mut().reset(Instant::now() + READ_AGAIN);
        }
    }

    /// Passes on a result of writing, unless it took too long.
    fn note_written(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if self.is_released {
            return result;
        }
        let too_slow = match result {
            Poll::Ready(Ok(bytes @ 1..)) => {
                self.idle_timeout.renew();
                self.write_watch.wrote(bytes)
            }
            Poll::Pending => self.write_watch.waits(cx),
            Poll::Ready(_) => false,
        };
        if too_slow {
            return self.give_up(Refusal::SlowReader, io::ErrorKind::TimedOut);
        }
        self.note(result)
    }

    fn give_up<T>(&mut self, refusal: Refusal, error: io::ErrorKind) -> Poll<io::Result<T>> {
        if let Some(refusals) = &self.refusals {
            refusals.note(refusal);
        }
        self.note(Poll::Ready(Err(error.into())))
    }

    /// Passes on the result of a read or a write, and notes an error, after which nothing follows.
    fn note<T>(&mut self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.finished |= matches!(result, Poll::Ready(Err(_)));
        result
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.may_read() {
            self.wait_to_read(cx);
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let mut result = self.stream()?.poll_read(cx, buf);
        if result.is_pending() && !self.is_released && self.idle_timeout.has_run_out(cx) {
            result = Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let read = buf.filled().len() - before;
        if matches!(result, Poll::Ready(Ok(()))) && read == 0 && buf.remaining() > 0 {
            self.finished = true;
        }
        if read > 0 && std::mem::take(&mut self.may_share) && buf.filled()[before..].starts_with(HTTP2) {
            self.read_budget = None;
        }
        if let Some(budget) = &mut self.read_budget {
            budget.spend(read);
        }
        if let Some(place) = &self.place {
            place.spend(read);
        }
        self.note(result)
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = self.stream()?.poll_write(cx, buf);
        self.note_written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = self.stream()?.poll_write_vectored(cx, bufs);
        self.note_written(cx, result)
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
    use crate::open_streams::StreamLimits;

    async fn pair(idle_timeout: Duration) -> (BoundedStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (BoundedStream::new(listener.accept().await.unwrap().0, idle_timeout), client)
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

    /// A relayed call sends more than any page does, and may be silent for minutes.
    #[tokio::test]
    async fn one_who_is_released_has_no_bounds() {
        let (mut server, mut client) = pair(Duration::from_millis(50)).await;
        server.release();
        let sent = tokio::spawn(async move {
            client.write_all(&[0; 1024 * 1024]).await.unwrap();
            client
        });
        server.read_exact(&mut [0; 1024 * 1024]).await.unwrap();
        assert!(server.may_read(), "it has sent twice as much as there is for a second");
        let _client = sent.await.unwrap();
        let silence = tokio::time::timeout(Duration::from_millis(200), server.read_u8()).await;
        assert!(silence.is_err(), "nothing to read, and no end");
    }

    /// Or whoever is closed, and sends on, could send as much as they like.
    #[tokio::test(start_paused = true)]
    async fn what_is_read_after_the_end_counts() {
        let limits = StreamLimits { in_all: 1, of_address: 1, trusted_proxies: Arc::from([]) };
        let streams = Arc::new(OpenStreams::new(limits));
        let place = streams.enter([192, 0, 2, 1].into()).unwrap();
        let mebibyte = 1024 * 1024;
        // Half a second of what it may send.
        place.spend(5 * mebibyte);
        let (mut client, server) = tokio::io::duplex(mebibyte / 16);
        let lingering = tokio::spawn(linger(server, Some(place)));
        let mut written = 0;
        while let Ok(bytes) = client.write(&[0; 1024]).await {
            written += bytes;
        }
        lingering.await.unwrap();
        assert!((mebibyte..LINGER_BYTES * 7 / 8).contains(&written), "{written} bytes");
    }
}
