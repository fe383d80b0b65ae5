//! Limits how long a connection may stay open without anything being written to it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Runs out when nothing has been written for a while.
///
/// axum sets no limit for how long a request may take to arrive. But every client that has been heard is
/// answered: by a page, or on a WebSocket by a ping after at most 20 s (`socket.rs`). So a client to which
/// nothing was written for longer is sending a request that never ends, or none.
pub(crate) struct IdleTimeout {
    limit: Duration,
    renewed: Instant,
    /// May fire early, but never late, because it is reset only when it fires.
    timer: Pin<Box<Sleep>>,
}

impl IdleTimeout {
    pub(crate) fn new(limit: Duration) -> IdleTimeout {
        IdleTimeout { limit, renewed: Instant::now(), timer: Box::pin(sleep(limit)) }
    }

    /// Starts the time anew, because something was written.
    pub(crate) fn renew(&mut self) {
        self.renewed = Instant::now();
    }

    /// Returns whether the time has run out. If not, the task is woken when it may have.
    pub(crate) fn has_run_out(&mut self, cx: &mut Context<'_>) -> bool {
        while let Poll::Ready(()) = self.timer.as_mut().poll(cx) {
            let end = self.renewed + self.limit;
            if end <= Instant::now() {
                return true;
            }
            self.timer.as_mut().reset(end);
        }
        false
    }
}
