//! When two names are the same name, and when they look the same.

use std::sync::Arc;

use tincan_shared::{Name, NameError, RoomName};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_security::skeleton;

/// The key of a user's name. Names that differ only in case, Unicode form or invisible joiners have equal
/// keys. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameKey(Arc<str>);

/// What is equal for names that look the same in some spelling: a reader who knows one takes the other for
/// it. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Look(Arc<str>);

/// The same as [`NameKey`] for the names of rooms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RoomKey(Arc<str>);

impl NameKey {
    pub(crate) fn of(name: &Name) -> NameKey {
        NameKey(fold(name.as_str()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Look {
    /// Returns how `name` looks as it is written, and as it looks in lower case (Unicode Technical Standard
    /// 39, section 4). Both count: a capital may look like a letter that its small form doesn't look like.
    pub(crate) fn of(name: &Name) -> [Look; 2] {
        let folded = fold(name.as_str());
        [name.as_str(), &folded].map(|text| Look(fold(&skeleton(text).collect::<String>())))
    }
}

/// Checks what only Unicode's tables tell: that every character is assigned, for everybody, and visible.
///
/// # Errors
/// If one isn't. Joiners are left to [`Name`].
pub(crate) fn check(name: &Name) -> Result<(), NameError> {
    let is_hidden = |c: char| {
        use GeneralCategory::{Format, PrivateUse, Unassigned};
        !is_joiner(c) && matches!(c.general_category(), Format | PrivateUse | Unassigned)
    };
    if name.as_str().chars().any(is_hidden) { Err(NameError::ControlCharacter) } else { Ok(()) }
}

impl RoomKey {
    pub(crate) fn of(name: &RoomName) -> RoomKey {
        RoomKey(fold(name.as_str()))
    }
}

fn fold(text: &str) -> Arc<str> {
    // Normalises compatibility forms first (full-width letters, ligatures), and takes letters and marks
    // apart: there are composed letters in small of which none is in capitals, whose marks would be in
    // another order (U+0345; Unicode Standard, D145). Then converts to upper case and back to lower case,
    // because neither alone is case folding: ß and SS meet only in upper case, ς and σ only on the way back.
    // To lower case before both: the capital ẞ is its own upper case.
    // These steps can leave unnormalised text, hence the second pass.
    let key: String = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .filter(|&c| !is_joiner(c))
        .nfkc()
        .collect();
    // However wide a space is, and however many there are.
    key.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// Returns whether `c` is one of the invisible characters that `tincan_shared::Name` allows because scripts
/// and emoji need them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
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
            ("Stra\u{df}e", "STRA\u{1e9e}E"),
            ("\u{39f}\u{3b4}\u{3cd}\u{3c3}\u{3c3}\u{3b5}\u{3c5}\u{3c2}", "ΟΔΎΣΣΕΥΣ"),
            ("ＡＮＮＡ", "anna"),
            ("ﬁn", "FIN"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
            ("👩\u{200d}🚀", "👩🚀"),
            ("❤\u{fe0f}", "❤"),
            (" Anna ", "anna"),
            ("Anna\u{2003}B", "anna  b"),
            // The small letter and the last mark are one letter, the capital and the mark are two.
            ("\u{386}\u{30d}\u{345}", "\u{3ac}\u{30d}\u{345}"),
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

    fn look_alike(one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(|text| Look::of(&Name::parse(text).unwrap()));
        one.iter().any(|look| other.contains(look))
    }

    #[test]
    fn names_that_look_the_same_are_known() {
        for (one, other) in [
            ("Anna", "\u{410}nna"),
            ("anna", "\u{430}nn\u{430}"),
            ("Bob", "\u{412}ob"),
            ("paypal", "p\u{430}yp\u{430}l"),
            ("Ian", "lan"),
            ("Anna", "ann\u{251}"),
            ("O'Neill", "O\u{2019}Neill"),
            ("Zoe\u{308}", "zo\u{eb}"),
            ("admin", "\u{1d5ba}dmin"),
        ] {
            assert!(look_alike(one, other), "{one:?} and {other:?}");
        }
        for (one, other) in
            [("Anna", "Hanna"), ("Zoe", "Zo\u{eb}"), ("李", "季"), ("Bob", "Rob"), ("ian", "lan")]
        {
            assert!(!look_alike(one, other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn what_is_not_assigned_or_not_seen_is_no_name() {
        for text in ["a\u{378}", "a\u{e000}", "a\u{f0000}", "a\u{600}", "a\u{110bd}", "a\u{13430}"] {
            assert!(check(&Name::parse(text).unwrap()).is_err(), "{text:?}");
        }
        for text in ["Anna", "李雷", "👩\u{200d}🚀", "می\u{200c}خواهم", "❤\u{fe0f}", "O'Neill-Ruiz"]
        {
            assert_eq!(check(&Name::parse(text).unwrap()), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn different_names_stay_different() {
        for (one, other) in [("Anna", "Ana"), ("Zoe", "Zoë"), ("Аnna", "Anna"), ("a b", "ab"), ("李", "季")]
        {
            assert_ne!(key(one), key(other), "{one:?} and {other:?}");
        }
    }
}
