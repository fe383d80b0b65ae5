//! What names a transfer and a run of one, and what a file's content is known by.

use std::fmt;

/// Names one transfer: one file on its way to one person. On the wire it is 32 lower-case hexadecimal digits.
/// Nobody else can guess it, so whoever says it is one of the two whom it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(u128);

/// The first half of a [`TransferId`]: 16 digits. It tells whoever has the id which one is meant, and doesn't
/// give the id away to somebody who only bears the right name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct IdHalf(u64);

/// Names one run of a transfer: one try to move its bytes, over a data channel of its own. Never used twice
/// by one machine, so that an event of an earlier run can't be taken for one of the present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Run(pub u32);

/// Counts how many times a file was offered, from 1: once more after each end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Attempt(pub(super) u32);

impl TransferId {
    const DIGITS: usize = 32;

    /// Creates an id of 128 random bits. They must come from a source that can't be foreseen: the other side
    /// sees the id, and must not learn the next one from it.
    pub fn from_random(bits: u128) -> TransferId {
        TransferId(bits)
    }

    /// Reads the digits of an id. Returns `None` if they aren't those of one.
    pub fn parse(text: &str) -> Option<TransferId> {
        let digits = hex_digits(text, TransferId::DIGITS)?;
        Some(TransferId(digits.fold(0, |bits, digit| bits << 4 | u128::from(digit))))
    }

    pub(super) fn half(self) -> IdHalf {
        IdHalf((self.0 >> 64) as u64)
    }
}

impl fmt::Display for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl IdHalf {
    pub(super) fn parse(text: &str) -> Option<IdHalf> {
        let digits = hex_digits(text, TransferId::DIGITS / 2)?;
        Some(IdHalf(digits.fold(0, |bits, digit| bits << 4 | u64::from(digit))))
    }
}

impl fmt::Display for IdHalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Attempt {
    pub(super) const FIRST: Attempt = Attempt(1);
    /// Said of what isn't known.
    pub(super) const UNKNOWN: Attempt = Attempt(0);

    pub(super) fn next(self) -> Attempt {
        Attempt(self.0.saturating_add(1))
    }
}

/// A BLAKE3 hash: 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentHash(String);

impl ContentHash {
    /// Checks `text`. Returns `None` if it isn't a hash.
    pub fn parse(text: &str) -> Option<ContentHash> {
        hex_digits(text, 64).map(|_| ContentHash(text.to_owned()))
    }

    /// Returns the hash as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the values of `text`'s digits, if it is so many lower-case hexadecimal ones.
fn hex_digits(text: &str, digits: usize) -> Option<impl Iterator<Item = u8>> {
    let are_digits = text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    are_digits.then(|| text.bytes().map(|b| if b.is_ascii_digit() { b - b'0' } else { b - b'a' + 10 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_digits_of_the_right_number_are_an_id() {
        let id = TransferId::from_random(0x0123_4567_89ab_cdef_0000_0000_0000_00ab);
        assert_eq!(id.to_string(), "0123456789abcdef00000000000000ab");
        assert_eq!(TransferId::parse(&id.to_string()), Some(id));
        assert_eq!(id.half().to_string(), "0123456789abcdef");
        assert_eq!(IdHalf::parse(&id.half().to_string()), Some(id.half()));
        let (long, upper) = ("0".repeat(33), "A".repeat(32));
        for text in ["", "0", &long, &upper, &"é".repeat(16), "../../../../../../../../../../.."] {
            assert_eq!(TransferId::parse(text), None, "{text:?}");
        }
        assert!(ContentHash::parse(&"f".repeat(64)).is_some());
        assert!(ContentHash::parse(&"f".repeat(63)).is_none());
    }
}
