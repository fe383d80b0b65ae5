//! Finds the code in what people write: lines between two fences of three backquotes, and words between two
//! backquotes on one line. It follows CommonMark (0.31), sections 4.5 and 6.1, but for what nobody writes by
//! hand.

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Not code. There may be links in it.
    Text(&'a str),
    /// A few words of code within a line.
    Code(&'a str),
    /// Lines of code.
    Block(&'a str),
}

const FENCE: &str = "```";

/// Divides what somebody wrote into its parts. Backquotes and the line breaks beside a block are left out.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, block, after)) = next_block(rest) {
        inline(before.strip_suffix('\n').unwrap_or(before), &mut parts);
        parts.push(Part::Block(block));
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    inline(rest, &mut parts);
    parts
}

/// Returns what is before the next block, in it, and after it.
fn next_block(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(FENCE)?;
    let (inside, after) = rest.split_once(FENCE)?;
    // A word after the first fence names the language. If there is only one line, it is the code itself.
    let block = match inside.split_once('\n') {
        Some((language, block)) if !language.trim().contains(char::is_whitespace) => block,
        _ => inside,
    };
    let block = block.strip_suffix('\n').unwrap_or(block);
    (!block.trim().is_empty()).then_some((before, block, after))
}

fn inline<'a>(text: &'a str, parts: &mut Vec<Part<'a>>) {
    let mut rest = text;
    // Begins where the text begins that isn't in `parts` yet.
    let mut from = text;
    while let Some(start) = rest.find('`') {
        let behind = &rest[start + 1..];
        match behind.find(['`', '\n']) {
            Some(length) if !behind[..length].trim().is_empty() && behind[length..].starts_with('`') => {
                let before = from.len() - rest.len() + start;
                if before > 0 {
                    parts.push(Part::Text(&from[..before]));
                }
                parts.push(Part::Code(&behind[..length]));
                rest = &behind[length + 1..];
                from = rest;
            }
            // A backquote that is never closed is text.
            _ => rest = behind,
        }
    }
    if !from.is_empty() {
        parts.push(Part::Text(from));
    }
}

#[cfg(test)]
mod tests {
    use super::Part::{Block, Code, Text};
    use super::*;

    #[test]
    fn finds_code() {
        let cases: [(&str, &[Part<'_>]); 14] = [
            ("", &[]),
            ("no code", &[Text("no code")]),
            ("run `ls -l` now", &[Text("run "), Code("ls -l"), Text(" now")]),
            ("`a``b`", &[Code("a"), Code("b")]),
            ("a ` b", &[Text("a ` b")]),
            ("``", &[Text("``")]),
            ("`one\ntwo`", &[Text("`one\ntwo`")]),
            ("it’s `好`。", &[Text("it’s "), Code("好"), Text("。")]),
            ("```\nfn main() {}\n```", &[Block("fn main() {}")]),
            (
                "see:\n```rust\nlet a = `b`;\n  c\n```\nok `d`",
                &[Text("see:"), Block("let a = `b`;\n  c"), Text("ok "), Code("d")],
            ),
            ("```ls```", &[Block("ls")]),
            ("```two words\nnext```", &[Block("two words\nnext")]),
            ("``` ```", &[Text("``` ```")]),
            ("```never closed\n", &[Text("```never closed\n")]),
        ];
        for (text, wanted) in cases {
            assert_eq!(parts(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn hostile_lines_take_no_longer_than_others() {
        for part in ["`", "``", "```", "```\n", "`a", "`\n", "```a```", "` `"] {
            assert!(!parts(&part.repeat(64 * 1024 / part.len())).is_empty(), "{part:?}");
        }
    }
}
