//! The id that distinguishes one call from the next.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Identifies one call between two people: 1 to 64 of `A–Z a–z 0–9 - _`. The caller makes it, or the server
/// for two members of a room. It is opaque to everyone else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CallId(String);

/// What the ids of calls in rooms begin with, so that what is late of one is never taken for a new call.
const OF_ROOM: &str = "room-";

/// The error of [`CallId::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a call id is 1 to 64 letters, digits, `-` or `_`")]
pub struct CallIdError;

impl CallId {
    /// Checks `text`.
    ///
    /// # Errors
    /// If `text` is empty, longer than 64 bytes, or has another character than ASCII letters, digits, `-` and
    /// `_`.
    pub fn parse(text: impl Into<String>) -> Result<CallId, CallIdError> {
        let text = text.into();
        let fits = (1..=64).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits && plain { Ok(CallId(text)) } else { Err(CallIdError) }
    }

    /// Creates an id from 64 random bits: 16 hexadecimal digits.
    pub fn from_random(bits: u64) -> CallId {
        CallId(format!("{bits:016x}"))
    }

    /// Creates the id of a call that two members of a room have with each other: `room-` and 16 hexadecimal
    /// digits.
    pub fn of_room(bits: u64) -> CallId {
        CallId(format!("{OF_ROOM}{bits:016x}"))
    }

    /// Returns whether the server made it for two members of a room.
    pub fn is_of_room(&self) -> bool {
        self.0.starts_with(OF_ROOM)
    }

    /// Returns the id as it is on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CallId {
    type Error = CallIdError;

    fn try_from(text: String) -> Result<CallId, CallIdError> {
        CallId::parse(text)
    }
}

impl From<CallId> for String {
    fn from(id: CallId) -> String {
        id.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_text_is_an_id() {
        assert!(CallId::parse("a-B_9").is_ok());
        assert!(CallId::parse("x".repeat(64)).is_ok());
        for text in ["", "a b", "é", &"x".repeat(65)] {
            assert_eq!(CallId::parse(text), Err(CallIdError), "{text:?}");
        }
        assert_eq!(CallId::from_random(10).as_str(), "000000000000000a");
        assert!(!CallId::from_random(10).is_of_room() && CallId::of_room(10).is_of_room());
        assert_eq!(CallId::parse("room-000000000000000a"), Ok(CallId::of_room(10)));
    }
}
