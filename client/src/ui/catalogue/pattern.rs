//! Texts with gaps, and the check of their gaps.

/// A text with gaps, such as `Call with {name}`. Every brace in it belongs to a gap: see [`check`].
#[derive(Clone, Copy)]
pub(crate) struct Pattern(pub(super) &'static str);

/// Panics with `message` unless `text` has each of `gaps` and no other brace. `{` and `}` can't be text.
pub(super) const fn check(text: &str, gaps: &[&str], message: &str) {
    let text = text.as_bytes();
    let mut missing = (1_u32 << gaps.len()) - 1;
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'{' {
            let gap = gap_at(text, at + 1, gaps);
            assert!(gap < gaps.len(), "{}", message);
            missing &= !(1 << gap);
            at += gaps[gap].len() + 2;
        } else {
            assert!(text[at] != b'}', "{}", message);
            at += 1;
        }
    }
    assert!(missing == 0, "{}", message);
}

/// Returns which of `gaps` the text has from `start` to the next brace, or `gaps.len()` if none.
const fn gap_at(text: &[u8], start: usize, gaps: &[&str]) -> usize {
    let mut gap = 0;
    while gap < gaps.len() {
        let name = gaps[gap].as_bytes();
        let mut same = 0;
        while same < name.len() && start + same < text.len() && text[start + same] == name[same] {
            same += 1;
        }
        if same == name.len() && start + same < text.len() && text[start + same] == b'}' {
            break;
        }
        gap += 1;
    }
    gap
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn each_gap_has_to_be_there_and_no_other() {
        for (text, gaps, good) in [
            ("plain", &[][..], true),
            ("{name} calls {name}", &["name"], true),
            ("{new} ist jetzt {name}", &["name", "new"], true),
            ("「{name}」來電", &["name"], true),
            ("Call with", &["name"], false),
            ("Call with {nmae}", &["name"], false),
            ("Call with {names}", &["name"], false),
            ("Call with {nam}", &["name"], false),
            ("{name} is now {name}", &["name", "new"], false),
            ("{name} is now {new}", &["name"], false),
            ("Call with {name", &["name"], false),
            ("Call with name}", &["name"], false),
            ("Call with {na", &["name"], false),
            ("{", &[], false),
            ("}", &[], false),
        ] {
            assert_eq!(catch_unwind(|| check(text, gaps, "")).is_ok(), good, "{text}");
        }
    }
}
