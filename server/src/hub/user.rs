//! Somebody who is signed in.

use tincan_shared::{Frame, Inbox, Name, Outbox, ServerMessage};

use super::Limits;
use super::connection::{ConnectionId, FrameText, Room};
use super::pairs::Pairs;

/// Somebody who is signed in.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: Name,
    pub(super) presence: Presence,
    /// Only for those who asked for it.
    pub(super) resumption: Option<Box<Resumption>>,
    pub(super) pairs: Pairs,
}

/// Where a user is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// On this connection.
    Online(ConnectionId),
    /// The connection was lost; the user may resume before this time.
    Away {
        /// In milliseconds.
        until: u64,
    },
}

/// What lets a user come back on another connection without losing a frame.
#[derive(Debug)]
pub(super) struct Resumption {
    pub(super) token: Token,
    pub(super) inbox: Inbox,
    outbox: Outbox<FrameText>,
    outbox_bytes: usize,
}

/// 128 random bits that only their user knows.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Token(u128);

impl Token {
    pub(super) fn from_random(bits: u128) -> Token {
        Token(bits)
    }

    pub(super) fn to_text(self) -> String {
        format!("{:032x}", self.0)
    }

    pub(super) fn matches(self, text: &str) -> bool {
        // Compared as numbers in one step, so the time taken says nothing about the digits.
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits && u128::from_str_radix(text, 16).is_ok_and(|bits| bits == self.0)
    }
}

impl User {
    pub(super) fn connection(&self) -> Option<ConnectionId> {
        match self.presence {
            Presence::Online(id) => Some(id),
            Presence::Away { .. } => None,
        }
    }

    /// `message` in a frame as this user gets it: numbered, with an acknowledgement where one is owed, if the
    /// user asked for that.
    pub(super) fn frame<D, C>(&self, message: ServerMessage<D, C>) -> Frame<ServerMessage<D, C>> {
        match &self.resumption {
            None => Frame::plain(message),
            Some(resumption) => Frame {
                message,
                seq: Some(resumption.outbox.next_seq()),
                ack: (resumption.inbox.owed() > 0).then(|| resumption.inbox.received()),
            },
        }
    }

    /// Whether a frame of `bytes` may be kept until it is acknowledged.
    pub(super) fn has_room(&self, room: Room, limits: &Limits, bytes: usize) -> bool {
        self.resumption.as_ref().is_none_or(|resumption| {
            let waiting = resumption.outbox.unacknowledged().count();
            room.fits(limits, waiting, resumption.outbox_bytes, bytes)
        })
    }

    /// Keeps what [`frame`](Self::frame) made, after [`has_room`](Self::has_room) said yes.
    pub(super) fn keep(&mut self, text: &FrameText) {
        if let Some(resumption) = &mut self.resumption {
            resumption.inbox.acknowledge();
            resumption.outbox_bytes += text.len();
            // The room was checked: the outbox's own capacity is the same bound.
            let _ = resumption.outbox.push(text.clone());
        }
    }
}

impl Resumption {
    pub(super) fn new(token: Token, limits: &Limits) -> Resumption {
        Resumption {
            token,
            inbox: Inbox::default(),
            outbox: Outbox::new(limits.queue_frames.saturating_add(limits.reserve_frames)),
            outbox_bytes: 0,
        }
    }

    /// The client has received everything up to `seq`.
    pub(super) fn acknowledged(&mut self, seq: u64) {
        self.outbox.acknowledge(seq);
        self.outbox_bytes = self.outbox.unacknowledged().map(|text| text.len()).sum();
    }

    /// What the client may not have received, oldest first.
    pub(super) fn unacknowledged(&self) -> impl Iterator<Item = &FrameText> {
        self.outbox.unacknowledged()
    }
}
