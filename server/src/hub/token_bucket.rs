//! How often something may happen.

/// So often at once after a silence, and so often for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub burst: u64,
    pub per_minute: u64,
}

/// A token is so many parts, so that a millisecond adds a whole number of them.
const PARTS: u64 = 60_000;

impl Rate {
    fn full(self) -> u64 {
        self.burst.saturating_mul(PARTS)
    }
}

/// A token bucket, refilled at a steady rate up to a burst.
#[derive(Debug)]
pub(super) struct TokenBucket {
    parts: u64,
    filled_at_ms: u64,
}

impl TokenBucket {
    /// Creates a full bucket.
    pub(super) fn new(rate: Rate, now_ms: u64) -> TokenBucket {
        TokenBucket { parts: rate.full(), filled_at_ms: now_ms }
    }

    /// Takes so many tokens. Returns `false`, and takes none, where there are not enough.
    pub(super) fn take(&mut self, rate: Rate, now_ms: u64, tokens: u64) -> bool {
        self.refill(rate, now_ms);
        match self.parts.checked_sub(tokens.saturating_mul(PARTS)) {
            Some(left) => {
                self.parts = left;
                true
            }
            None => false,
        }
    }

    /// Returns whether [`TokenBucket::take`] would take so many.
    pub(super) fn has(&self, rate: Rate, now_ms: u64, tokens: u64) -> bool {
        self.parts_at(rate, now_ms) >= tokens.saturating_mul(PARTS)
    }

    /// Returns whether nothing was taken lately, so that a new bucket is the same.
    pub(super) fn is_full(&mut self, rate: Rate, now_ms: u64) -> bool {
        self.refill(rate, now_ms);
        self.parts == rate.full()
    }

    fn refill(&mut self, rate: Rate, now_ms: u64) {
        self.parts = self.parts_at(rate, now_ms);
        self.filled_at_ms = self.filled_at_ms.max(now_ms);
    }

    fn parts_at(&self, rate: Rate, now_ms: u64) -> u64 {
        let elapsed = now_ms.saturating_sub(self.filled_at_ms);
        let refill = elapsed.saturating_mul(rate.per_minute);
        self.parts.saturating_add(refill).min(rate.full())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, per_minute: 600 };

    #[test]
    fn a_burst_then_the_rate() {
        let mut bucket = TokenBucket::new(RATE, 1000);
        assert_eq!([(); 4].map(|()| bucket.take(RATE, 1000, 1)), [true, true, true, false]);
        assert!(!bucket.has(RATE, 1099, 1) && bucket.has(RATE, 1100, 1));
        assert!(!bucket.take(RATE, 1099, 1), "a token takes 100 ms");
        assert!(bucket.take(RATE, 1100, 1));
        assert_eq!([(); 4].map(|()| bucket.take(RATE, 9_999_999, 1)), [true, true, true, false]);
        assert!(!bucket.take(RATE, 5, 1), "a clock that goes back gives nothing");
        assert!(!bucket.take(RATE, u64::MAX - 1, 1) || bucket.take(RATE, u64::MAX, 1));
    }

    #[test]
    fn what_costs_more_takes_more_or_nothing() {
        let mut bucket = TokenBucket::new(RATE, 0);
        assert!(bucket.is_full(RATE, 0));
        assert_eq!([2, 2, u64::MAX, 1, 1].map(|tokens| bucket.take(RATE, 0, tokens)), {
            [true, false, false, true, false]
        });
        assert!(!bucket.is_full(RATE, 299) && bucket.is_full(RATE, 300));
    }
}
