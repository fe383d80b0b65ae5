//! The flood limit of one connection.

use super::Limits;

/// A token bucket: each frame takes one token, and a steady rate refills the bucket up to a burst.
#[derive(Debug)]
pub(super) struct TokenBucket {
    /// Thousandths of a token, so that a millisecond adds a whole number.
    thousandths: u64,
    filled_at_ms: u64,
}

impl TokenBucket {
    /// Creates a full bucket.
    pub(super) fn new(limits: &Limits, now_ms: u64) -> TokenBucket {
        TokenBucket { thousandths: limits.burst.saturating_mul(1000), filled_at_ms: now_ms }
    }

    /// Takes the tokens for something that costs as much as so many `frames`. Returns `false`, and takes
    /// none, if there are not enough.
    pub(super) fn take(&mut self, limits: &Limits, now_ms: u64, frames: u64) -> bool {
        let elapsed = now_ms.saturating_sub(self.filled_at_ms);
        self.filled_at_ms = self.filled_at_ms.max(now_ms);
        let refill = elapsed.saturating_mul(limits.frames_per_second);
        self.thousandths = self.thousandths.saturating_add(refill).min(limits.burst.saturating_mul(1000));
        match self.thousandths.checked_sub(frames.saturating_mul(1000)) {
            Some(left) => {
                self.thousandths = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let limits = Limits { burst: 3, frames_per_second: 10, ..Limits::default() };
        let mut bucket = TokenBucket::new(&limits, 1000);
        assert_eq!([(); 4].map(|()| bucket.take(&limits, 1000, 1)), [true, true, true, false]);
        assert!(!bucket.take(&limits, 1099, 1), "a token takes 100 ms");
        assert!(bucket.take(&limits, 1100, 1));
        assert_eq!([(); 4].map(|()| bucket.take(&limits, 9_999_999, 1)), [true, true, true, false]);
        assert!(!bucket.take(&limits, 5, 1), "a clock that goes back gives nothing");
        assert!(!bucket.take(&limits, u64::MAX - 1, 1) || bucket.take(&limits, u64::MAX, 1));
    }

    #[test]
    fn what_costs_more_takes_more_or_nothing() {
        let limits = Limits { burst: 3, frames_per_second: 10, ..Limits::default() };
        let mut bucket = TokenBucket::new(&limits, 0);
        assert_eq!([2, 2, u64::MAX, 1, 1].map(|frames| bucket.take(&limits, 0, frames)), {
            [true, false, false, true, false]
        });
    }
}
