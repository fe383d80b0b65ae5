//! One transfer, in either direction.

use super::context::Context;
use super::effect::{Direction, FileEffect, FileEvent, Remembered};
use super::end::TransferEndReason;
use super::id::{Attempt, Run, TransferId};
use super::incoming::Incoming;
use super::outgoing::Outgoing;
use super::view::TransferView;
use super::wire::{FileFrame, Why};
use crate::ids::MemberId;
use crate::time::Time;

#[derive(Debug)]
pub(super) enum Transfer {
    Outgoing(Outgoing),
    Incoming(Incoming),
}

/// Which file goes to or comes from whom.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) id: TransferId,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) mime: Option<String>,
    /// What the other side is called.
    pub(super) peer: String,
    /// The other side. `None` while nobody of that name is there.
    pub(super) member: Option<MemberId>,
    /// What is late of an earlier attempt has no effect.
    pub(super) attempt: Attempt,
}

impl Head {
    /// Creates the head of a transfer with whoever is called `peer`.
    pub(super) fn new(file: Remembered, member: Option<MemberId>) -> Head {
        let Remembered { id, name, size, mime, peer, .. } = file;
        Head { id, name, size, mime, peer, member, attempt: Attempt::FIRST }
    }

    pub(super) fn remembered(&self, direction: Direction, whole: bool) -> Remembered {
        Remembered {
            id: self.id,
            direction,
            name: self.name.clone(),
            size: self.size,
            mime: self.mime.clone(),
            peer: self.peer.clone(),
            whole,
        }
    }

    /// Says something to the other side, if they are there.
    pub(super) fn say(&self, cx: &mut Context, frame: &FileFrame) {
        cx.say(self.member, frame);
    }

    pub(super) fn say_hold(&self, cx: &mut Context, on: bool) {
        self.say(cx, &FileFrame::Hold { id: self.id, on });
    }

    pub(super) fn say_drop(&self, cx: &mut Context, why: TransferEndReason) {
        self.say(cx, &FileFrame::Drop { id: self.id, why: why.told(), attempt: self.attempt });
    }

    /// Returns what the data channel of a run says it is for. The run is the receiver's, so that what is late
    /// of an earlier one isn't taken for this one.
    pub(super) fn channel(&self, run: Run) -> String {
        format!("{}.{}", self.id, run.0)
    }
}

impl Transfer {
    pub(super) fn head(&self) -> &Head {
        match self {
            Transfer::Outgoing(outgoing) => &outgoing.head,
            Transfer::Incoming(incoming) => &incoming.head,
        }
    }

    pub(super) fn head_mut(&mut self) -> &mut Head {
        match self {
            Transfer::Outgoing(outgoing) => &mut outgoing.head,
            Transfer::Incoming(incoming) => &mut incoming.head,
        }
    }

    pub(super) fn id(&self) -> TransferId {
        self.head().id
    }

    pub(super) fn is_with(&self, member: MemberId) -> bool {
        self.head().member == Some(member)
    }

    pub(super) fn is_unfinished(&self) -> bool {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.is_unfinished(),
            Transfer::Incoming(incoming) => incoming.is_unfinished(),
        }
    }

    pub(super) fn is_ended(&self) -> bool {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.is_ended(),
            Transfer::Incoming(incoming) => incoming.is_ended(),
        }
    }

    /// Returns the run that the browser side is busy with.
    pub(super) fn run(&self) -> Option<Run> {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.run(),
            Transfer::Incoming(incoming) => incoming.run(),
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.next_timeout(),
            Transfer::Incoming(incoming) => incoming.next_timeout(),
        }
    }

    pub(super) fn tick(&mut self, now: Time) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.tick(now),
            Transfer::Incoming(incoming) => incoming.tick(now),
        }
    }

    /// The browser side says something of the run.
    pub(super) fn event(&mut self, cx: &mut Context, event: FileEvent) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.event(cx, event),
            Transfer::Incoming(incoming) => incoming.event(cx, event),
        }
    }

    /// The channel to the other side is closed.
    pub(super) fn closed(&mut self, cx: &mut Context) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.closed(cx),
            Transfer::Incoming(incoming) => incoming.closed(cx),
        }
    }

    /// The other side pauses it, or no longer does.
    pub(super) fn held(&mut self, cx: &mut Context, on: bool) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.held(cx, on),
            Transfer::Incoming(incoming) => incoming.held(cx, on),
        }
    }

    /// The other side has ended it.
    pub(super) fn dropped(&mut self, cx: &mut Context, why: Why, attempt: Attempt) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.dropped(cx, why, attempt),
            Transfer::Incoming(incoming) => incoming.dropped(cx, why),
        }
    }

    /// Pauses it, if it is accepted.
    pub(super) fn pause(&mut self, cx: &mut Context) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.pause(cx),
            Transfer::Incoming(incoming) => incoming.pause(cx),
        }
    }

    /// Lets it go on, if it was paused here.
    pub(super) fn resume(&mut self, cx: &mut Context) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.resume(cx),
            Transfer::Incoming(incoming) => incoming.resume(cx),
        }
    }

    /// Cancels or refuses it, if it is not over.
    pub(super) fn cancel(&mut self, cx: &mut Context) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.cancel(cx),
            Transfer::Incoming(incoming) => incoming.cancel(cx),
        }
    }

    /// Tries it again from its beginning, if it has ended without a file and can be tried.
    pub(super) fn retry(&mut self, cx: &mut Context) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.retry(),
            Transfer::Incoming(incoming) => incoming.retry(cx),
        }
    }

    /// It was taken off the list: lets go of what it holds.
    pub(super) fn dispose(self, cx: &mut Context) {
        match self {
            Transfer::Outgoing(outgoing) => outgoing.source().into_iter().for_each(|it| cx.let_go(it)),
            Transfer::Incoming(incoming) if incoming.is_done() => {
                cx.act(FileEffect::Discard { id: incoming.head.id });
            }
            Transfer::Incoming(_) => {}
        }
    }

    /// Returns what the screen shows. `reachable` says whether there is a channel to the other side.
    pub(super) fn view(&self, reachable: bool) -> TransferView {
        let head = self.head();
        let (direction, source, bytes, state, can_retry) = match self {
            Transfer::Outgoing(it) => {
                (Direction::Outgoing, it.source(), it.bytes(), it.view(reachable), it.can_retry())
            }
            Transfer::Incoming(it) => (Direction::Incoming, None, it.bytes(), it.view(), it.is_ended()),
        };
        TransferView {
            id: head.id,
            direction,
            name: head.name.clone(),
            size: head.size,
            mime: head.mime.clone(),
            source,
            member: head.member,
            peer: head.peer.clone(),
            bytes,
            state,
            can_retry,
            saved: matches!(self, Transfer::Incoming(it) if it.is_saved()),
        }
    }
}
