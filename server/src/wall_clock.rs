//! The time that others know, too: credentials and certificates expire by it.

use std::time::{Duration, SystemTime};

/// Returns how long 1970 is ago; nothing, if the clock is set before it.
pub(crate) fn since_1970() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// The same in milliseconds.
pub(crate) fn ms_since_1970() -> u64 {
    u64::try_from(since_1970().as_millis()).unwrap_or(u64::MAX)
}
