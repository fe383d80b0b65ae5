//! Whether a connection is a weak one.

use super::statistics::Statistics;

/// More than this part of the packets lost is bad.
const BAD_LOSS: f64 = 0.05;
/// Longer than this, there and back, is bad; in milliseconds.
const BAD_ROUND_TRIP_MS: f64 = 400.0;

/// Judges a connection by reports that come every two seconds.
#[derive(Default)]
pub(crate) struct Quality {
    weak: bool,
    /// The last three reports, one bit each: which were bad.
    bad: u8,
}

impl Quality {
    /// Takes a report. Answers whether the connection is weak, where that has changed: it is when two of
    /// three reports are bad, until three in a row are good.
    pub(crate) fn take(&mut self, report: &Statistics) -> Option<bool> {
        let above = |value: Option<f64>, limit| value.is_some_and(|value| value > limit);
        let bad = above(report.lost_in, BAD_LOSS)
            || above(report.lost_out, BAD_LOSS)
            || above(report.round_trip_ms, BAD_ROUND_TRIP_MS);
        self.bad = (self.bad << 1 | u8::from(bad)) & 0b111;
        let weak = if self.weak { self.bad != 0 } else { self.bad.count_ones() >= 2 };
        (weak != std::mem::replace(&mut self.weak, weak)).then_some(weak)
    }
}
