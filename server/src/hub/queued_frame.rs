//! Frames in queues, and how much room a queue has for more.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::Limits;
use super::user_key::UserKey;

/// A frame's text, ready to be written. Clones share it.
pub type FrameText = Utf8Bytes;

#[derive(Clone, Debug)]
pub(super) struct QueuedFrame {
    pub(super) text: FrameText,
    /// The sender, or `None` if the hub made the frame. A sender's share is counted from the queue itself, so
    /// that an idle user holds no tally.
    pub(super) from: Option<Sender>,
}

/// Whose frame is relayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) key: UserKey,
    pub(super) relation: Relation,
}

/// What the sender of a frame is to its receiver.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// In an answered call with them, or in the same room.
    Partner,
    /// Anybody else.
    Stranger,
}

/// The share of a queue that a frame counts against.
#[derive(Copy, Clone, Debug)]
pub(super) enum Share<'a> {
    /// The share of the client that sent the frame. If it is full, the frame is refused.
    Relayed(&'a Sender),
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
        let (mut all, mut of_strangers, mut of_sender) =
            (Tally::default(), Tally::default(), Tally::default());
        for queued in queue {
            all.add(queued);
            let from = queued.from.as_ref();
            if from.is_some_and(|from| from.relation == Relation::Stranger) {
                of_strangers.add(queued);
            }
            if let (Share::Relayed(sender), Some(from)) = (self, from)
                && from.key == sender.key
            {
                of_sender.add(queued);
            }
        }
        match self {
            Share::Relayed(sender) => {
                let within = all.has_room(limits.queue_frames, limits.queue_bytes, bytes);
                within
                    && match sender.relation {
                        Relation::Partner => {
                            of_sender.has_room(limits.sender_frames, limits.sender_bytes, bytes)
                        }
                        Relation::Stranger => {
                            of_sender.has_room(limits.stranger_frames, limits.stranger_bytes, bytes)
                                && of_strangers.has_room(
                                    limits.strangers_frames,
                                    limits.strangers_bytes,
                                    bytes,
                                )
                        }
                    }
            }
            Share::Reserve => all.has_room(
                limits.queue_frames.saturating_add(limits.reserve_frames),
                limits.queue_bytes.saturating_add(limits.reserve_bytes),
                bytes,
            ),
        }
    }

    /// Returns the sender to note in a frame that takes this share.
    pub(super) fn sender(self) -> Option<Sender> {
        match self {
            Share::Relayed(sender) => Some(sender.clone()),
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
    fn add(&mut self, queued: &QueuedFrame) {
        self.frames += 1;
        self.bytes += queued.text.len();
    }

    fn has_room(&self, frames: usize, bytes: usize, more: usize) -> bool {
        self.frames < frames && self.bytes.saturating_add(more) <= bytes
    }
}
