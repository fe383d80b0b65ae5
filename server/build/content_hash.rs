//! Decides which files may be cached for ever.

/// The most digits, of a number of 64 bits.
const DIGITS: usize = 16;
/// Trunk writes no zeros in front: every sixteenth hash has a digit less. Fewer than these has one in a
/// hundred million.
const FEWEST_DIGITS: usize = 10;

/// Returns whether the file gets a new name with new content, as Trunk's files do: `name-0123456789abcdef.js`
/// and `…_bg.wasm`.
pub(crate) fn is_in(path: &str) -> bool {
    path.split(['-', '_', '.', '/']).any(|part| {
        (FEWEST_DIGITS..=DIGITS).contains(&part.len())
            && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            // A number, and no word of these letters.
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}
