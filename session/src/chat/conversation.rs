//! What was written, as the screen shows it.

use std::rc::Rc;

/// How many lines are kept, and how many bytes. What is older is forgotten, so that a peer who never stops can't
/// fill the memory.
const MAX_LINES: usize = 10_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The lines of a call, oldest first. Cheap to clone and to compare.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    lines: Rc<Vec<Line>>,
    bytes: usize,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number among its author's lines, from 1.
    pub id: u64,
    /// Whether the author sits here.
    pub mine: bool,
    /// The text.
    pub text: Rc<str>,
    /// When it was written or came, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// What became of it, where it is mine.
    pub delivery: Delivery,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Not acknowledged yet.
    Sending,
    /// The other side has it.
    Delivered,
    /// The call ended first.
    Unsent,
}

impl Conversation {
    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(crate) fn push(&mut self, line: Line) {
        let lines = Rc::make_mut(&mut self.lines);
        self.bytes += line.text.len();
        lines.push(line);
        if lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
            // A tenth at once, so that the list isn't moved for every line.
            let forgotten = lines.drain(..lines.len().div_ceil(10));
            self.bytes -= forgotten.map(|line| line.text.len()).sum::<usize>();
        }
    }

    /// Marks every line that `which` picks.
    pub(crate) fn set_delivery(&mut self, which: impl Fn(&Line) -> bool, delivery: Delivery) {
        if self.lines.iter().any(&which) {
            Rc::make_mut(&mut self.lines)
                .iter_mut()
                .filter(|line| which(line))
                .for_each(|line| line.delivery = delivery);
        }
    }
}

/// The same lines, not merely equal ones: a change makes a new list.
impl PartialEq for Conversation {
    fn eq(&self, other: &Conversation) -> bool {
        Rc::ptr_eq(&self.lines, &other.lines)
    }
}
