//! Lets progress be reported no more often than anyone can read it.

/// The shortest time between two reports, in milliseconds.
const APART_MS: f64 = 250.0;

/// Lets a report through every now and then, the first one after a while.
pub(super) struct Throttle {
    /// Milliseconds since the Unix epoch.
    last: f64,
}

impl Default for Throttle {
    fn default() -> Throttle {
        Throttle { last: js_sys::Date::now() }
    }
}

impl Throttle {
    /// Returns the milliseconds since the report before, if the next may be made now.
    pub(super) fn pass(&mut self) -> Option<f64> {
        let now = js_sys::Date::now();
        let passed = now - self.last;
        if (0.0..APART_MS).contains(&passed) {
            return None;
        }
        self.last = now;
        // A clock that is set back must not silence it.
        Some(passed.max(APART_MS))
    }
}
