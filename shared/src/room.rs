//! Rooms: their names, their members, and the answer to joining one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::CallId;
use crate::name::is_forbidden;

/// The longest name of a room after trimming, in Unicode scalar values.
pub const MAX_ROOM_NAME_CHARS: usize = 64;

/// How many people a room holds, unless the server's operator says otherwise.
pub const ROOM_LIMIT: usize = 8;

/// The name of a room, which follows `/r/` in its link: 1 to [`MAX_ROOM_NAME_CHARS`] characters, without
/// spaces and invisible characters; of ASCII only letters, digits, `-` and `_`.
///
/// Names that differ only in case or Unicode form are the same room. The server compares them, as it does
/// [`crate::Name`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RoomName(String);

/// The error of [`RoomName::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomNameError {
    /// Nothing is left after trimming.
    #[error("the room's name is empty")]
    Empty,
    /// More than [`MAX_ROOM_NAME_CHARS`] characters.
    #[error("the room's name is longer than {MAX_ROOM_NAME_CHARS} characters")]
    TooLong,
    /// A space, an ASCII punctuation mark other than `-` and `_`, or an invisible character.
    #[error("the room's name holds a character other than letters, digits, `-` and `_`")]
    Character,
}

impl RoomName {
    /// Trims `text` and checks it.
    ///
    /// # Errors
    /// If the rest is empty, too long, or has a character that a room's name can't have.
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

    /// Creates a name that nobody guesses from the lowest 100 of these random bits: four groups of five
    /// letters and digits. Nobody mistakes one for another when reading aloud or copying by hand (Crockford's
    /// base 32).
    pub fn from_random(bits: u128) -> RoomName {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let digit = |place: u32| char::from(DIGITS[(bits >> (5 * place)) as usize % DIGITS.len()]);
        let groups: [String; 4] = [0, 5, 10, 15].map(|first| (first..first + 5).map(digit).collect());
        RoomName(groups.join("-"))
    }

    /// Returns the name, trimmed.
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

/// What the addresses of guests begin with, before 32 hexadecimal digits.
const GUEST: &str = "guest-";

/// Returns whether `address` is that of a guest: nobody can sign in by such a name, because it is too long.
pub fn is_guest_address(address: &str) -> bool {
    let digits = address.strip_prefix(GUEST).unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Another member of the receiver's room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomMember {
    /// The member's address: the name they signed in by or, for a guest, an address of the server's making.
    pub name: String,
    /// What the member is called in this room.
    pub display_name: String,
    /// The call between the member and the receiver. The server made the id, so both know it before the first
    /// offer.
    pub call: CallId,
    /// Whether the receiver is the caller, who makes the first offer.
    #[serde(default)]
    pub caller: bool,
    /// Which stay in the room it is. Another number at the same address is another stay, which knows nothing
    /// of the last.
    #[serde(default)]
    pub stay: u64,
}

/// The answer to joining a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomAnswer {
    /// The room's name, spelled as by the first member.
    pub room: String,
    /// Whether the receiver is in the room.
    pub success: bool,
    /// Why the receiver is not in the room.
    pub reason: Option<RoomRefusal>,
    /// How many people the room holds.
    pub limit: Option<usize>,
    /// The other members.
    pub members: Vec<RoomMember>,
}

/// Why somebody can't join a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomRefusal {
    /// The room holds no more people.
    Full,
    /// The name can't be a room's: see [`RoomNameError`].
    Name,
    /// The client is in another room, and has to leave it first.
    Elsewhere,
    /// Too often from the client's network address.
    TooMany,
    /// A value that this version doesn't know.
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
