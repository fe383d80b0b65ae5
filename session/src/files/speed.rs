//! How fast bytes go, smoothed so that it can be read.

use super::view::TransferState;
use crate::time::Time;

/// Over about so long it is smoothed.
const SMOOTHED_OVER_MS: f64 = 3_000.0;
/// What comes sooner after the last reading than this counts with the next.
const LEAST_INTERVAL_MS: u64 = 200;
/// After so long without a reading it is taken anew: the bytes have stopped.
const STALE_AFTER_MS: u64 = 2_000;

/// The speed of one run of a transfer.
#[derive(Debug)]
pub(super) struct Speed {
    last: (Time, u64),
    bytes_per_second: Option<f64>,
}

impl Speed {
    /// Returns the speed of a run that begins after so many bytes.
    pub(super) fn from(now: Time, bytes: u64) -> Speed {
        Speed { last: (now, bytes), bytes_per_second: None }
    }

    /// Returns how a transfer stands that runs at this speed and has so many bytes to go.
    pub(super) fn view(&self, rest: u64) -> TransferState {
        TransferState::Running {
            bytes_per_second: self.bytes_per_second(),
            seconds_left: self.seconds_left(rest),
        }
    }

    /// Takes note that `bytes` of the file are there at `now`.
    pub(super) fn reading(&mut self, now: Time, bytes: u64) {
        let (last, before) = self.last;
        let passed_ms = now.0.saturating_sub(last.0);
        if passed_ms < LEAST_INTERVAL_MS {
            return;
        }
        let passed_ms = passed_ms as f64;
        let current = bytes.saturating_sub(before) as f64 * 1_000.0 / passed_ms;
        let weight = 1.0 - (-passed_ms / SMOOTHED_OVER_MS).exp();
        let smoothed = self.bytes_per_second.map_or(current, |speed| speed + (current - speed) * weight);
        self.bytes_per_second = Some(smoothed);
        self.last = (now, bytes);
    }

    /// Takes note that nothing has come for a while.
    pub(super) fn tick(&mut self, now: Time) {
        if self.next_timeout().is_some_and(|at| now >= at) {
            self.reading(now, self.last.1);
        }
    }

    /// Returns when [`Speed::tick`] is due.
    pub(super) fn next_timeout(&self) -> Option<Time> {
        (self.bytes_per_second() > 0).then(|| self.last.0.plus(STALE_AFTER_MS))
    }

    fn bytes_per_second(&self) -> u64 {
        self.bytes_per_second.unwrap_or(0.0) as u64
    }

    /// Returns how long the rest takes at this speed, in seconds. It is unknown while nothing moves.
    fn seconds_left(&self, rest: u64) -> Option<u64> {
        let speed = self.bytes_per_second();
        (speed > 0).then(|| rest.div_ceil(speed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_speed_is_shown_as_it_is_and_a_jump_is_smoothed() {
        let mut speed = Speed::from(Time(0), 0);
        assert_eq!(speed.seconds_left(10), None);
        for step in 1..20 {
            speed.reading(Time(step * 250), step * 250_000);
        }
        assert_eq!(speed.bytes_per_second(), 1_000_000);
        assert_eq!(speed.seconds_left(2_500_000), Some(3));
        speed.reading(Time(5_000), 4_750_000 + 2_000_000);
        assert!((1_000_001..2_000_000).contains(&speed.bytes_per_second()));
    }

    #[test]
    fn it_falls_to_nothing_when_nothing_comes() {
        let mut speed = Speed::from(Time(0), 0);
        speed.reading(Time(1_000), 100_000_000);
        let mut ticks = 0;
        while let Some(at) = speed.next_timeout() {
            speed.tick(at);
            ticks += 1;
            assert!(ticks < 100);
        }
        assert_eq!(speed.seconds_left(1), None);
    }
}
