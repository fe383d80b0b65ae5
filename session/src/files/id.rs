//! What names a transfer, and what a file's content is known by.

use std::fmt;

/// Names one transfer: one file on its way to one person. 32 lower-case hexadecimal digits that nobody else can
/// guess, so whoever says it is one of the two whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(String);

impl TransferId {
    /// How many digits an id has.
    const DIGITS: usize = 32;

    /// An id of 128 random bits. They must come from a source that can't be foreseen: the other side sees the id, and
    /// must not learn the next one from it.
    pub fn from_random(bits: u128) -> TransferId {
        TransferId(format!("{bits:032x}"))
    }

    /// Checks `text`; `None` if it isn't an id.
    pub fn parse(text: &str) -> Option<TransferId> {
        is_hex(text, TransferId::DIGITS).then(|| TransferId(text.to_owned()))
    }

    /// The id as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first half of the digits. It tells whoever has the id which one is meant, and doesn't give it away to
    /// somebody who only bears the right name.
    pub(super) fn half(&self) -> &str {
        &self.0[..TransferId::DIGITS / 2]
    }

    pub(super) fn is_half(text: &str) -> bool {
        is_hex(text, TransferId::DIGITS / 2)
    }
}

impl fmt::Display for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A BLAKE3 hash: 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentHash(String);

impl ContentHash {
    /// Checks `text`; `None` if it isn't a hash.
    pub fn parse(text: &str) -> Option<ContentHash> {
        is_hex(text, 64).then(|| ContentHash(text.to_owned()))
    }

    /// The hash as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_digits_of_the_right_number_are_an_id() {
        let id = TransferId::from_random(0xab);
        assert_eq!(TransferId::parse(id.as_str()), Some(id.clone()));
        assert!(TransferId::is_half(id.half()));
        let (long, upper) = ("0".repeat(33), "A".repeat(32));
        for text in ["", "0", &long, &upper, &"é".repeat(16), "../../../../../../../../../../.."] {
            assert_eq!(TransferId::parse(text), None, "{text:?}");
        }
        assert!(ContentHash::parse(&"f".repeat(64)).is_some());
        assert!(ContentHash::parse(&"f".repeat(63)).is_none());
    }
}
