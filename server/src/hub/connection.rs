//! One WebSocket, as the hub sees it.

use axum::extract::ws::Utf8Bytes;

use super::Limits;
use super::token_bucket::TokenBucket;
use crate::name_key::NameKey;

/// A frame's text, ready to be written. Clones share it.
pub type FrameText = Utf8Bytes;

/// Names one WebSocket. Never used twice.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub struct ConnectionId(pub(super) u64);

impl std::fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// How a WebSocket is to be closed (RFC 6455, section 7.4).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The status code.
    pub code: u16,
    /// In a few words, why.
    pub reason: &'static str,
}

impl Close {
    /// The server shuts down.
    pub const GOING_AWAY: Close = Close { code: 1001, reason: "the server is shutting down" };
    /// A numbered frame is missing. Resuming on a new connection mends it.
    pub const OUT_OF_ORDER: Close = Close { code: 1002, reason: "out of order" };
    /// Another connection has resumed this one.
    pub const REPLACED: Close = Close { code: 1008, reason: "replaced" };
    /// More frames than the limits allow, or answers that nobody reads.
    pub const TOO_FAST: Close = Close { code: 1008, reason: "too fast" };
    /// A frame longer than [`tincan_shared::MAX_FRAME_BYTES`].
    pub const TOO_LARGE: Close = Close { code: 1009, reason: "too large" };
}

/// What is to be written to a connection now.
#[derive(Debug, Default)]
pub struct Drain {
    /// In this order.
    pub frames: Vec<FrameText>,
    /// After the frames.
    pub close: Option<Close>,
}

/// Whose room in a queue a frame takes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// It came from another client, and can be refused.
    Relayed,
    /// The hub made it: the reserve is for it.
    HubMade,
}

impl Room {
    /// Whether a frame of `bytes` may join `waiting_frames` of `waiting_bytes`.
    pub(super) fn fits(
        self,
        limits: &Limits,
        waiting_frames: usize,
        waiting_bytes: usize,
        bytes: usize,
    ) -> bool {
        match self {
            Room::Relayed => {
                waiting_frames < limits.queue_frames
                    && waiting_bytes.saturating_add(bytes) <= limits.queue_bytes
            }
            // These are small: their number bounds their bytes.
            Room::HubMade => waiting_frames < limits.queue_frames.saturating_add(limits.reserve_frames),
        }
    }
}

/// One WebSocket and what waits to be written to it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) bucket: TokenBucket,
    /// Who is signed in on it.
    pub(super) user: Option<NameKey>,
    queue: Vec<FrameText>,
    queued_bytes: usize,
    /// Set once; from then on nothing more is read or queued.
    closing: Option<Close>,
    /// Whether it stands in the hub's list of connections to drain.
    woken: bool,
}

impl Connection {
    pub(super) fn new(limits: &Limits, now_ms: u64) -> Connection {
        Connection {
            bucket: TokenBucket::new(limits, now_ms),
            user: None,
            queue: Vec::new(),
            queued_bytes: 0,
            closing: None,
            woken: false,
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    pub(super) fn has_room(&self, room: Room, limits: &Limits, bytes: usize) -> bool {
        room.fits(limits, self.queue.len(), self.queued_bytes, bytes)
    }

    /// Queues `text`. Answers whether the connection is now to be listed for draining.
    #[must_use]
    pub(super) fn push(&mut self, text: FrameText) -> bool {
        self.queued_bytes += text.len();
        self.queue.push(text);
        !std::mem::replace(&mut self.woken, true)
    }

    /// Closes it after what is queued. Answers whether the connection is now to be listed for draining.
    #[must_use]
    pub(super) fn close(&mut self, close: Close) -> bool {
        self.closing.get_or_insert(close);
        !std::mem::replace(&mut self.woken, true)
    }

    /// It is no longer listed. Answers whether there is something to drain.
    pub(super) fn unlist(&mut self) -> bool {
        self.woken = false;
        !self.queue.is_empty() || self.closing.is_some()
    }

    pub(super) fn drain(&mut self) -> Drain {
        self.queued_bytes = 0;
        Drain { frames: std::mem::take(&mut self.queue), close: self.closing }
    }

    #[cfg(test)]
    pub(super) fn queued(&self) -> (usize, usize) {
        (self.queue.len(), self.queued_bytes)
    }
}
