//! Frames that wait in a queue, and how much room there is for more.

use axum::extract::ws::Utf8Bytes;

use super::Limits;
use super::user_key::UserKey;

/// A frame's text, ready to be written. Clones share it.
pub type FrameText = Utf8Bytes;

/// A frame in a queue.
#[derive(Clone, Debug)]
pub(super) struct QueuedFrame {
    pub(super) text: FrameText,
    /// Who sent it; `None` where the hub made it. Counted in the queue itself, so that an idle user holds no
    /// tally.
    pub(super) from: Option<UserKey>,
}

/// Whose share of a queue a frame takes.
#[derive(Copy, Clone, Debug)]
pub(super) enum Share<'a> {
    /// It came from another client, and can be refused.
    Relayed { from: &'a UserKey },
    /// The reserve is for it: the hub made it, or it is the end of a call.
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

    /// Returns who is to be noted as the sender of what takes this share.
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
