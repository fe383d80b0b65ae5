//! How far the sender of a file may be ahead of what its receiver has written.

use crate::files::limits::CHUNK_BYTES;

/// The sending half of one run: says how much may be read and sent next, so that no more than the window is
/// on its way, whatever becomes of it.
#[derive(Debug)]
pub(super) struct SendWindow {
    size: u64,
    window: u64,
    sent: u64,
    acknowledged: u64,
    paused: bool,
}

/// Why an acknowledgement can't be true. Whoever says it breaks the rules, and the run is to be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AckError {
    /// It isn't a number of bytes.
    #[error("an acknowledgement is a whole number")]
    NotANumber,
    /// Less than was acknowledged before.
    #[error("an acknowledgement goes backwards")]
    Backwards,
    /// More than was sent.
    #[error("an acknowledgement of what was never sent")]
    BeyondSent,
}

impl SendWindow {
    /// A run of a file of `size` bytes that begins at `from`, with a window of `window` bytes (see
    /// `window_bytes`).
    pub(super) fn new(size: u64, from: u64, window: u64) -> SendWindow {
        let from = from.min(size);
        SendWindow { size, window: window.max(CHUNK_BYTES), sent: from, acknowledged: from, paused: false }
    }

    /// Returns how many bytes, from [`SendWindow::sent_bytes`] on, are the next message: a whole chunk, or
    /// what is left. `None` while there is no room, or it is paused, or all is sent.
    pub(super) fn next_chunk(&self) -> Option<u64> {
        let chunk = CHUNK_BYTES.min(self.size - self.sent);
        let room = self.window.saturating_sub(self.sent - self.acknowledged);
        (chunk > 0 && chunk <= room && !self.paused).then_some(chunk)
    }

    /// So many bytes were sent.
    pub(super) fn sent(&mut self, bytes: u64) {
        self.sent = self.sent.saturating_add(bytes).min(self.size);
    }

    /// The receiver said so: how many bytes of the file it has written in all.
    ///
    /// # Errors
    ///
    /// If it can't be true. Then nothing has changed.
    pub(super) fn acknowledge(&mut self, text: &str) -> Result<(), AckError> {
        let digits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let bytes: u64 = text.parse().ok().filter(|_| digits).ok_or(AckError::NotANumber)?;
        if bytes < self.acknowledged {
            return Err(AckError::Backwards);
        }
        if bytes > self.sent {
            return Err(AckError::BeyondSent);
        }
        self.acknowledged = bytes;
        Ok(())
    }

    /// Nothing is sent while it is paused, as for a full buffer of the channel.
    pub(super) fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Returns how many bytes of the file were sent, those before this run included.
    pub(super) fn sent_bytes(&self) -> u64 {
        self.sent
    }

    /// Returns how many the receiver has written.
    pub(super) fn acknowledged_bytes(&self) -> u64 {
        self.acknowledged
    }

    /// Returns whether the hash comes next.
    pub(super) fn is_all_sent(&self) -> bool {
        self.sent == self.size
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_more_than_the_window_is_on_its_way() {
        let mut window = SendWindow::new(10 * CHUNK_BYTES + 5, 0, 2 * CHUNK_BYTES);
        for _ in 0..2 {
            assert_eq!(window.next_chunk(), Some(CHUNK_BYTES));
            window.sent(CHUNK_BYTES);
        }
        assert_eq!(window.next_chunk(), None);
        // Less than a chunk of room isn't used.
        window.acknowledge("1").unwrap();
        assert_eq!(window.next_chunk(), None);
        window.acknowledge(&CHUNK_BYTES.to_string()).unwrap();
        assert_eq!(window.next_chunk(), Some(CHUNK_BYTES));
        window.set_paused(true);
        assert_eq!(window.next_chunk(), None);
    }

    #[test]
    fn a_run_ends_with_what_is_left() {
        for (size, from, chunk) in
            [(0, 0, None), (3, 0, Some(3)), (3, 3, None), (CHUNK_BYTES + 1, CHUNK_BYTES, Some(1))]
        {
            let mut window = SendWindow::new(size, from, CHUNK_BYTES);
            assert_eq!(window.next_chunk(), chunk, "{size} {from}");
            window.sent(chunk.unwrap_or(0));
            assert!(window.is_all_sent());
        }
    }

    #[test]
    fn what_cannot_be_true_is_no_acknowledgement() {
        let mut window = SendWindow::new(100_000, 50, CHUNK_BYTES);
        window.sent(CHUNK_BYTES);
        for (text, error) in [
            ("", AckError::NotANumber),
            ("-1", AckError::NotANumber),
            ("+60", AckError::NotANumber),
            ("1e3", AckError::NotANumber),
            ("99999999999999999999", AckError::NotANumber),
            ("49", AckError::Backwards),
            ("16435", AckError::BeyondSent),
        ] {
            assert_eq!(window.acknowledge(text), Err(error), "{text}");
        }
        assert_eq!(window.acknowledge("16434"), Ok(()));
        assert_eq!(window.acknowledge("16434"), Ok(()));
        assert_eq!(window.acknowledge("16433"), Err(AckError::Backwards));
    }

    proptest! {
        #[test]
        fn whatever_is_acknowledged_the_window_holds(
            size in 0..2_000_000_u64,
            from in 0..2_000_000_u64,
            acks in prop::collection::vec(0..2_200_000_u64, 0..40),
        ) {
            let mut window = SendWindow::new(size, from, 4 * CHUNK_BYTES);
            for ack in acks {
                while let Some(chunk) = window.next_chunk() {
                    window.sent(chunk);
                }
                prop_assert!(window.sent_bytes() <= size);
                prop_assert!(window.sent_bytes() - window.acknowledged_bytes() <= 4 * CHUNK_BYTES);
                let _ = window.acknowledge(&ack.to_string());
            }
        }
    }
}
