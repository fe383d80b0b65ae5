//! A line of a conversation, and everything that hangs on it.

use std::rc::Rc;

use crate::ids::{LineId, MemberId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: LineId,
    pub author: Author,
    pub body: Body,
    /// When it was written or came, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// Its author has changed it since.
    pub edited: bool,
    /// Its author is a guest, who has signed in by no name.
    pub guest: bool,
    /// The line that it answers.
    pub reply: Option<Reply>,
    /// In the order of the first of each.
    pub reactions: Vec<Reaction>,
    /// Whom it was sent to, where it is mine.
    pub recipients: Vec<Recipient>,
    /// What everyone calls it; `None` for what nobody wrote, or where its author has no name for it.
    pub(crate) reference: Option<LineRef>,
    pub(crate) origin: Origin,
}

/// Whose a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// Whoever sits here.
    Me,
    /// The one who was called this when the line came.
    Other(Rc<str>),
}

/// By what way a line came here. Says who may change it, and in whose share of the memory it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Mine. Nobody else can change it.
    Mine,
    /// Its author told it, and alone may change it.
    FirstHand(MemberId),
    /// Somebody else says that its author wrote it before one came. Nobody can change it.
    PassedOn { by: MemberId, name: Rc<str> },
    /// Nobody wrote it. It is about what this member did, where one did something.
    Note(Option<MemberId>),
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// What its author wrote.
    Text(Rc<str>),
    /// Its author has taken it back.
    Retracted,
    /// Its author came into the room.
    Joined,
    /// Its author left the room.
    Left,
    /// Its author is called otherwise from now on.
    Renamed(Rc<str>),
    /// One came into a room with others in it: what they wrote before isn't here.
    NothingEarlier,
    /// What follows was written before one came, as its author has it.
    Earlier,
    /// Its author shows what was written to whoever comes from now on, or doesn't any more.
    Offers(bool),
}

/// What a line answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// This line.
    To(LineId),
    /// One that isn't here: written before one came, or forgotten.
    Unknown,
}

/// What some people think of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub emoji: Rc<str>,
    /// Who, in the order that they came to think so.
    pub by: Vec<Reactor>,
}

/// Somebody who thinks something of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reactor {
    pub author: Author,
    pub(crate) member: Option<MemberId>,
}

/// Somebody whom a line of mine was sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// What they were called then.
    pub name: Rc<str>,
    /// Whether they have it.
    pub delivery: Delivery,
    pub(crate) member: MemberId,
}

/// What became of a line of mine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Somebody hasn't got it yet.
    Sending,
    /// Everyone has it that was there then, and still is.
    Delivered,
    /// Nobody has it: the call ended first, or nobody was there.
    Unsent,
}

/// What everyone in a conversation calls a line: who wrote it, and which of theirs it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineRef {
    pub(crate) by: AuthorId,
    /// Its number in its author's conversation.
    pub(crate) n: LineId,
}

/// Names somebody who writes: a random number that their page takes for one conversation, and tells the
/// others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthorId(pub(crate) u64);

impl AuthorId {
    /// Nobody's number: it stands for one who hasn't told theirs.
    pub(crate) const UNKNOWN: AuthorId = AuthorId(0);
}

impl Line {
    /// Returns whether it arrived, taking all recipients together.
    pub fn delivery(&self) -> Delivery {
        let any = |delivery| self.recipients.iter().any(|recipient| recipient.delivery == delivery);
        if any(Delivery::Sending) {
            Delivery::Sending
        } else if any(Delivery::Delivered) {
            Delivery::Delivered
        } else {
            Delivery::Unsent
        }
    }

    /// Returns whether others know it, so that it can be answered and reacted to.
    pub fn is_known(&self) -> bool {
        self.reference.is_some_and(|reference| reference.by != AuthorId::UNKNOWN)
            && self.body != Body::Retracted
    }

    /// Returns whether it was written before one came, and is here as somebody else has it.
    pub fn is_second_hand(&self) -> bool {
        matches!(self.origin, Origin::PassedOn { .. })
    }

    /// Returns who told it, if that is not its author. There is nobody but them to vouch for it.
    pub fn told_by(&self) -> Option<&str> {
        match &self.origin {
            Origin::PassedOn { name, .. } => Some(name),
            Origin::Mine | Origin::FirstHand(_) | Origin::Note(_) => None,
        }
    }

    /// Returns whether nobody wrote it.
    pub(super) fn is_note(&self) -> bool {
        matches!(self.origin, Origin::Note(_))
    }

    /// Returns who alone may change it.
    pub(super) fn owner(&self) -> Option<MemberId> {
        match self.origin {
            Origin::FirstHand(member) => Some(member),
            Origin::Mine | Origin::PassedOn { .. } | Origin::Note(_) => None,
        }
    }

    /// Returns what somebody wrote.
    pub fn text(&self) -> Option<&Rc<str>> {
        match &self.body {
            Body::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match &self.body {
            Body::Text(text) | Body::Renamed(text) => text.len(),
            _ => 0,
        }
    }
}

impl Reaction {
    /// Returns whether it is mine, too.
    pub fn is_mine(&self) -> bool {
        self.by.iter().any(|reactor| reactor.author == Author::Me)
    }
}
