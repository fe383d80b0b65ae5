//! Rooms: their names, and who is in them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::CallId;
use crate::name::is_forbidden;

/// The longest name of a room, in Unicode scalar values, after trimming.
pub const MAX_ROOM_NAME_CHARS: usize = 64;

/// How many people fit into a room, where the server's operator doesn't say otherwise.
pub const ROOM_LIMIT: usize = 8;

/// The name of a room: what stands behind `/r/` in its link. Letters and digits of any script, `-` and `_`.
///
/// Names that differ only in case or Unicode form are the same room, which is the server's to tell, as for
/// [`crate::Name`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RoomName(String);

/// Why a text can't be the name of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomNameError {
    /// Nothing is left after trimming.
    #[error("the room's name is empty")]
    Empty,
    /// More than [`MAX_ROOM_NAME_CHARS`] characters.
    #[error("the room's name is longer than {MAX_ROOM_NAME_CHARS} characters")]
    TooLong,
    /// A space, a punctuation mark of ASCII other than `-` and `_`, or a character that nobody can see.
    #[error("the room's name holds a character other than letters, digits, `-` and `_`")]
    Character,
}

impl RoomName {
    /// Trims `text` and checks it.
    pub fn parse(text: &str) -> Result<RoomName, RoomNameError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(RoomNameError::Empty);
        }
        if trimmed.chars().any(|c| !may_stand(c)) {
            return Err(RoomNameError::Character);
        }
        if trimmed.chars().count() > MAX_ROOM_NAME_CHARS {
            return Err(RoomNameError::TooLong);
        }
        Ok(RoomName(trimmed.to_owned()))
    }

    /// A name that nobody guesses, from 100 of these random bits: four groups of five letters and digits, none of
    /// which is taken for another when read aloud or copied by hand (Crockford's base 32).
    pub fn from_random(bits: u128) -> RoomName {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let digit = |place: u32| char::from(DIGITS[(bits >> (5 * place)) as usize % DIGITS.len()]);
        let groups: [String; 4] = [0, 5, 10, 15].map(|first| (first..first + 5).map(digit).collect());
        RoomName(groups.join("-"))
    }

    /// The name, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn may_stand(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '-' || c == '_'
    } else {
        !c.is_whitespace() && !is_forbidden(c)
    }
}

/// Somebody in the same room, as the server tells of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Their address: the name they have signed in with or, for a guest, one of the server's making.
    pub name: String,
    /// What they are called in this room.
    pub display_name: String,
    /// The call between them and whoever is told. The server made it, so both know it before the first offer.
    pub call: CallId,
    /// Whether whoever is told is the caller, who makes the offer.
    #[serde(default)]
    pub caller: bool,
}

/// What becomes of a wish to join a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomAnswer {
    /// Which room, as whoever first came spelled it.
    pub room: String,
    /// Whether one is in it.
    pub success: bool,
    /// Why not.
    pub reason: Option<RoomRefusal>,
    /// How many people fit in.
    pub limit: Option<usize>,
    /// Who is there already.
    pub members: Vec<Member>,
}

/// Why somebody can't join a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomRefusal {
    /// As many are in it as fit.
    Full,
    /// It can't be the name of a room: see [`RoomNameError`].
    Name,
    /// They are in another room, which is to be left first.
    Elsewhere,
    /// One that this version doesn't know.
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_two_marks() {
        for (text, name) in
            [(" standup ", "standup"), ("周会", "周会"), ("a-B_9", "a-B_9"), ("Größe", "Größe")]
        {
            assert_eq!(RoomName::parse(text).map(|name| name.0), Ok(name.to_owned()));
        }
    }

    #[test]
    fn says_why_not() {
        let longest = "室".repeat(MAX_ROOM_NAME_CHARS);
        assert!(RoomName::parse(&longest).is_ok());
        assert_eq!(RoomName::parse(&format!("{longest}室")), Err(RoomNameError::TooLong));
        assert_eq!(RoomName::parse("  "), Err(RoomNameError::Empty));
        for text in ["a b", "a/b", "a.b", "..", "a%", "a?b", "a#b", "a\u{200B}b", "a\u{3000}b", "a\u{0}"] {
            assert_eq!(RoomName::parse(text), Err(RoomNameError::Character), "{text:?}");
        }
    }

    #[test]
    fn a_random_name_is_a_name_and_holds_100_bits() {
        let name = RoomName::from_random(u128::MAX);
        assert_eq!(name.as_str(), "zzzzz-zzzzz-zzzzz-zzzzz");
        assert_eq!(RoomName::parse(name.as_str()), Ok(name));
        assert_eq!(RoomName::from_random(1 << 99).as_str(), "00000-00000-00000-0000g");
    }
}
