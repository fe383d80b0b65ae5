//! The sending half, and what both halves have in common.

use super::effect::{Direction, FileEvent};
use super::transfer::{End, EndReason, Phase, Step, Take};
use super::view::FileProblem;
use super::wire::{FileFrame, Why};
use super::{FileEffect, Files, Out};
use crate::time::Time;

impl Files {
    /// The other side wants it.
    pub(super) fn accepted(&mut self, index: usize, out: Out) {
        let transfer = &mut self.transfers[index];
        if transfer.phase == Phase::Offered {
            transfer.phase = Phase::Accepted(Step::Idle);
            out.push(FileEffect::Remember(transfer.remembered()));
        }
    }

    /// The other side wants it now.
    pub(super) fn taken(&mut self, now: Time, index: usize, take: Take, out: Out) {
        self.accepted(index, out);
        let transfer = &self.transfers[index];
        // One that is held, or over: they are about to hear it.
        if !transfer.is_accepted() || transfer.is_held() || !transfer.ready || take.from > transfer.size {
            return;
        }
        self.halt(index, out);
        self.transfers[index].phase = Phase::Accepted(Step::Taken(take));
        self.next_turn(now, index, out);
    }

    /// The other side pauses it, or no longer does.
    pub(super) fn held(&mut self, now: Time, index: usize, on: bool, out: Out) {
        if !self.transfers[index].is_accepted() {
            return;
        }
        self.transfers[index].paused_by_them = on;
        if on {
            self.halt(index, out);
        }
        self.next_turn(now, index, out);
    }

    /// The other side has ended it.
    pub(super) fn dropped(&mut self, now: Time, index: usize, why: Why, attempt: u32, out: Out) {
        let transfer = &self.transfers[index];
        // What the receiver says may cross with a new offer; what the sender says comes after its own.
        let current = transfer.direction == Direction::Incoming || attempt >= transfer.attempt;
        if transfer.is_unfinished() && current {
            self.end(now, index, EndReason::heard(why), false, out);
        }
    }

    /// The other side has it.
    pub(super) fn got(&mut self, now: Time, index: usize, out: Out) {
        if self.transfers[index].phase == Phase::Done {
            return;
        }
        self.halt(index, out);
        let transfer = &mut self.transfers[index];
        if transfer.is_accepted() {
            out.push(FileEffect::Forget { id: transfer.id.clone() });
        }
        transfer.phase = Phase::Done;
        transfer.bytes = transfer.size;
        let source = transfer.source.take();
        self.release(source, out);
        self.next_turn(now, index, out);
    }

    /// The other side wants one that is over after all.
    pub(super) fn wanted_again(&mut self, now: Time, index: usize, out: Out) {
        let transfer = &self.transfers[index];
        match &transfer.phase {
            // What the user has ended stays so, and what can't be sent does.
            Phase::Ended(End { why: why @ EndReason::Cancelled, by_me: true }) => {
                self.say_drop(index, *why, out)
            }
            Phase::Ended(End { why, .. }) if transfer.source.is_none() => self.say_drop(index, *why, out),
            Phase::Ended(_) => self.offer_anew(now, index, out),
            _ => {}
        }
    }

    /// On a new channel the other side has said what it has: this one, or not.
    pub(super) fn wanted(&mut self, now: Time, index: usize, listed: bool, out: Out) {
        let transfer = &self.transfers[index];
        match &transfer.phase {
            Phase::Accepted(_) if transfer.ready => {}
            Phase::Accepted(_) if listed => self.say_offer(index, out),
            Phase::Accepted(_) => {
                self.end(now, index, EndReason::Failed(FileProblem::Forgotten), false, out);
            }
            Phase::Ended(End { why, by_me: true }) if listed => self.say_drop(index, *why, out),
            Phase::Ended(_) if listed => self.wanted_again(now, index, out),
            _ => {}
        }
    }

    /// Offers one that was over once more.
    pub(super) fn offer_anew(&mut self, now: Time, index: usize, out: Out) {
        let transfer = &mut self.transfers[index];
        transfer.reset(Phase::Offered);
        transfer.attempt = transfer.attempt.saturating_add(1);
        self.next_turn(now, index, out);
    }

    pub(super) fn outgoing_event(&mut self, now: Time, index: usize, event: FileEvent, out: Out) {
        let transfer = &mut self.transfers[index];
        let Phase::Accepted(Step::Sending { their_run, .. }) = transfer.phase else { return };
        match event {
            FileEvent::Progress { bytes } => transfer.progressed(now, bytes),
            FileEvent::ChannelClosed => {
                let cut = FileFrame::Cut { id: transfer.id.clone(), run: their_run };
                self.idle(index);
                self.say(index, &cut, out);
                self.next_turn(now, index, out);
            }
            FileEvent::NotTheSame => {
                transfer.problem = Some(FileProblem::NotTheSame);
                let source = transfer.source.take();
                self.idle(index);
                self.release(source, out);
                self.say_hold(index, true, out);
                self.next_turn(now, index, out);
            }
            FileEvent::SourceChanged => self.fail(now, index, FileProblem::SourceChanged, out),
            FileEvent::ReadFailed => self.fail(now, index, FileProblem::ReadFailed, out),
            FileEvent::Broken => self.fail(now, index, FileProblem::Broken, out),
            // Of receiving.
            FileEvent::Stored { .. }
            | FileEvent::Verified
            | FileEvent::Mismatch
            | FileEvent::DiskFull
            | FileEvent::WriteFailed => {}
        }
    }
}
