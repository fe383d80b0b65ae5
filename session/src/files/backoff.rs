//! When the next run of a transfer may begin.

use crate::time::Time;

/// A run that brought nothing is followed by the next after so long at the earliest, and by each further one
/// after twice as long.
const FIRST_WAIT_MS: u64 = 1_000;
/// How often the wait doubles at most.
const MAX_DOUBLINGS: u32 = 5;

/// Makes runs wait for each other. Otherwise whoever cuts every run at once keeps this side busy with
/// nothing.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    /// How many runs have brought nothing, the one that goes on included.
    futile: u32,
    /// When the last one began, until the wait after it is over.
    begun: Option<Time>,
}

impl Backoff {
    /// A run has begun.
    pub(super) fn begun(&mut self, now: Time) {
        self.begun = Some(now);
        self.futile = self.futile.saturating_add(1);
    }

    /// The run has brought something.
    pub(super) fn rewarded(&mut self) {
        self.futile = 0;
    }

    /// Returns when the wait is over, if there is one.
    pub(super) fn until(&self) -> Option<Time> {
        let doublings = self.futile.saturating_sub(1).min(MAX_DOUBLINGS);
        Some(self.begun?.plus(FIRST_WAIT_MS << doublings))
    }

    /// Forgets the wait if it is over.
    pub(super) fn tick(&mut self, now: Time) {
        if self.until().is_some_and(|at| now >= at) {
            self.begun = None;
        }
    }
}
