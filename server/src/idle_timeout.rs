//! How long a connection may wait for the other side without anything being written to it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Runs out when nothing has been written for a while.
///
/// axum sets no limit for how long a request may take to arrive. But whoever has been heard is answered: a
/// page, or a WebSocket's ping at the latest after 20 s (`socket.rs`). So one to whom we have nothing to say
/// for so long is sending a request that never ends, or none.
pub(crate) struct IdleTimeout {
    limit: Duration,
    renewed: Instant,
    /// May be early, never late: it is set anew only when it rings.
    timer: Pin<Box<Sleep>>,
}

impl IdleTimeout {
    pub(crate) fn new(limit: Duration) -> IdleTimeout {
        IdleTimeout { limit, renewed: Instant::now(), timer: Box::pin(sleep(limit)) }
    }

    /// Something was written.
    pub(crate) fn renew(&mut self) {
        self.renewed = Instant::now();
    }

    /// Returns whether it has run out; otherwise the task is woken when it may have.
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
