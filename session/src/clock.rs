//! The clock that deadlines go by. It stands still while the page sleeps: what others failed to do while
//! this side could not hear them is not held against them.

use crate::time::Time;

/// Whoever is so much later than the next thing that was due has slept.
const ASLEEP_MS: u64 = 5_000;

/// See the module's words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    slept_ms: u64,
}

impl Clock {
    /// Returns what time it is by this clock when it is `now` for everybody, and whether the page has slept
    /// beyond `due`, which is by this clock.
    pub(crate) fn pass(&mut self, now: Time, due: Option<Time>) -> (Time, bool) {
        let time = Time(now.0.saturating_sub(self.slept_ms));
        match due {
            Some(due) if due.plus(ASLEEP_MS) < time => {
                self.slept_ms += time.0 - due.0;
                (due, true)
            }
            _ => (time, false),
        }
    }

    /// Returns what time it is for everybody when it is so late by this clock, unless the page sleeps before
    /// that.
    pub(crate) fn wall_time(self, time: Time) -> Time {
        time.plus(self.slept_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_still_while_the_page_sleeps() {
        let mut clock = Clock::default();
        let due = Some(Time(60_000));
        assert_eq!(clock.pass(Time(59_000), due), (Time(59_000), false));
        assert_eq!(clock.pass(Time(65_000), due), (Time(65_000), false), "that happens to anybody");
        assert_eq!(clock.pass(Time(65_001), None), (Time(65_001), false), "nothing was due");
        assert_eq!(clock.pass(Time(3_600_000), due), (Time(60_000), true));
        assert_eq!(clock.pass(Time(3_601_000), Some(Time(61_000))), (Time(61_000), false));
        assert_eq!(clock.wall_time(Time(61_000)), Time(3_601_000));
        assert_eq!(clock.pass(Time(3_620_000), Some(Time(61_000))), (Time(61_000), true), "once more");
        assert_eq!(clock.wall_time(Time(61_000)), Time(3_620_000));
    }
}
