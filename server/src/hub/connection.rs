//! The hub's side of one WebSocket.

use super::Limits;
use super::addresses::ClientAddress;
use super::queued_frame::{FrameText, QueuedFrame, Share};
use super::token_bucket::TokenBucket;
use super::user_key::UserKey;

/// Identifies one WebSocket. Never used twice.
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
    pub code: u16,
    pub reason: &'static str,
}

impl Close {
    /// The server ends. It is expected to run again soon ("Service Restart" in IANA's registry of close
    /// codes).
    pub const COME_BACK: Close = Close { code: 1012, reason: "the server is ending; come back" };
    /// A numbered frame is missing. Resuming on a new connection repairs this.
    pub const OUT_OF_ORDER: Close = Close { code: 1002, reason: "out of order" };
    /// Another connection has resumed this one.
    pub const REPLACED: Close = Close { code: 1008, reason: "replaced" };
    /// Nobody signed in in time, or too many logins were refused.
    pub const SIGN_IN_FIRST: Close = Close { code: 1008, reason: "sign in first" };
    /// The client sends more frames than the limits allow, or doesn't read what it is sent.
    pub const TOO_FAST: Close = Close { code: 1008, reason: "too fast" };
    /// A frame is longer than [`tincan_shared::MAX_FRAME_BYTES`].
    pub const TOO_LARGE: Close = Close { code: 1009, reason: "too large" };
}

/// What to write to a connection now.
#[derive(Debug, Default)]
pub struct Drain {
    /// The frames, oldest first.
    pub frames: Vec<FrameText>,
    /// How to close the connection after the frames, if it is to be closed.
    pub close: Option<Close>,
}

/// One WebSocket, with the frames queued for it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) address: ClientAddress,
    pub(super) bucket: TokenBucket,
    /// The user who is signed in on this connection.
    pub(super) user: Option<UserKey>,
    /// The host that the page came from.
    pub(super) page_host: Option<Box<str>>,
    /// When the user needs another credential for TURN.
    pub(super) renew_at: Option<u64>,
    /// When to close the connection unless somebody has signed in. `None` once somebody has.
    pub(super) sign_in_by: Option<u64>,
    pub(super) refused_logins: u32,
    queue: Vec<QueuedFrame>,
    /// Set once. From then on nothing more is read or queued.
    closing: Option<Close>,
    /// Whether the hub's list of connections to drain holds this one.
    woken: bool,
}

impl Connection {
    pub(super) fn new(limits: &Limits, now_ms: u64, address: ClientAddress) -> Connection {
        Connection {
            address,
            bucket: TokenBucket::new(limits.frames, now_ms),
            user: None,
            page_host: None,
            renew_at: None,
            sign_in_by: None,
            refused_logins: 0,
            queue: Vec::new(),
            closing: None,
            woken: false,
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    pub(super) fn has_room(&self, share: Share<'_>, limits: &Limits, bytes: usize) -> bool {
        share.fits(limits, self.queue.iter(), bytes)
    }

    /// Queues a frame. Returns whether the caller must now list the connection for draining.
    #[must_use]
    pub(super) fn push(&mut self, frame: QueuedFrame) -> bool {
        self.queue.push(frame);
        !std::mem::replace(&mut self.woken, true)
    }

    /// Closes the connection after the queued frames. Returns whether the caller must now list it for
    /// draining.
    #[must_use]
    pub(super) fn close(&mut self, close: Close) -> bool {
        self.closing.get_or_insert(close);
        !std::mem::replace(&mut self.woken, true)
    }

    /// Notes that the connection is no longer listed. Returns whether there is something to drain.
    pub(super) fn unlist(&mut self) -> bool {
        self.woken = false;
        !self.queue.is_empty() || self.closing.is_some()
    }

    pub(super) fn drain(&mut self) -> Drain {
        let frames = std::mem::take(&mut self.queue).into_iter().map(|frame| frame.text).collect();
        Drain { frames, close: self.closing }
    }

    /// Returns how many frames have still to be drained.
    pub(super) fn backlog(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn queued(&self) -> &[QueuedFrame] {
        &self.queue
    }
}
