//! Who gives way when a conversation is full: whoever takes most of it. So nobody who writes without end can
//! erase what others wrote.

use std::rc::Rc;

use super::conversation::{MAX_BYTES, MAX_LINES};
use super::line::{Line, Origin};
use crate::ids::{LineId, MemberId};

/// Whose share a line takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Me,
    /// Somebody who is here: what they wrote, passed on, or are the cause of.
    Present(MemberId),
    /// All who have left, together. Otherwise one could come back under another name for another share.
    Absent,
    /// What the server says of who comes and goes.
    Server,
}

impl Holder {
    fn of(line: &Line, present: &[MemberId]) -> Holder {
        match line.origin {
            Origin::Mine => Holder::Me,
            Origin::FirstHand(member) | Origin::PassedOn { by: member, .. } | Origin::Note(Some(member)) => {
                if present.contains(&member) {
                    Holder::Present(member)
                } else {
                    Holder::Absent
                }
            }
            Origin::Note(None) => Holder::Server,
        }
    }
}

/// Returns the lines to forget, oldest first: the oldest of whoever has most, a tenth of the whole at most.
/// Many at once, so that this isn't done for every line. `by_bytes` says that it is bytes that there are too
/// many of.
pub(super) fn crowded_out(lines: &[Rc<Line>], present: &[MemberId], by_bytes: bool) -> Vec<LineId> {
    // A line without text takes memory, too.
    let weight = |line: &Line| if by_bytes { line.bytes().max(1) } else { 1 };
    // As many as there are members: a map would only make the page larger.
    let mut shares: Vec<(Holder, usize)> = Vec::new();
    for line in lines {
        let holder = Holder::of(line, present);
        match shares.iter_mut().find(|(known, _)| *known == holder) {
            Some((_, share)) => *share += weight(line),
            None => shares.push((holder, weight(line))),
        }
    }
    let Some((largest, share)) = shares.into_iter().max_by_key(|(_, share)| *share) else {
        return Vec::new();
    };
    let tenth = if by_bytes { MAX_BYTES / 10 } else { MAX_LINES / 10 };
    let mut excess = tenth.min(share);
    let mut crowded_out = Vec::new();
    for line in lines.iter().filter(|line| Holder::of(line, present) == largest) {
        if excess == 0 {
            break;
        }
        excess = excess.saturating_sub(weight(line));
        crowded_out.push(line.id);
    }
    crowded_out
}
