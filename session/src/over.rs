//! What is remembered of calls that are over or were turned away, within bounds that others can't move.

use std::collections::VecDeque;

use tincan_shared::CallId;

use crate::time::Time;

/// How many calls that are over are remembered. What is late comes within a call or two, or within one stay
/// in the largest room that a server has.
const REMEMBERED_CALLS: usize = 128;
/// How many may be told in one moment that one is busy, or that their call is over, …
const BUSY_BURST: u64 = 10;
/// … and how long it takes until another may, in milliseconds.
const BUSY_EVERY_MS: u64 = 200;

/// The last calls that are over. An offer of one of them was under way when it ended: it must not ring.
#[derive(Debug, Default)]
pub(crate) struct OverCalls(VecDeque<CallId>);

impl OverCalls {
    /// Remembers that these calls are over.
    pub(crate) fn extend(&mut self, ids: impl IntoIterator<Item = CallId>) {
        self.0.extend(ids);
        let excess = self.0.len().saturating_sub(REMEMBERED_CALLS);
        self.0.drain(..excess);
    }

    /// Returns the one that ended last.
    pub(crate) fn last(&self) -> Option<&CallId> {
        self.0.back()
    }

    pub(crate) fn contains(&self, id: &CallId) -> bool {
        self.0.contains(id)
    }
}

/// How many more may be told that this side is busy, or that their call is over. Whoever calls without end
/// would otherwise make this side answer without end, and the server take it for the one who floods. Those
/// who aren't told get no answer.
#[derive(Debug, Default)]
pub(crate) struct BusyBudget {
    /// When all that was spent will be forgotten.
    spent_until: Time,
}

impl BusyBudget {
    /// Spends one, if there is one left. Returns whether there was.
    pub(crate) fn spend(&mut self, now: Time) -> bool {
        let spent_until = self.spent_until.max(now).plus(BUSY_EVERY_MS);
        let fits = spent_until <= now.plus(BUSY_BURST * BUSY_EVERY_MS);
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
