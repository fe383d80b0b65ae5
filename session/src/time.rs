//! Time, as it comes in from outside.

/// Milliseconds since the Unix epoch, by a clock that never goes backwards (in a browser
/// `performance.timeOrigin + performance.now()`): fit for both deadlines and the time beside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

impl Time {
    /// Returns the moment `ms` milliseconds later.
    #[must_use]
    pub fn plus(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms))
    }
}
