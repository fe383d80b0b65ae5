//! A stream that reads no faster than anybody has to be read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::pace::{CONNECTION_RATE, READ_AGAIN, ReadBudget};

/// Reads at the rate of one connection, if it shares its connection with others.
pub(crate) struct PacedStream<S> {
    stream: S,
    budget: Option<ReadBudget>,
    /// While the budget is used up.
    pause: Option<Pin<Box<Sleep>>>,
}

impl<S> PacedStream<S> {
    pub(crate) fn new(stream: S, is_shared: bool) -> PacedStream<S> {
        let budget = is_shared.then(|| ReadBudget::new(CONNECTION_RATE));
        PacedStream { stream, budget, pause: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PacedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.budget.as_mut().is_some_and(|budget| !budget.has_some()) {
            let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(READ_AGAIN)));
            while pause.as_mut().poll(cx).is_ready() {
                pause.as_mut().reset(Instant::now() + READ_AGAIN);
            }
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buf);
        let read = buf.filled().len() - before;
        if let Some(budget) = &mut self.budget {
            budget.spend(read);
        }
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PacedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_that_shares_a_connection_is_read_at_the_rate_of_one() {
        for (is_shared, expected) in [(true, 1.0..1.3), (false, 60.0..200.0)] {
            let (mut client, server) = duplex(64 * 1024);
            let mut server = PacedStream::new(server, is_shared);
            let flooding = tokio::spawn(async move {
                // Comes as fast as the clock ticks: 62 MiB a second.
                while client.write_all(&[0; 64 * 1024]).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
            let mut buffer = [0; 8 * 1024];
            let began = Instant::now();
            let mut read = 0;
            while began.elapsed() < Duration::from_secs(2) {
                read += server.read(&mut buffer).await.unwrap();
            }
            flooding.abort();
            let mebibytes = read as f64 / 1024.0 / 1024.0;
            assert!(expected.contains(&mebibytes), "{mebibytes}");
        }
    }
}
