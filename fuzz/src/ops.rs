//! Bytes as a sequence of operations: a line each, so that a mutation moves, doubles or drops whole ones.

/// One operation: its letter, and what it is about.
pub(crate) struct Op<'a> {
    pub(crate) letter: u8,
    pub(crate) rest: &'a [u8],
}

impl Op<'_> {
    /// Returns what it is about as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(self.rest).into_owned()
    }

    /// Returns the digit that it begins with, below `most`, and what follows.
    pub(crate) fn digit(&self, most: usize) -> (usize, String) {
        let digit = self.rest.first().map_or(0, |byte| usize::from(byte.wrapping_sub(b'0')) % most);
        (digit, String::from_utf8_lossy(self.rest.get(1..).unwrap_or_default()).into_owned())
    }
}

/// Returns the operations, at most so many.
pub(crate) fn ops(bytes: &[u8], most: usize) -> impl Iterator<Item = Op<'_>> {
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(<[u8]>::split_first);
    lines.map(|(letter, rest)| Op { letter: *letter, rest }).take(most)
}
