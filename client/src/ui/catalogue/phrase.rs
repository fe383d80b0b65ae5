//! Texts whose gaps are filled.

use super::pattern::Pattern;

/// The most gaps that a text has.
const MOST_GAPS: usize = 2;

/// A text of the catalogue with the values for its gaps. `parts/phrase.rs` draws it.
#[derive(Clone, Copy)]
pub(crate) struct Phrase<'a> {
    pattern: &'static str,
    gaps: &'static [&'static str],
    values: [&'a str; MOST_GAPS],
}

/// A part of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Belongs to the text.
    Text(&'static str),
    /// Fills a gap.
    Value(&'a str),
}

impl<'a> Phrase<'a> {
    #[inline]
    pub(super) fn new<const GAPS: usize>(
        pattern: Pattern,
        gaps: &'static [&'static str; GAPS],
        given: [&'a str; GAPS],
    ) -> Phrase<'a> {
        const { assert!(GAPS <= MOST_GAPS) };
        let mut values = [""; MOST_GAPS];
        values[..GAPS].copy_from_slice(&given);
        Phrase { pattern: pattern.0, gaps, values }
    }

    /// Takes the phrase apart. Values are not looked into, so a user called `{name}` does no harm.
    pub(crate) fn pieces(self) -> impl Iterator<Item = Piece<'a>> {
        // Braces come in pairs (`check`), so text and the names of gaps take turns.
        let parts = self.pattern.split(['{', '}']).enumerate().filter(|(_, part)| !part.is_empty());
        parts.map(move |(at, part)| match at % 2 {
            0 => Piece::Text(part),
            _ => Piece::Value(self.value(part)),
        })
    }

    fn value(&self, name: &str) -> &'a str {
        self.gaps.iter().zip(self.values).find(|(gap, _)| **gap == name).map_or("", |(_, value)| value)
    }

    /// Returns the phrase as it reads.
    pub(crate) fn into_string(self) -> String {
        self.pieces()
            .map(|piece| match piece {
                Piece::Text(part) | Piece::Value(part) => part,
            })
            .collect()
    }
}

/// A text without gaps, where others have some.
impl From<&'static str> for Phrase<'_> {
    fn from(text: &'static str) -> Self {
        Phrase { pattern: text, gaps: &[], values: [""; MOST_GAPS] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_gap_and_looks_into_no_value() {
        let fill = |pattern, value| Phrase::new(Pattern(pattern), &["name"], [value]).into_string();
        assert_eq!(fill("{name} calls {name}", "Anna"), "Anna calls Anna");
        assert_eq!(fill("「{name}」來電", "安娜"), "「安娜」來電");
        let fill = |pattern, a, b| Phrase::new(Pattern(pattern), &["a", "b"], [a, b]).into_string();
        assert_eq!(fill("{a}{b}", "{b}", "{a}"), "{b}{a}");
        assert_eq!(fill("{b}, {a}", "one", "two"), "two, one");
        assert_eq!(Phrase::from("plain").into_string(), "plain");
    }

    #[test]
    fn text_and_values_are_told_apart() {
        let phrase = Phrase::new(Pattern("Call with {name}"), &["name"], ["with"]);
        assert!(phrase.pieces().eq([Piece::Text("Call with "), Piece::Value("with")]));
    }
}
