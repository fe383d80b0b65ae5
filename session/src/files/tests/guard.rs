//! What the receiver of a file lets in.

use crate::files::id::ContentHash;
use crate::files::limits::CHUNK_BYTES;

/// The receiving half of one run: whatever the other side sends, no more is taken than was accepted, and no
/// more waits to be written than the window.
#[derive(Debug)]
pub(super) struct ReceiveGuard {
    size: u64,
    window: u64,
    received: u64,
    written: u64,
    acknowledged: u64,
    hashed: bool,
}

/// How the other side breaks the rules. The run is to be ended, and nothing of the message used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Breach {
    /// An empty message, of which there could be any number.
    #[error("an empty message")]
    Empty,
    /// More bytes than the file was said to have, or any after its hash.
    #[error("more than was accepted")]
    TooMuch,
    /// More than the window is waiting to be written.
    #[error("further ahead than the window")]
    Ahead,
    /// A message of more than [`CHUNK_BYTES`].
    #[error("a message that is too long")]
    LongMessage,
    /// A text that isn't the hash, or comes before all bytes, or once more.
    #[error("a text that is not the hash")]
    NotTheHash,
}

impl ReceiveGuard {
    /// A run of a file of `size` bytes, of which `from` are written, with a window of `window` bytes (see
    /// `window_bytes`).
    pub(super) fn new(size: u64, from: u64, window: u64) -> ReceiveGuard {
        let from = from.min(size);
        ReceiveGuard { size, window, received: from, written: from, acknowledged: from, hashed: false }
    }

    /// A binary message of `bytes` came: whether it may be written, at [`ReceiveGuard::received_bytes`] as it
    /// was before.
    ///
    /// # Errors
    ///
    /// If it may not.
    pub(super) fn binary(&mut self, bytes: u64) -> Result<(), Breach> {
        if bytes == 0 {
            return Err(Breach::Empty);
        }
        if bytes > CHUNK_BYTES {
            return Err(Breach::LongMessage);
        }
        if self.hashed || bytes > self.size - self.received {
            return Err(Breach::TooMuch);
        }
        // The sender counts from what was acknowledged, so an honest one is never ahead of this.
        if self.received + bytes - self.acknowledged > self.window {
            return Err(Breach::Ahead);
        }
        self.received += bytes;
        Ok(())
    }

    /// A text message came: the hash of the whole, which is due once all bytes are here.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub(super) fn text(&mut self, text: &str) -> Result<ContentHash, Breach> {
        let due = self.received == self.size && !self.hashed;
        let hash = ContentHash::parse(text).filter(|_| due).ok_or(Breach::NotTheHash)?;
        self.hashed = true;
        Ok(hash)
    }

    /// So many more bytes are written for good. Answers the text to acknowledge with, when it is time to:
    /// after a quarter of the window, and for the last byte.
    pub(super) fn written(&mut self, bytes: u64) -> Option<String> {
        self.written = self.written.saturating_add(bytes).min(self.received);
        let news = self.written - self.acknowledged;
        if news == 0 || (news < self.window / 4 && self.written < self.size) {
            return None;
        }
        self.acknowledged = self.written;
        Some(self.written.to_string())
    }

    /// Returns how many are written.
    pub(super) fn written_bytes(&self) -> u64 {
        self.written
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::tests::window::SendWindow;

    const WINDOW: u64 = 4 * CHUNK_BYTES;

    #[test]
    fn nothing_beyond_the_accepted_size_gets_in() {
        let mut guard = ReceiveGuard::new(10, 4, WINDOW);
        assert_eq!(guard.binary(7), Err(Breach::TooMuch));
        assert_eq!(guard.binary(u64::MAX), Err(Breach::LongMessage));
        assert_eq!(guard.binary(0), Err(Breach::Empty));
        assert_eq!(guard.binary(6), Ok(()));
        assert_eq!(guard.binary(1), Err(Breach::TooMuch));
    }

    #[test]
    fn nobody_runs_ahead_of_what_is_acknowledged() {
        let mut guard = ReceiveGuard::new(100 * CHUNK_BYTES, 0, WINDOW);
        for _ in 0..4 {
            assert_eq!(guard.binary(CHUNK_BYTES), Ok(()));
        }
        assert_eq!(guard.binary(1), Err(Breach::Ahead));
        assert_eq!(guard.written(CHUNK_BYTES), Some(CHUNK_BYTES.to_string()));
        assert_eq!(guard.binary(CHUNK_BYTES), Ok(()));
    }

    #[test]
    fn the_hash_comes_once_and_after_the_last_byte() {
        let hash = "0".repeat(64);
        let mut guard = ReceiveGuard::new(3, 0, WINDOW);
        assert_eq!(guard.text(&hash), Err(Breach::NotTheHash));
        guard.binary(3).unwrap();
        assert_eq!(guard.text("hello"), Err(Breach::NotTheHash));
        assert!(guard.text(&hash).is_ok());
        assert_eq!(guard.text(&hash), Err(Breach::NotTheHash));
        assert!(ReceiveGuard::new(0, 0, WINDOW).text(&hash).is_ok());
    }

    #[test]
    fn the_last_byte_is_acknowledged_at_once() {
        let mut guard = ReceiveGuard::new(3, 0, WINDOW);
        guard.binary(3).unwrap();
        assert_eq!(guard.written(2), None);
        assert_eq!(guard.written(1), Some("3".to_owned()));
        assert_eq!(guard.written(1), None);
    }

    proptest! {
        /// The two halves never wait for each other, in whatever portions it is written.
        #[test]
        fn a_run_comes_to_its_end(
            size in 0..1_000_000_u64,
            from in 0..1_000_000_u64,
            portions in prop::collection::vec(1..200_000_u64, 1..9),
        ) {
            let mut sender = SendWindow::new(size, from, WINDOW);
            let mut guard = ReceiveGuard::new(size, from, WINDOW);
            let mut portions = portions.into_iter().cycle();
            while guard.written_bytes() < size {
                let before = guard.written_bytes();
                while let Some(chunk) = sender.next_chunk() {
                    sender.sent(chunk);
                    prop_assert_eq!(guard.binary(chunk), Ok(()));
                }
                if let Some(ack) = guard.written(portions.next().unwrap_or(1)) {
                    prop_assert_eq!(sender.acknowledge(&ack), Ok(()));
                }
                prop_assert!(guard.written_bytes() > before);
            }
            prop_assert!(sender.is_all_sent());
        }
    }
}
