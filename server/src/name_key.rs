//! Decides when two names count as the same.

use std::sync::Arc;

use tincan_shared::{Name, RoomName};
use unicode_normalization::UnicodeNormalization;

/// The key of a user's name. Names that differ only in case, Unicode form or invisible joiners have equal
/// keys. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameKey(Arc<str>);

/// The key of a room's name, made in the same way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RoomKey(Arc<str>);

impl NameKey {
    pub(crate) fn of(name: &Name) -> NameKey {
        NameKey(fold(name.as_str()))
    }
}

impl RoomKey {
    pub(crate) fn of(name: &RoomName) -> RoomKey {
        RoomKey(fold(name.as_str()))
    }
}

fn fold(text: &str) -> Arc<str> {
    // Normalises compatibility forms first (full-width letters, ligatures). Then converts to upper case and
    // back to lower case, because neither alone is case folding: ß and SS meet only in upper case, ς and σ
    // only on the way back. These steps can leave unnormalised text, hence the second pass.
    let key: String = text
        .nfkc()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .filter(|&c| !is_joiner(c))
        .nfkc()
        .collect();
    key.into()
}

/// Returns whether `c` is one of the invisible characters that `tincan_shared::Name` allows because scripts
/// and emoji need them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> NameKey {
        NameKey::of(&Name::parse(text).unwrap())
    }

    #[test]
    fn case_and_unicode_form_make_no_difference() {
        for (one, other) in [
            ("Anna", "aNNA"),
            ("Zo\u{eb}", "ZOE\u{308}"),
            ("Stra\u{df}e", "STRASSE"),
            ("\u{39f}\u{3b4}\u{3cd}\u{3c3}\u{3c3}\u{3b5}\u{3c5}\u{3c2}", "ΟΔΎΣΣΕΥΣ"),
            ("ＡＮＮＡ", "anna"),
            ("ﬁn", "FIN"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
            ("👩\u{200d}🚀", "👩🚀"),
            ("❤\u{fe0f}", "❤"),
            (" Anna ", "anna"),
        ] {
            assert_eq!(key(one), key(other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn a_rooms_name_is_compared_likewise() {
        let key = |text: &str| RoomKey::of(&RoomName::parse(text).unwrap());
        for (one, other) in [("Standup", "STANDUP"), ("Gro\u{308}\u{df}e", "GRÖSSE"), ("ｒｏｏｍ", "room")]
        {
            assert_eq!(key(one), key(other), "{one:?} and {other:?}");
        }
        assert_ne!(key("a-b"), key("a_b"));
    }

    #[test]
    fn different_names_stay_different() {
        for (one, other) in [("Anna", "Ana"), ("Zoe", "Zoë"), ("Аnna", "Anna"), ("a b", "ab"), ("李", "季")]
        {
            assert_ne!(key(one), key(other), "{one:?} and {other:?}");
        }
    }
}
