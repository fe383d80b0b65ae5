//! What others can make this side say.

use crate::time::Time;

/// So many at once, …
const BURST: u64 = 10;
/// … and then one in so many milliseconds.
const EVERY_MS: u64 = 200;

/// How many more callers may be told that this side is busy. Whoever calls without end would otherwise make this side
/// answer without end, and the server take it for the one who floods. Those who aren't told get no answer.
#[derive(Debug, Default)]
pub(super) struct BusyBudget {
    /// When all that was spent will be forgotten.
    spent_until: Time,
}

impl BusyBudget {
    /// Spends one, if there is one left.
    pub(super) fn spend(&mut self, now: Time) -> bool {
        let spent_until = self.spent_until.max(now).plus(EVERY_MS);
        let fits = spent_until <= now.plus(BURST * EVERY_MS);
        if fits {
            self.spent_until = spent_until;
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_a_trickle() {
        let mut budget = BusyBudget::default();
        let mut spent = |at, tries| (0..tries).filter(|_| budget.spend(Time(at))).count();
        assert_eq!(spent(5_000, 100), 10);
        assert_eq!(spent(5_199, 100), 0);
        assert_eq!(spent(5_200, 100), 1);
        assert_eq!(spent(9_000, 100), 10);
    }
}
