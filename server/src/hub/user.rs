//! Somebody who is signed in.

use std::sync::Arc;

use tincan_shared::{Frame, Inbox, Name, Outbox, ServerMessage};

use super::Limits;
use super::connection::ConnectionId;
use super::pairs::Pairs;
use super::waiting::{Room, Waiting};

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
    outbox: Outbox<Waiting>,
}

/// What resumes a connection: a secret of the client's, or 128 random bits, in lower-case hexadecimal digits.
/// Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Token(Arc<str>);

impl Token {
    pub(super) fn from_random(bits: u128) -> Token {
        Token(format!("{bits:032x}").into())
    }

    /// A secret that a client has thought of, if it can be one. What is shorter could be guessed, and what is longer
    /// only takes memory.
    pub(super) fn chosen(text: &str) -> Option<Token> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (digits && (32..=64).contains(&text.len())).then(|| Token(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        // Every digit is looked at, so the time taken doesn't say where they differ.
        let differences = self.0.bytes().zip(text.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
        self.0.len() == text.len() && differences == 0
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
    pub(super) fn has_room(&self, room: Room<'_>, limits: &Limits, bytes: usize) -> bool {
        self.resumption
            .as_ref()
            .is_none_or(|resumption| room.fits(limits, resumption.outbox.unacknowledged(), bytes))
    }

    /// Keeps what [`frame`](Self::frame) made, after [`has_room`](Self::has_room) said yes.
    pub(super) fn keep(&mut self, frame: &Waiting) {
        if let Some(resumption) = &mut self.resumption {
            resumption.inbox.acknowledge();
            // The room was checked: the outbox's own capacity is the same bound.
            let _ = resumption.outbox.push(frame.clone());
        }
    }
}

impl Resumption {
    pub(super) fn new(token: Token, limits: &Limits) -> Resumption {
        Resumption {
            token,
            inbox: Inbox::default(),
            outbox: Outbox::new(limits.queue_frames.saturating_add(limits.reserve_frames)),
        }
    }

    /// The client has received everything up to `seq`.
    pub(super) fn acknowledged(&mut self, seq: u64) {
        self.outbox.acknowledge(seq);
    }

    /// Whether a client that says it has received everything up to `seq` can be the one these frames were for.
    pub(super) fn has_sent(&self, seq: u64) -> bool {
        seq < self.outbox.next_seq()
    }

    /// What the client may not have received, oldest first.
    pub(super) fn unacknowledged(&self) -> impl Iterator<Item = &Waiting> {
        self.outbox.unacknowledged()
    }
}
