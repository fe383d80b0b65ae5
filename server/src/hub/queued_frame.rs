//! Frames in queues, and how much room a queue has for more.

use axum::extract::ws::Utf8Bytes;

use super::Limits;
use super::user_key::UserKey;

/// A frame's text, ready to be written. Clones share it.
pub type FrameText = Utf8Bytes;

#[derive(Clone, Debug)]
pub(super) struct QueuedFrame {
    pub(super) text: FrameText,
    /// The sender, or `None` if the hub made the frame. A sender's share is counted from the queue itself, so
    /// that an idle user holds no tally.
    pub(super) from: Option<UserKey>,
}

/// The share of a queue that a frame counts against.
#[derive(Copy, Clone, Debug)]
pub(super) enum Share<'a> {
    /// The share of the client that sent the frame. If it is full, the frame is refused.
    Relayed { from: &'a UserKey },
    /// The reserve, for frames that the hub makes and for the end of a call.
    Reserve,
}

impl Share<'_> {
    /// Returns whether a frame of `bytes` may join those in `queue`.
    pub(super) fn fits<'q>(
        self,
        limits: &Limits,
        queue: impl Iterator<Item = &'q QueuedFrame>,
        bytes: usize,
    ) -> bool {
        let (mut all, mut of_sender) = (Tally::default(), Tally::default());
        for frame in queue {
            all.add(frame);
            if let Share::Relayed { from } = self
                && frame.from.as_ref() == Some(from)
            {
                of_sender.add(frame);
            }
        }
        match self {
            Share::Relayed { .. } => {
                all.has_room(limits.queue_frames, limits.queue_bytes, bytes)
                    && of_sender.has_room(limits.sender_frames, limits.sender_bytes, bytes)
            }
            Share::Reserve => all.has_room(
                limits.queue_frames.saturating_add(limits.reserve_frames),
                limits.queue_bytes.saturating_add(limits.reserve_bytes),
                bytes,
            ),
        }
    }

    /// Returns the sender to note in a frame that takes this share.
    pub(super) fn sender(self) -> Option<UserKey> {
        match self {
            Share::Relayed { from } => Some(from.clone()),
            Share::Reserve => None,
        }
    }
}

#[derive(Default)]
struct Tally {
    frames: usize,
    bytes: usize,
}

impl Tally {
    fn add(&mut self, frame: &QueuedFrame) {
        self.frames += 1;
        self.bytes += frame.text.len();
    }

    fn has_room(&self, frames: usize, bytes: usize, more: usize) -> bool {
        self.frames < frames && self.bytes.saturating_add(more) <= bytes
    }
}
