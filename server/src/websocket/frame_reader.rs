//! Reads a stream frame by frame.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::boundaries::Boundaries;

/// A stream of which one read returns bytes of one frame at most. So whoever decodes it holds nothing of the
/// next message when one is complete, and can be replaced.
pub(super) struct FrameReader<S> {
    stream: S,
    boundaries: Boundaries,
    /// What was read beyond the end of a frame. Takes no memory as long as frames come one by one.
    beyond: Bytes,
    /// When the first byte came of the message, or control frame, that isn't complete.
    incomplete_since: Option<Instant>,
}

/// How many frames a message may have. Each costs as much as a short message, but the hub doesn't count them.
const MOST_FRAGMENTS: u32 = 1024;

impl<S> FrameReader<S> {
    pub(super) fn new(stream: S) -> FrameReader<S> {
        FrameReader {
            stream,
            boundaries: Boundaries::default(),
            beyond: Bytes::new(),
            incomplete_since: None,
        }
    }

    /// Returns whether what was read ends with a message.
    pub(super) fn is_between_messages(&self) -> bool {
        self.boundaries.is_between_messages()
    }

    pub(super) fn incomplete_since(&self) -> Option<Instant> {
        self.incomplete_since
    }

    /// Follows `bytes` to the end of their first frame. Returns how many that are.
    fn follow(&mut self, bytes: &[u8]) -> usize {
        let taken = self.boundaries.advance(bytes);
        if self.boundaries.is_between_messages() {
            self.incomplete_since = None;
        } else if self.incomplete_since.is_none() {
            self.incomplete_since = Some(Instant::now());
        }
        taken
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FrameReader<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let reader = self.get_mut();
        if reader.boundaries.fragments() > MOST_FRAGMENTS {
            return Poll::Ready(Err(TooManyFragments.into()));
        }
        if reader.beyond.is_empty() {
            let before = buf.filled().len();
            ready!(Pin::new(&mut reader.stream).poll_read(cx, buf))?;
            let read = buf.filled().get(before..).unwrap_or_default();
            let taken = reader.follow(read);
            reader.beyond = Bytes::copy_from_slice(&read[taken..]);
            buf.set_filled(before + taken);
        } else {
            let most = reader.beyond.len().min(buf.remaining());
            let beyond = reader.beyond.clone();
            let taken = reader.follow(&beyond[..most]);
            buf.put_slice(&beyond[..taken]);
            reader.beyond = beyond.slice(taken..);
        }
        Poll::Ready(Ok(()))
    }
}

/// A message has more than [`MOST_FRAGMENTS`].
#[derive(Debug, thiserror::Error)]
#[error("too many fragments")]
pub(super) struct TooManyFragments;

impl From<TooManyFragments> for io::Error {
    fn from(error: TooManyFragments) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FrameReader<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
