//! What the other side of a call sends: lines, what is said about files and connections, and pictures.

use tincan_session::files::{PICTURE_HEAD_BYTES, is_drawable};
use tincan_session::fuzzing::{chat_text, file_text};
use tincan_shared::decode_signal;

pub(crate) fn chat(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        chat_text(text);
    }
}

pub(crate) fn files(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        file_text(text);
    }
}

pub(crate) fn signals(bytes: &[u8]) {
    if let Some(frame) = std::str::from_utf8(bytes).ok().and_then(decode_signal) {
        assert_eq!(decode_signal(&frame.encode()), Some(frame));
    }
}

/// What a whole head says, a part of it says too, or nothing.
pub(crate) fn pictures(bytes: &[u8]) {
    let whole = &bytes[..bytes.len().min(PICTURE_HEAD_BYTES as usize)];
    let drawable = is_drawable(whole);
    for part in [whole.len() / 2, whole.len().saturating_sub(1)] {
        let of_part = is_drawable(&whole[..part]);
        assert!(of_part.is_none() || of_part == drawable);
    }
}
