//! What must hold of every text that the other side may send about the peer connection.

use super::SignalFrame;

/// Checks one text.
///
/// # Panics
/// If it doesn't come out of its JSON as it went in.
pub fn signal_text(text: &str) {
    if let Some(frame) = SignalFrame::decode(text) {
        assert_eq!(SignalFrame::decode(&frame.clone().encode()), Some(frame));
    }
}
