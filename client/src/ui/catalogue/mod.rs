//! Every text that a user can see or hear, in every language of the page.
//!
//! The lists name each text once, with its gaps: `first` has what the first load shows, and `later` the rest,
//! which is loaded with the later screens. A language that lacks a text does not compile. Neither does one
//! whose text lacks a gap, misspells it, or has one that isn't listed. Nothing here knows Yew or the browser,
//! so the tests run natively.

mod en;
mod first;
mod language;
mod later;
mod pattern;
mod phrase;
mod zh_hans;
mod zh_hant;

pub(crate) use first::Catalogue as FirstCatalogue;
pub(crate) use language::Language;
pub(crate) use later::Catalogue;
pub(crate) use phrase::{Phrase, Piece};

/// Makes two structs of one list: what a language file writes ([`Texts`]), and what a component reads
/// ([`Catalogue`]).
///
/// A component reads `hang_up` as a field. `call_with(name)` has a gap, `{name}` in each language, and is a
/// method with that argument. Nothing else can be done with its field, so that no text with an open gap gets
/// onto the page. `after` names the catalogue whose texts have come earlier.
macro_rules! catalogue {
    (after: $earlier:ty, $($text:ident $(($($gap:ident),+))?,)*) => {
        /// The texts of one language, as its file has them.
        pub(super) struct Texts {
            $(pub(super) $text: &'static str,)*
        }

        /// The texts of one language, all of them with the right gaps.
        pub(crate) struct Catalogue {
            #[allow(dead_code, reason = "nobody reads what comes before the first texts")]
            earlier: &'static $earlier,
            $(pub(crate) $text: super::field_type!($($($gap)+)?),)*
        }

        impl Catalogue {
            /// Checks every text. Panics if one has the wrong gaps, which stops the compiler in a `static`.
            pub(super) const fn checked(texts: &Texts, earlier: &'static $earlier) -> Catalogue {
                $(check(
                    texts.$text,
                    &[$($(stringify!($gap)),+)?],
                    concat!("`", stringify!($text), "` must have these gaps and no other:"
                        $($(, " {", stringify!($gap), "}")+)?),
                );)*
                Catalogue { earlier, $($text: super::field!(texts.$text $(, $($gap)+)?),)* }
            }

            $(super::method!($text $($($gap)+)?);)*
        }

        #[cfg(test)]
        impl Texts {
            /// Returns every text with its name.
            pub(super) fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($text), self.$text),)*]
            }
        }
    };
}

macro_rules! field_type {
    () => { &'static str };
    ($($gap:ident)+) => { Pattern };
}

macro_rules! field {
    ($text:expr) => {
        $text
    };
    ($text:expr, $($gap:ident)+) => {
        Pattern($text)
    };
}

macro_rules! method {
    ($text:ident) => {};
    ($text:ident $($gap:ident)+) => {
        pub(crate) fn $text<'a>(&self, $($gap: &'a str),+) -> Phrase<'a> {
            Phrase::new(self.$text, &[$(stringify!($gap)),+], [$($gap),+])
        }
    };
}

use {catalogue, field, field_type, method};

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns every text of a language with its name.
    fn entries(first: &first::Texts, later: &later::Texts) -> Vec<(&'static str, &'static str)> {
        [first.entries(), later.entries()].concat()
    }

    fn english() -> Vec<(&'static str, &'static str)> {
        entries(&en::FIRST, &en::LATER)
    }

    fn chinese() -> [(&'static str, Vec<(&'static str, &'static str)>); 2] {
        [
            ("zh-Hans", entries(&zh_hans::FIRST, &zh_hans::LATER)),
            ("zh-Hant", entries(&zh_hant::FIRST, &zh_hant::LATER)),
        ]
    }

    /// The compiler evaluates the same function for each language.
    #[test]
    #[should_panic(expected = "`call_with` must have these gaps and no other: {name}")]
    fn a_misspelt_gap_does_not_compile() {
        FirstCatalogue::checked(&first::Texts { call_with: "Call with {nmae}", ..en::FIRST }, &());
    }

    #[test]
    #[should_panic(expected = "`refused_in_use` must have these gaps and no other: {name}")]
    fn a_missing_gap_does_not_compile() {
        FirstCatalogue::checked(&first::Texts { refused_in_use: "The name is in use.", ..en::FIRST }, &());
    }

    #[test]
    #[should_panic(expected = "`sign_in` must have these gaps and no other:")]
    fn a_gap_that_is_not_listed_does_not_compile() {
        FirstCatalogue::checked(&first::Texts { sign_in: "Sign {name} in", ..en::FIRST }, &());
    }

    #[test]
    fn no_text_is_empty_or_carries_stray_space() {
        for (language, texts) in chinese().into_iter().chain([("en", english())]) {
            for (name, text) in texts {
                assert!(!text.is_empty() && text.trim() == text, "{name} in {language}: {text:?}");
            }
        }
    }

    /// A copied English text in a Chinese catalogue is a translation that was forgotten.
    #[test]
    fn chinese_is_chinese() {
        for (language, texts) in chinese() {
            for ((name, original), (_, text)) in english().into_iter().zip(texts) {
                assert_ne!(original, text, "{name} in {language}");
            }
        }
    }
}
