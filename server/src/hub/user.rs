//! Somebody who is signed in.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use tincan_shared::{Frame, Inbox, Name, Outbox, ServerMessage};

use super::Limits;
use super::connection::ConnectionId;
use super::pairs::Pairs;
use super::queued_frame::{QueuedFrame, Share};
use super::user_key::UserKey;
use crate::name_key::RoomKey;

/// Somebody who is signed in.
#[derive(Debug)]
pub(super) struct User {
    /// As they gave it. A guest may be called otherwise in the room.
    pub(super) name: Name,
    pub(super) presence: Presence,
    /// The room they are in. A guest always is in one.
    pub(super) room: Option<RoomKey>,
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
    outbox: Outbox<QueuedFrame>,
}

/// What resumes a connection: a secret of the client's, or 128 random bits, in lower-case hexadecimal digits.
/// Cheap to clone.
#[derive(Clone, Debug, Eq)]
pub(super) struct Token(Arc<str>);

impl PartialEq for Token {
    /// Every digit is looked at, so the time taken doesn't say where they differ. In a hash map this is asked
    /// only of tokens whose keyed hashes look alike, which says nothing of the tokens either.
    fn eq(&self, other: &Token) -> bool {
        let digits = self.0.bytes().zip(other.0.bytes());
        let differences = digits.fold(0, |all, (one, other)| all | (one ^ other));
        self.0.len() == other.0.len() && differences == 0
    }
}

impl Hash for Token {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Token {
    pub(super) fn from_random(bits: u128) -> Token {
        Token(format!("{bits:032x}").into())
    }

    /// A secret that a client has thought of, or was given, if it can be one. What is shorter could be
    /// guessed, and what is longer only takes memory.
    pub(super) fn chosen(text: &str) -> Option<Token> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (digits && (32..=64).contains(&text.len())).then(|| Token(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl User {
    /// By what others know this user, whose key is `key`.
    pub(super) fn address(&self, key: &UserKey) -> String {
        match key {
            UserKey::Named(_) => self.name.as_str().to_owned(),
            UserKey::Guest(id) => id.to_string(),
        }
    }

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

    /// Returns whether a frame of `bytes` may be kept until it is acknowledged.
    pub(super) fn has_room(&self, share: Share<'_>, limits: &Limits, bytes: usize) -> bool {
        self.resumption
            .as_ref()
            .is_none_or(|resumption| share.fits(limits, resumption.outbox.unacknowledged(), bytes))
    }

    /// Keeps what [`frame`](Self::frame) made, after [`has_room`](Self::has_room) said yes.
    pub(super) fn keep(&mut self, frame: &QueuedFrame) {
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

    /// Returns whether a client that says it has received everything up to `seq` can be the one these frames
    /// were for.
    pub(super) fn has_sent(&self, seq: u64) -> bool {
        seq < self.outbox.next_seq()
    }

    /// What the client may not have received, oldest first.
    pub(super) fn unacknowledged(&self) -> impl Iterator<Item = &QueuedFrame> {
        self.outbox.unacknowledged()
    }
}
