//! What was written, as the screen shows it.

use std::rc::Rc;

use crate::time::Time;

/// How many lines are kept, and how many bytes. What is older is forgotten, so that a peer who never stops can't
/// fill the memory.
const MAX_LINES: usize = 10_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The lines of a call or room, oldest first. Cheap to clone and to compare.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    lines: Rc<Vec<Line>>,
    bytes: usize,
    last_id: u64,
    /// The lines of mine that somebody has still to get, oldest first.
    pending: Vec<Pending>,
}

/// A line of mine that not everyone has yet.
#[derive(Clone, Debug)]
struct Pending {
    line: u64,
    /// Who hasn't got it: see [`Conversation::write`].
    missing: Vec<u32>,
    /// Somebody has.
    arrived: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in this conversation, from 1.
    pub id: u64,
    /// Whose it is.
    pub author: Author,
    /// What it says.
    pub body: Body,
    /// When it was written or came, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// What became of it, where it is mine.
    pub delivery: Delivery,
}

/// Whose line it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// Whoever sits here.
    Me,
    /// The one who was called this when the line came.
    Other(Rc<str>),
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// What its author wrote.
    Text(Rc<str>),
    /// Its author came into the room.
    Joined,
    /// Its author left the room.
    Left,
    /// Its author is called otherwise from now on.
    Renamed(Rc<str>),
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Somebody hasn't got it yet.
    Sending,
    /// Everyone has it that was there then, and still is.
    Delivered,
    /// Nobody has it: the call ended first, or nobody was there.
    Unsent,
}

impl Conversation {
    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Whether anybody wrote anything.
    pub(crate) fn has_text(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.body, Body::Text(_)))
    }

    /// Adds a line of mine for those who are listed, each by a number of their own. Answers its number.
    pub(crate) fn write(&mut self, now: Time, text: Rc<str>, to: Vec<u32>) -> u64 {
        let delivery = if to.is_empty() { Delivery::Unsent } else { Delivery::Sending };
        let line = self.push(now, Author::Me, Body::Text(text), delivery);
        if !to.is_empty() {
            self.pending.push(Pending { line, missing: to, arrived: false });
        }
        line
    }

    /// Adds what somebody else wrote or did.
    pub(crate) fn hear(&mut self, now: Time, author: &str, body: Body) {
        self.push(now, Author::Other(author.into()), body, Delivery::Delivered);
    }

    /// `who` has all lines of mine up to this one.
    pub(crate) fn delivered(&mut self, who: u32, line: u64) {
        self.settle(|pending| {
            if pending.line <= line && pending.missing.contains(&who) {
                pending.missing.retain(|missing| *missing != who);
                pending.arrived = true;
            }
        });
    }

    /// `who` will get nothing any more.
    pub(crate) fn gone(&mut self, who: u32) {
        self.settle(|pending| pending.missing.retain(|missing| *missing != who));
    }

    /// It is over: nobody will get anything any more.
    pub(crate) fn end(&mut self) {
        self.settle(|pending| pending.missing.clear());
    }

    /// Changes who is missing what, and marks the lines that nobody is missing any more.
    fn settle(&mut self, change: impl FnMut(&mut Pending)) {
        self.pending.iter_mut().for_each(change);
        let settled: Vec<Pending> =
            self.pending.extract_if(.., |pending| pending.missing.is_empty()).collect();
        if settled.is_empty() {
            return;
        }
        let lines = Rc::make_mut(&mut self.lines);
        for pending in settled {
            // Lines are in the order of their numbers. One that was forgotten is no matter.
            if let Ok(index) = lines.binary_search_by_key(&pending.line, |line| line.id) {
                lines[index].delivery = if pending.arrived { Delivery::Delivered } else { Delivery::Unsent };
            }
        }
    }

    fn push(&mut self, now: Time, author: Author, body: Body, delivery: Delivery) -> u64 {
        self.last_id += 1;
        let line = Line { id: self.last_id, author, body, at_ms: now.0, delivery };
        let lines = Rc::make_mut(&mut self.lines);
        self.bytes += line.bytes();
        lines.push(line);
        if lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
            // A tenth at once, so that the list isn't moved for every line.
            let forgotten = lines.drain(..lines.len().div_ceil(10));
            self.bytes -= forgotten.map(|line| line.bytes()).sum::<usize>();
        }
        self.last_id
    }
}

impl Line {
    fn bytes(&self) -> usize {
        match &self.body {
            Body::Text(text) | Body::Renamed(text) => text.len(),
            Body::Joined | Body::Left => 0,
        }
    }
}

/// The same lines, not merely equal ones: a change makes a new list.
impl PartialEq for Conversation {
    fn eq(&self, other: &Conversation) -> bool {
        Rc::ptr_eq(&self.lines, &other.lines)
    }
}
