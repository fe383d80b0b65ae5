//! Finds a name for a guest of a room where others have the same name.

use tincan_shared::{MAX_NAME_CHARS, Name};

use crate::name_key::Look;

/// Returns `wanted`, or the first of `wanted 2`, `wanted 3`, … that looks like none of those `taken`.
pub(super) fn first_free(wanted: &Name, taken: &[Look]) -> Name {
    let is_free = |name: &Name| !Look::of(name).iter().any(|look| taken.contains(look));
    if is_free(wanted) {
        return wanted.clone();
    }
    // Different numbers rarely look the same, so among one more than there are looks taken, one is free.
    let numbers = 2..=taken.len() + 2;
    numbers.filter_map(|number| numbered(wanted, number)).find(is_free).unwrap_or_else(|| wanted.clone())
}

/// Returns `name` followed by `number`, with `name` cut to keep within the length of a name.
fn numbered(name: &Name, number: usize) -> Option<Name> {
    let suffix = format!(" {number}");
    let left = MAX_NAME_CHARS.saturating_sub(suffix.chars().count());
    let shortened: String = name.as_str().chars().take(left).collect();
    // A cut name with a number is still a valid name, because it holds no other characters.
    Name::parse(&format!("{}{suffix}", shortened.trim_end())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(wanted: &str, taken: &[&str]) -> String {
        let name = |text: &str| Name::parse(text).unwrap();
        let taken: Vec<_> = taken.iter().flat_map(|text| Look::of(&name(text))).collect();
        first_free(&name(wanted), &taken).as_str().to_owned()
    }

    #[test]
    fn the_first_number_that_is_free() {
        for (wanted, taken, expected) in [
            ("Anna", &[] as &[&str], "Anna"),
            ("Anna", &["Bob"], "Anna"),
            ("Anna", &["ANNA"], "Anna 2"),
            ("\u{410}nna", &["Anna"], "\u{410}nna 2"),
            ("anna", &["Anna", "ANNA 2", "anna ４"], "anna 3"),
            ("Anna", &["anna", "anna 2", "anna 3"], "Anna 4"),
            ("Anna 2", &["anna 2"], "Anna 2 2"),
            ("Straße", &["STRASSE"], "Straße 2"),
        ] {
            assert_eq!(free(wanted, taken), expected, "{wanted} beside {taken:?}");
        }
    }

    #[test]
    fn a_long_name_gives_characters_for_its_number() {
        let long = "é".repeat(32);
        assert_eq!(free(&long, &[&long]), format!("{} 2", "é".repeat(30)));
        let mut taken = vec![long.clone()];
        taken.extend((2..10).map(|number| format!("{} {number}", "é".repeat(30))));
        let taken: Vec<_> = taken.iter().map(String::as_str).collect();
        assert_eq!(free(&long, &taken), format!("{} 10", "é".repeat(29)));
        let spaced = format!("{} {}", "x".repeat(29), "yy");
        assert_eq!(free(&spaced, &[&spaced]), format!("{} 2", "x".repeat(29)));
    }
}
