//! How names are compared.

/// Compares names by their lower case. It comes from outside: a page has the browser's, and Rust's tables
/// would make it 5 % larger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    lower_case: fn(&str) -> String,
}

impl Names {
    pub(crate) fn new(lower_case: fn(&str) -> String) -> Names {
        Names { lower_case }
    }

    /// Returns whether two names are the same person's, as far as that can be told without Unicode's tables
    /// of forms. The server knows better, and from its first answer on says the name as its owner writes it.
    pub(crate) fn are_same(self, a: &str, b: &str) -> bool {
        a == b || (self.lower_case)(a) == (self.lower_case)(b)
    }
}
