//! How many bytes may pass.

/// A token bucket, refilled at a steady rate up to a burst.
#[derive(Debug)]
pub(crate) struct Budget {
    /// A byte is a thousand of these, so that a millisecond adds a whole number of them.
    parts: u64,
    filled_at_ms: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) burst_bytes: u64,
    pub(crate) bytes_per_second: u64,
}

const PARTS: u64 = 1000;

impl Rate {
    fn full(self) -> u64 {
        self.burst_bytes.saturating_mul(PARTS)
    }

    /// Returns how long it takes until an empty bucket is full.
    pub(crate) fn refill_ms(self) -> u64 {
        self.full().div_ceil(self.bytes_per_second.max(1))
    }
}

impl Budget {
    pub(crate) fn new(rate: Rate, now_ms: u64) -> Budget {
        Budget { parts: rate.full(), filled_at_ms: now_ms }
    }

    /// Takes so many bytes. Returns `false`, and takes none, where there are not enough.
    pub(crate) fn take(&mut self, rate: Rate, now_ms: u64, bytes: usize) -> bool {
        let elapsed = now_ms.saturating_sub(self.filled_at_ms);
        self.filled_at_ms = self.filled_at_ms.max(now_ms);
        self.parts =
            self.parts.saturating_add(elapsed.saturating_mul(rate.bytes_per_second)).min(rate.full());
        match self.parts.checked_sub((bytes as u64).saturating_mul(PARTS)) {
            Some(left) => {
                self.parts = left;
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
        let rate = Rate { burst_bytes: 3_000, bytes_per_second: 1_000 };
        assert_eq!(rate.refill_ms(), 3_000);
        let mut budget = Budget::new(rate, 50);
        assert!(
            budget.take(rate, 50, 2_000) && !budget.take(rate, 50, 1_001) && budget.take(rate, 50, 1_000)
        );
        assert!(!budget.take(rate, 549, 500) && budget.take(rate, 550, 500));
        assert!(!budget.take(rate, 0, 1), "a clock that goes back gives nothing");
        assert!(!budget.take(rate, u64::MAX, 3_001) && budget.take(rate, u64::MAX, 3_000));
        assert_eq!(Rate { burst_bytes: 1, bytes_per_second: 0 }.refill_ms(), 1000);
    }
}
