//! Reads paths such as `::a::{b, c::{d, self}}`, which is what a `use` and every other path look like.

/// Returns each path of the tree at the front of `text`, less its first `::`, and the tree's length in bytes.
/// Without a tree there is one empty path.
pub(super) fn leaves(text: &str) -> (Vec<Vec<String>>, usize) {
    let mut found = Vec::new();
    let rest = collect(text, &mut Vec::new(), &mut found);
    (found, text.len() - rest.len())
}

/// Returns whether `c` may be part of a name.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads one tree from the front of `text`, whose paths begin with `before`. Returns what follows it.
fn collect<'a>(text: &'a str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let depth = before.len();
    let mut rest = text;
    while let Some(after) = rest.trim_start().strip_prefix("::") {
        rest = after.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            rest = collect_list(list, before, found);
            before.truncate(depth);
            return rest;
        }
        let (name, after) = segment(rest);
        if name.is_empty() {
            break;
        }
        before.push(name.to_owned());
        rest = after;
    }
    found.push(before.clone());
    before.truncate(depth);
    rest
}

/// Reads the trees up to the brace that closes the list. Returns what follows it.
fn collect_list<'a>(text: &'a str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let mut rest = text.trim_start();
    while let Some(next) = rest.chars().next() {
        // The first segment of each tree has no `::` before it.
        let (name, after) = segment(rest);
        if !name.is_empty() {
            before.push(name.to_owned());
            rest = without_alias(collect(after, before, found));
            before.pop();
        } else {
            rest = &rest[next.len_utf8()..];
            if next == '}' {
                break;
            }
        }
        rest = rest.trim_start();
    }
    rest
}

/// Returns what follows `as name`, if that is what `text` begins with.
fn without_alias(text: &str) -> &str {
    match text.trim_start().strip_prefix("as ") {
        Some(alias) => segment(alias.trim_start()).1,
        None => text,
    }
}

/// Returns the name or `*` at the front, and what follows it.
fn segment(text: &str) -> (&str, &str) {
    if text.starts_with('*') {
        return text.split_at(1);
    }
    text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::leaves;

    fn read(text: &str) -> Vec<String> {
        leaves(text).0.into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn a_list_is_as_many_paths() {
        assert_eq!(read("::a::B;"), ["a::B"]);
        assert_eq!(read("::{a, b::{C as D, self}, e::*};"), ["a", "b::C", "b::self", "e::*"]);
        assert_eq!(read("::{\n    a::{b, c},\n    d,\n};\nuse x::y;"), ["a::b", "a::c", "d"]);
    }

    #[test]
    fn a_path_in_an_expression_ends_where_it_does() {
        assert_eq!(read("::a::draw(crate::b)"), ["a::draw"]);
        assert_eq!(read("::a::Line { text }"), ["a::Line"]);
        assert_eq!(read(") fn f() {}"), [""]);
    }

    #[test]
    fn a_tree_that_is_cut_off_ends() {
        assert_eq!(read("::{a::{b, c"), ["a::b", "a::c"]);
        assert_eq!(read("::"), [""]);
    }
}
