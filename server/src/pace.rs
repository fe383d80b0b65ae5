//! How fast a connection must take what is written to it, and how much it may send.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Watches that the other side reads. Without it, somebody who asks for pages and reads none would hold their
/// memory for ever.
#[derive(Default)]
pub(crate) struct WriteWatch {
    /// Since a write had to wait.
    window: Option<Window>,
    /// Kept for the next time.
    timer: Option<Pin<Box<Sleep>>>,
    /// Whether the last write had to wait.
    waits: bool,
}

struct Window {
    ends: Instant,
    written: usize,
}

/// So much must be taken …
pub(crate) const LEAST_BYTES: usize = 16 * 1024;
/// … in so long: about as slow as a modem.
pub(crate) const WINDOW: Duration = Duration::from_secs(20);

impl WriteWatch {
    /// So many bytes were written. Returns whether that was too slow.
    pub(crate) fn wrote(&mut self, bytes: usize) -> bool {
        let waited = std::mem::replace(&mut self.waits, false);
        let Some(window) = &mut self.window else { return false };
        window.written = window.written.saturating_add(bytes);
        if window.written >= LEAST_BYTES {
            self.window = None;
        } else if window.ends <= Instant::now() {
            // If nothing was to be written lately, that is not the reader's fault.
            self.window = None;
            return waited;
        }
        false
    }

    /// A write has to wait. Returns whether it has waited too long; otherwise the task is woken when it may
    /// have.
    pub(crate) fn waits(&mut self, cx: &mut Context<'_>) -> bool {
        let now = Instant::now();
        let goes_on = std::mem::replace(&mut self.waits, true);
        let window = self.window.get_or_insert(Window { ends: now + WINDOW, written: 0 });
        if window.ends <= now {
            if goes_on {
                return true;
            }
            *window = Window { ends: now + WINDOW, written: 0 };
        }
        let ends = window.ends;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(ends)));
        if timer.deadline() != ends {
            timer.as_mut().reset(ends);
        }
        matches!(timer.as_mut().poll(cx), Poll::Ready(()))
    }
}

/// How much may be read: so many bytes at first, so many a second, and so many at once after a silence.
///
/// Each WebSocket message costs by its length in the hub, but it may come in any number of fragments, of
/// which an empty one is 6 bytes. So bytes are counted before that.
#[derive(Debug)]
pub(crate) struct ReadBudget {
    rate: ReadRate,
    /// May be below 0: then as much has to be waited for.
    bytes: i64,
    filled: Instant,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadRate {
    pub(crate) first_bytes: i64,
    pub(crate) bytes_per_second: i64,
    pub(crate) most_bytes: i64,
}

const MEBIBYTE: i64 = 1024 * 1024;

/// Of one connection: more than the hub takes of anybody for long.
pub(crate) const CONNECTION_RATE: ReadRate =
    ReadRate { first_bytes: MEBIBYTE / 8, bytes_per_second: MEBIBYTE / 2, most_bytes: 2 * MEBIBYTE };
/// Of all connections from one address.
pub(crate) const ADDRESS_RATE: ReadRate =
    ReadRate { first_bytes: 4 * MEBIBYTE, bytes_per_second: 2 * MEBIBYTE, most_bytes: 8 * MEBIBYTE };

/// How long to wait before another look at a budget that is used up.
pub(crate) const READ_AGAIN: Duration = Duration::from_millis(50);

impl ReadBudget {
    pub(crate) fn new(rate: ReadRate) -> ReadBudget {
        ReadBudget { rate, bytes: rate.first_bytes, filled: Instant::now() }
    }

    /// Returns whether more may be read now.
    pub(crate) fn has_some(&mut self) -> bool {
        self.refill();
        self.bytes > 0
    }

    /// Returns whether it is no less than a new one.
    pub(crate) fn is_like_new(&mut self) -> bool {
        self.refill();
        self.bytes >= self.rate.first_bytes
    }

    fn refill(&mut self) {
        let now = Instant::now();
        let elapsed = i64::try_from(now.duration_since(self.filled).as_millis()).unwrap_or(i64::MAX);
        let refill = elapsed.saturating_mul(self.rate.bytes_per_second) / 1000;
        if refill > 0 {
            self.filled = now;
            self.bytes = self.bytes.saturating_add(refill).min(self.rate.most_bytes);
        }
    }

    /// So many bytes were read.
    pub(crate) fn spend(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio::time::advance;

    use super::*;

    fn waits(watch: &mut WriteWatch) -> bool {
        watch.waits(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_is_noticed() {
        let mut watch = WriteWatch::default();
        assert!(!watch.wrote(4_000_000) && !waits(&mut watch));
        advance(WINDOW - Duration::from_millis(1)).await;
        assert!(!waits(&mut watch));
        advance(Duration::from_millis(1)).await;
        assert!(waits(&mut watch));
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_is_not_enough() {
        let mut watch = WriteWatch::default();
        let mut cut = false;
        for _ in 0..5 {
            cut |= waits(&mut watch);
            advance(WINDOW - Duration::from_secs(1)).await;
            cut |= watch.wrote(1);
        }
        assert!(cut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_who_reads_may_stay() {
        let mut watch = WriteWatch::default();
        for _ in 0..100 {
            assert!(!waits(&mut watch));
            advance(Duration::from_secs(15)).await;
            assert!(!watch.wrote(LEAST_BYTES));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn to_have_nothing_to_read_is_no_fault() {
        let mut watch = WriteWatch::default();
        for _ in 0..10 {
            // A little waits, is taken, and then nothing is written for long.
            assert!(!waits(&mut watch));
            advance(Duration::from_secs(1)).await;
            assert!(!watch.wrote(100));
            advance(10 * WINDOW).await;
            assert!(!watch.wrote(100));
            assert!(!waits(&mut watch));
            assert!(!watch.wrote(100));
            advance(10 * WINDOW).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_and_then_so_much_a_second() {
        let mut budget = ReadBudget::new(CONNECTION_RATE);
        let read = |budget: &mut ReadBudget| {
            let mut all = 0;
            while budget.has_some() {
                budget.spend(1024);
                all += 1024;
            }
            all
        };
        assert_eq!(read(&mut budget), CONNECTION_RATE.first_bytes);
        let mut all = 0;
        for _ in 0..1000 {
            advance(Duration::from_millis(10)).await;
            all += read(&mut budget);
        }
        let expected = 10 * CONNECTION_RATE.bytes_per_second;
        assert!((expected - 2048..expected + 2048).contains(&all), "{all}");
        advance(Duration::from_secs(3600)).await;
        assert_eq!(read(&mut budget), CONNECTION_RATE.most_bytes);
    }
}
