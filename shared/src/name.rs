//! The name somebody signs in by, which is also their address.

use std::fmt;

use serde::Serialize;

/// The longest name after trimming, in Unicode scalar values.
pub const MAX_NAME_CHARS: usize = 32;

/// A name that may be shown: trimmed, 1 to [`MAX_NAME_CHARS`] characters, without control characters.
///
/// Names that differ only in case or Unicode form address the same person. The server compares them, since
/// that needs Unicode's tables (`server/src/name_key.rs`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Name(String);

/// The error of [`Name::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is left after trimming.
    #[error("the name is empty")]
    Empty,
    /// More than [`MAX_NAME_CHARS`] characters.
    #[error("the name is longer than {MAX_NAME_CHARS} characters")]
    TooLong,
    /// A control character, or an invisible one that makes different names look alike.
    #[error("the name holds a control character")]
    ControlCharacter,
}

impl Name {
    /// Trims `text` and checks it.
    ///
    /// # Errors
    /// If the rest is empty, too long, or has a control character or an invisible one.
    pub fn parse(text: &str) -> Result<Name, NameError> {
        let trimmed = text.trim();
        if trimmed.chars().any(is_forbidden) {
            return Err(NameError::ControlCharacter);
        }
        if trimmed.chars().all(is_joiner) {
            return Err(NameError::Empty);
        }
        if trimmed.chars().count() > MAX_NAME_CHARS {
            return Err(NameError::TooLong);
        }
        Ok(Name(trimmed.to_owned()))
    }

    /// Returns the name as its owner wrote it, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Joiners, and the selectors of text or emoji style, are invisible, but some scripts and emoji need them.
/// They are allowed, and left out when names are compared.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
}

/// Returns whether a name may not contain `c`: control characters, line separators, and what is invisible or
/// changes directions, and so lets one name pass for another. That is every Default_Ignorable_Code_Point
/// (Unicode Standard, DerivedCoreProperties.txt) but the joiners, the annotation marks, and the empty Braille
/// pattern. The server also refuses what isn't assigned, which takes Unicode's tables.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}'
                | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_and_keeps_what_people_are_called() {
        for (text, name) in
            [("  Anna ", "Anna"), ("李雷", "李雷"), ("O'Neill-Ruiz", "O'Neill-Ruiz"), ("👩‍🚀", "👩‍🚀")]
        {
            assert_eq!(Name::parse(text).map(|n| n.0), Ok(name.to_owned()));
        }
    }

    #[test]
    fn says_why_not() {
        let longest = "é".repeat(MAX_NAME_CHARS);
        assert_eq!(Name::parse(&longest).map(|n| n.0), Ok(longest.clone()));
        assert_eq!(Name::parse(&format!("{longest}é")), Err(NameError::TooLong));
        assert_eq!(Name::parse(" \u{3000}\t"), Err(NameError::Empty));
        assert_eq!(Name::parse("\u{200D}"), Err(NameError::Empty));
        for text in [
            "a\nb",
            "a\u{0}",
            "Bob\u{202E}",
            "Bo\u{200B}b",
            "a\u{7f}",
            "\u{180B}",
            "Anna\u{180B}",
            "Anna\u{1D173}",
            "Anna\u{FFF0}",
            "Anna\u{2800}",
            "Anna\u{FE00}",
        ] {
            assert_eq!(Name::parse(text), Err(NameError::ControlCharacter), "{text:?}");
        }
    }
}
