//! Finds the links in what people write.

use std::borrow::Cow;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    Text(&'a str),
    Link {
        /// As it was written.
        text: &'a str,
        /// Where it leads. Always begins with `http:` or `https:`.
        address: Cow<'a, str>,
    },
}

/// Divides a line into links and the text between them. The segments together are the whole line, unchanged.
pub(super) fn segments(line: &str) -> impl Iterator<Item = Segment<'_>> {
    let mut rest = line;
    // A link that was found, and comes after the text before it.
    let mut found = None;
    std::iter::from_fn(move || {
        if let Some(link) = found.take() {
            return Some(link);
        }
        if rest.is_empty() {
            return None;
        }
        let Some((start, end)) = next_link(rest) else {
            return Some(Segment::Text(std::mem::take(&mut rest)));
        };
        let (before, link) = (&rest[..start], &rest[start..end]);
        rest = &rest[end..];
        let link = Segment::Link { text: link, address: address(link) };
        if before.is_empty() {
            return Some(link);
        }
        found = Some(link);
        Some(Segment::Text(before))
    })
}

const STARTS: [&str; 3] = ["https://", "http://", "www."];

/// Returns where the first link in `text` starts and ends, in bytes.
fn next_link(text: &str) -> Option<(usize, usize)> {
    let mut before = None;
    for (start, letter) in text.char_indices() {
        // No link starts inside a word: `xhttp://` and `awww.` are just words.
        let inside_word = before.is_some_and(|c: char| c.is_ascii_alphanumeric());
        before = Some(letter);
        if inside_word || !matches!(letter, 'h' | 'H' | 'w' | 'W') {
            continue;
        }
        let rest = &text[start..];
        let host = STARTS.iter().find_map(|prefix| strip_ignoring_case(rest, prefix));
        if host.is_some_and(|host| host.starts_with(begins_host)) {
            return Some((start, start + link_length(rest)));
        }
    }
    None
}

/// Any character beyond ASCII may begin a host. Which ones really do takes tables that would have to be
/// downloaded.
fn begins_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '[' || !(c.is_ascii() || ends_link(c))
}

fn strip_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Returns how many bytes of `text`, which begins with a link, belong to the link. Looks at each byte only a
/// few times, because a line may be 64 KiB of whatever the other side likes.
fn link_length(text: &str) -> usize {
    const BRACKETS: [(u8, u8); 3] = [(b'(', b')'), (b'[', b']'), (b'{', b'}')];
    let link = &text[..text.find(ends_link).unwrap_or(text.len())];
    // How many of each bracket are closed in the link without being opened in it.
    let mut unopened = BRACKETS.map(|(open, close)| {
        let count = |bracket| link.bytes().filter(|byte| *byte == bracket).count();
        count(close).saturating_sub(count(open))
    });
    // What closes a sentence, or a bracket that was opened before the link, is not part of the link.
    let superfluous = |last: char| match BRACKETS.iter().position(|(_, close)| char::from(*close) == last) {
        Some(bracket) if unopened[bracket] > 0 => {
            unopened[bracket] -= 1;
            true
        }
        Some(_) => false,
        None => matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~'),
    };
    link.trim_end_matches(superfluous).len()
}

/// Returns whether `c` ends a link: space, quotes, and Chinese punctuation, which has no space before it. So
/// do invisible characters and those that change direction, because they could make one address look like
/// another.
fn ends_link(c: char) -> bool {
    const QUOTES: &str = "<>\"`“”‘’«»…·";
    let unseen = matches!(c as u32, 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF);
    // "CJK Symbols and Punctuation", and "Fullwidth Forms" but for their letters and digits.
    let chinese = matches!(c as u32, 0x3000..=0x303F | 0xFF01..=0xFF0F | 0xFF1A..=0xFF20 | 0xFF3B..=0xFF40
        | 0xFF5B..=0xFF65);
    c.is_whitespace() || c.is_control() || unseen || chinese || QUOTES.contains(c)
}

fn address(link: &str) -> Cow<'_, str> {
    if strip_ignoring_case(link, "www.").is_some() {
        Cow::Owned(format!("https://{link}"))
    } else {
        Cow::Borrowed(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the links of a line, and asserts that none of its text is lost.
    fn links(line: &str) -> Vec<String> {
        let mut whole = String::new();
        let mut links = Vec::new();
        for segment in segments(line) {
            match segment {
                Segment::Text(text) => {
                    assert!(!text.is_empty());
                    whole.push_str(text);
                }
                Segment::Link { text, address } => {
                    whole.push_str(text);
                    links.push(address.into_owned());
                }
            }
        }
        assert_eq!(whole, line);
        links
    }

    #[test]
    fn finds_links_without_what_stands_around_them() {
        for (line, link) in [
            ("see https://example.org/a?b=c#d now", "https://example.org/a?b=c#d"),
            ("http://localhost:9090", "http://localhost:9090"),
            ("Go to www.example.org.", "https://www.example.org"),
            ("HTTPS://Example.org!", "HTTPS://Example.org"),
            ("(https://en.wikipedia.org/wiki/Tin_(metal))", "https://en.wikipedia.org/wiki/Tin_(metal)"),
            ("\"https://example.org\"", "https://example.org"),
            ("看https://example.org/a。好吗", "https://example.org/a"),
            ("（www.example.org）", "https://www.example.org"),
            ("https://例子.中国/路", "https://例子.中国/路"),
            ("one\nhttps://example.org\ntwo", "https://example.org"),
            ("https://[::1]:9090/", "https://[::1]:9090/"),
            ("https://example.org/?!.,", "https://example.org/"),
        ] {
            assert_eq!(links(line), [link], "{line}");
        }
    }

    #[test]
    fn finds_several() {
        assert_eq!(
            links("www.a.org, http://b.org; and https://c.org"),
            ["https://www.a.org", "http://b.org", "https://c.org"]
        );
    }

    #[test]
    fn other_schemes_and_words_are_text() {
        for line in [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://example.org",
            "xhttp://example.org",
            "awww.example.org",
            "https://",
            "www.",
            "https://.",
            "h",
            "é",
            "",
            "<a href=x>",
        ] {
            assert_eq!(links(line), Vec::<String>::new(), "{line}");
        }
    }

    /// The longest lines, made to be slow. They would take minutes if the time grew with the square of the
    /// length.
    #[test]
    fn hostile_lines_take_no_longer_than_others() {
        for part in [")", "(", ".", "https://.", "https://a)", "www.", "h", "https://a "] {
            let line = format!("https://a{}", part.repeat(64 * 1024 / part.len()));
            assert!(!links(&line).is_empty(), "{part}");
        }
    }

    #[test]
    fn a_direction_mark_ends_a_link() {
        assert_eq!(links("https://example.org/\u{202E}gro.live"), ["https://example.org/"]);
    }

    #[test]
    fn never_loses_text_and_never_links_elsewhere() {
        let parts = [
            "www.",
            "http://",
            "https://",
            ")",
            "(",
            "é",
            "。",
            " ",
            "a",
            ".",
            "\u{200F}",
            "[",
            "javascript:",
        ];
        for a in parts {
            for b in parts {
                for c in parts {
                    for d in parts {
                        for link in links(&[a, b, c, d].concat()) {
                            assert!(link.starts_with("http://") || link.starts_with("https://"), "{link}");
                        }
                    }
                }
            }
        }
    }
}
