//! What must hold of every text that the other side may send about files, and of every name.

use super::limits::MAX_FILE_BYTES;
use super::name::safe_name;
use super::wire::{FileFrame, FileText};

/// Checks one text.
///
/// # Panics
/// If it doesn't come out of its JSON as it went in, or names a file as no system takes it.
pub fn file_text(text: &str) {
    let Some(frame) = FileFrame::decode(&FileText::new(text.to_owned())) else { return };
    if let FileFrame::Offer { name, size, .. } = &frame {
        assert!(*size <= MAX_FILE_BYTES);
        file_name(name);
        assert_eq!(*name, safe_name(name));
    }
    assert_eq!(FileFrame::decode(&FileText::new(frame.encode())).as_ref(), Some(&frame));
}

/// Checks what becomes of one name.
///
/// # Panics
/// If that isn't the name of one file, or not safe by its own measure.
pub fn file_name(name: &str) {
    let safe = safe_name(name);
    assert!(!safe.is_empty() && safe.len() <= 255, "{safe:?}");
    assert!(!safe.contains(['/', '\\', ':', '\0', '\n', '\u{202E}']), "{safe:?}");
    assert!(!safe.starts_with(['.', ' ']) && !safe.ends_with(['.', ' ']), "{safe:?}");
    assert_eq!(safe_name(&safe), safe, "a name that is safe stays as it is");
}
