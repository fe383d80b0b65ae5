//! Decides which files may be cached for ever.

/// Returns whether the file gets a new name with new content, as Trunk's files do: `name-0123456789abcdef.js`
/// and `…_bg.wasm`.
pub(crate) fn is_in(path: &str) -> bool {
    path.split(['-', '_', '.', '/']).any(|part| {
        part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
    })
}
