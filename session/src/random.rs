//! The one source of randomness: given from outside, so that a simulation can repeat what happened.

use std::fmt;

/// Where a session draws ids, tokens and jitter from.
pub(crate) struct Random(Box<dyn FnMut() -> u128>);

impl Random {
    pub(crate) fn new(source: Box<dyn FnMut() -> u128>) -> Random {
        Random(source)
    }

    /// Returns 128 bits that nobody can foresee.
    pub(crate) fn bits(&mut self) -> u128 {
        (self.0)()
    }

    /// Returns a number below `limit`. `limit` must not be 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.bits() as u64 % limit
    }

    /// Returns what resumes a signaling connection: 32 hexadecimal digits.
    pub(crate) fn token(&mut self) -> String {
        format!("{:032x}", self.bits())
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}
