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

/// Whose share of a queue a frame takes.
#[derive(Copy, Clone, Debug)]
pub(super) enum Share<'a> {
    /// It came from another client, and can be refused.
    Relayed(&'a Sender),
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

    /// Returns who is to be noted as the sender of what takes this share.
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
