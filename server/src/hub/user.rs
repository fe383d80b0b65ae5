//! Users who are signed in.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use tincan_shared::{Frame, Inbox, Name, Outbox, ServerMessage};

use super::Limits;
use super::addresses::ClientAddress;
use super::claims::Claims;
use super::connection::ConnectionId;
use super::pairs::Pairs;
use super::queued_frame::{QueuedFrame, Share};
use super::tickets::Issued;
use super::token_bucket::TokenBucket;
use super::user_key::UserKey;
use crate::name_key::RoomKey;

/// A user who is signed in, or away within the grace.
#[derive(Debug)]
pub(super) struct User {
    /// The name that the user gave. A guest may have another one in the room.
    pub(super) name: Name,
    pub(super) presence: Presence,
    /// The room that the user is in. A guest always is in one.
    pub(super) room: Option<RoomKey>,
    /// `None` for a user who did not ask for it.
    pub(super) resumption: Option<Box<Resumption>>,
    pub(super) pairs: Pairs,
    pub(super) claims: Claims,
    /// When the ticket was given by which they came back after a restart.
    pub(super) issued: Option<Issued>,
    /// How often they may call.
    pub(super) rings: TokenBucket,
    /// Where they counted at sign-in.
    pub(super) signed_in_from: ClientAddress,
    /// Whether somebody came or went in their room, and they were not told.
    pub(super) room_changed: bool,
    /// How often they were told who is there since they last kept up.
    pub(super) early_news: usize,
}

/// Whether a user is connected.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Signed in on this connection.
    Online(ConnectionId),
    /// The connection was lost; the user may resume before this time.
    Away {
        /// In milliseconds.
        until: u64,
    },
}

/// The state that lets a user come back on another connection without losing a frame.
#[derive(Debug)]
pub(super) struct Resumption {
    pub(super) token: Token,
    pub(super) inbox: Inbox,
    outbox: Outbox<QueuedFrame>,
}

/// The secret that resumes a connection: one that the client chose, or 128 random bits, in lower-case
/// hexadecimal digits. Cheap to clone.
#[derive(Clone, Debug, Eq)]
pub(super) struct Token(Arc<str>);

impl PartialEq for Token {
    /// Compares every digit, so that the time taken doesn't reveal where they differ. A hash map compares
    /// only tokens whose keyed hashes look alike, which reveals nothing of the tokens either.
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

    /// Returns the token for a secret that a client chose or was given, or `None` if it can't be one: a
    /// shorter secret could be guessed, and a longer one only takes memory.
    pub(super) fn chosen(text: &str) -> Option<Token> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (digits && (32..=64).contains(&text.len())).then(|| Token(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl User {
    /// Returns the address by which others know this user, whose key is `key`.
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

    /// Wraps `message` in a frame for this user: numbered, with an acknowledgement where one is owed, if the
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

    /// Returns how many frames they have still to acknowledge, where they do.
    pub(super) fn backlog(&self) -> usize {
        self.resumption.as_ref().map_or(0, |resumption| resumption.unacknowledged().count())
    }

    /// Keeps a frame from [`frame`](Self::frame) until it is acknowledged, after [`has_room`](Self::has_room)
    /// returned `true`.
    pub(super) fn keep(&mut self, frame: &QueuedFrame) {
        if let Some(resumption) = &mut self.resumption {
            resumption.inbox.acknowledge();
            // Can't fail, because `has_room` checked the same bound as the outbox's capacity.
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

    /// Forgets the frames up to `seq`, which the client has received.
    pub(super) fn acknowledged(&mut self, seq: u64) {
        self.outbox.acknowledge(seq);
    }

    /// Returns whether frames up to `seq` have been sent. A client that says it has received more is not the
    /// one these frames were for.
    pub(super) fn has_sent(&self, seq: u64) -> bool {
        seq < self.outbox.next_seq()
    }

    /// Returns the frames that the client may not have received, oldest first.
    pub(super) fn unacknowledged(&self) -> impl Iterator<Item = &QueuedFrame> {
        self.outbox.unacknowledged()
    }
}
