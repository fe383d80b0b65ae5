//! Judges whether a connection is weak.

use super::statistics::Statistics;

/// A larger part of the packets lost is bad.
const BAD_LOSS: f64 = 0.05;
/// A longer round trip is bad, in milliseconds.
const BAD_ROUND_TRIP_MS: f64 = 400.0;

/// Judges a connection by reports that come every two seconds.
#[derive(Default)]
pub(crate) struct Quality {
    weak: bool,
    /// Which of the last three reports were bad, one bit each.
    bad: u8,
}

impl Quality {
    /// Takes a report. Returns whether the connection is weak, if that has changed. It becomes weak when two
    /// of three reports are bad, and well again when three in a row are good.
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
