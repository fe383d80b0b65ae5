//! Texts with placeholders.

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// To be shown as it is.
    Text(&'a str),
    /// To be replaced: the word between the braces.
    Placeholder(&'a str),
}

/// Takes a pattern apart. A brace that opens no placeholder is text.
pub(crate) fn pieces(pattern: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            rest = after;
            return Some(Piece::Placeholder(name));
        }
        // The first byte may be a lone brace: look for the next one behind it.
        let end = rest.char_indices().skip(1).find(|(_, c)| *c == '{').map_or(rest.len(), |(at, _)| at);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(text))
    })
}

/// Puts `values` in the places of their names. Values are not looked into, so a user called `{name}` does no harm.
pub(crate) fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    pieces(pattern)
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Placeholder(name) => {
                values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_place_and_looks_into_no_value() {
        assert_eq!(fill("{name} calls {name}", &[("name", "Anna")]), "Anna calls Anna");
        assert_eq!(fill("{a}{b}", &[("a", "{b}"), ("b", "{a}")]), "{b}{a}");
        assert_eq!(fill("「{name}」來電", &[("name", "安娜")]), "「安娜」來電");
        assert_eq!(fill("plain", &[]), "plain");
    }

    #[test]
    fn a_lone_brace_is_text() {
        assert_eq!(fill("a { b", &[]), "a { b");
        assert_eq!(fill("{", &[]), "{");
    }
}
