//! Files: who offers what to whom, what was accepted, whose turn it is, and how it goes on after a cut.
//!
//! The bytes never come in here. [`Files`] answers [`FileEffect`]s, and the browser side, which has the disk and the data
//! channels, says by [`FileEvent`]s what came of them. What the two sides say to each other goes over the channel that
//! text goes over (`wire`); each run of a transfer has a data channel of its own for the bytes, on which the receiver
//! acknowledges what it has written. The rules of that channel are `client/src/browser/files/`'s; in the tests here
//! `tests/window.rs` and `tests/guard.rs` play by them.
//!
//! The receiver leads: it says what it wants now and from where on, and the sender sends what it is told to. So after
//! any cut nothing has to be agreed on again: the receiver looks what it has, and asks for the rest.
//!
//! Inside: `people` is who is there and what is said when a channel opens, `incoming` and `outgoing` the two halves,
//! `turns` what may run, `transfer` one transfer.

mod announced;
mod effect;
mod id;
mod incoming;
mod intents;
mod limits;
mod machine;
mod name;
mod outgoing;
mod people;
mod speed;
mod transfer;
mod turns;
mod view;
mod wire;

use std::collections::BTreeMap;

pub use effect::{Direction, FileEffect, FileEvent, Remembered, SourceId};
pub use id::{ContentHash, TransferId};
pub use intents::{OfferError, SourceFile};
pub use limits::{MAX_FILE_BYTES, MAX_OPEN, MAX_RUNNING, window_bytes};
pub use machine::{FileInput, FileIntent, FileMachine, Recipients};
pub use name::safe_name;
pub use view::{FileProblem, TransferState, TransferView};

use crate::time::Time;
use people::Person;
use transfer::{End, EndReason, Phase, Step, Transfer};
use wire::FileFrame;

/// Where effects go.
type Out<'a> = &'a mut Vec<FileEffect>;

/// Every transfer of one user.
#[derive(Debug, Default)]
pub struct Files {
    /// In the order in which they were offered, or found after a reload.
    transfers: Vec<Transfer>,
    people: BTreeMap<u32, Person>,
    runs: u32,
    /// See [`FileMachine::refused`].
    refused: Option<machine::Refusal>,
}

impl Files {
    /// No transfers.
    pub fn new() -> Files {
        Files::default()
    }

    /// What the browser side has kept from before the page was loaded. To be said before anybody is
    /// [`opened`](Files::opened): who comes is told at once what is wanted of them.
    pub fn restore(&mut self, kept: Vec<Remembered>) {
        for file in kept {
            if self.transfers.iter().any(|transfer| transfer.id == file.id) || file.size > MAX_FILE_BYTES {
                continue;
            }
            let whole = file.whole && file.direction == Direction::Incoming;
            let phase = if whole { Phase::Done } else { Phase::Accepted(Step::Idle) };
            self.transfers.push(Transfer::new(file, None, phase));
        }
    }

    /// The browser side says something of a run.
    pub fn event(&mut self, now: Time, id: &TransferId, run: u32, event: FileEvent, out: Out) {
        let Some(index) = self.transfers.iter().position(|it| it.id == *id && it.run() == Some(run)) else {
            // Of an earlier run, or of a transfer that is over.
            return;
        };
        match self.transfers[index].direction {
            Direction::Outgoing => self.outgoing_event(now, index, event, out),
            Direction::Incoming => self.incoming_event(now, index, event, out),
        }
    }

    /// When [`Files::tick`] is due at the latest.
    pub fn next_timeout(&self) -> Option<Time> {
        let running =
            self.transfers.iter().filter(|it| it.is_running()).filter_map(|it| it.speed.next_timeout());
        let waiting =
            self.transfers.iter().filter(|it| it.wants_run()).filter_map(|it| it.patience.not_before());
        running.chain(waiting).min()
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Time, out: Out) {
        for transfer in &mut self.transfers {
            transfer.patience.tick(now);
            if transfer.is_running() {
                transfer.speed.tick(now);
            }
        }
        let people: Vec<u32> = self.people.keys().copied().collect();
        for who in people {
            self.take_turns(now, who, out);
        }
    }

    /// What the screen shows, oldest first.
    pub fn view(&self) -> Vec<TransferView> {
        let reachable = |it: &Transfer| it.who.is_some_and(|who| self.epoch(who).is_some());
        self.transfers.iter().map(|it| it.view(reachable(it))).collect()
    }

    fn find(&self, id: &TransferId) -> Option<usize> {
        self.transfers.iter().position(|it| it.id == *id)
    }

    /// A transfer that this participant may speak of.
    fn theirs(&self, who: u32, direction: Direction, id: &TransferId) -> Option<usize> {
        self.find(id).filter(|&index| self.transfers[index].is(who, direction))
    }

    fn next_run(&mut self) -> u32 {
        self.runs += 1;
        self.runs
    }

    /// Says something to whom the transfer concerns, if they are there.
    fn say(&self, index: usize, frame: &FileFrame, out: Out) {
        let epoch = self.transfers[index].who.and_then(|who| self.epoch(who));
        if let Some(epoch) = epoch {
            out.push(FileEffect::Control { epoch, text: frame.encode() });
        }
    }

    fn say_hold(&self, index: usize, on: bool, out: Out) {
        if self.transfers[index].ready {
            self.say(index, &FileFrame::Hold { id: self.transfers[index].id.clone(), on }, out);
        }
    }

    fn say_drop(&self, index: usize, why: EndReason, out: Out) {
        let transfer = &self.transfers[index];
        let (id, attempt) = (transfer.id.clone(), transfer.attempt);
        self.say(index, &FileFrame::Drop { id, why: why.told(), attempt }, out);
    }

    /// The browser side lets go of the transfer's run, if there is one; it is accepted still.
    fn halt(&mut self, index: usize, out: Out) {
        let transfer = &mut self.transfers[index];
        let id = transfer.id.clone();
        match (transfer.run(), transfer.direction) {
            (Some(run), Direction::Outgoing) => out.push(FileEffect::StopSending { id, run }),
            (Some(run), Direction::Incoming) => out.push(FileEffect::StopReceiving { id, run }),
            (None, _) => {}
        }
        self.idle(index);
    }

    /// The run is over by itself.
    fn idle(&mut self, index: usize) {
        let transfer = &mut self.transfers[index];
        transfer.speed = Default::default();
        if transfer.is_accepted() {
            transfer.phase = Phase::Accepted(Step::Idle);
        }
    }

    /// The transfer is over without a file. The other side is told, if it is this side's doing.
    fn end(&mut self, now: Time, index: usize, why: EndReason, by_me: bool, out: Out) {
        self.halt(index, out);
        let transfer = &mut self.transfers[index];
        let id = transfer.id.clone();
        match (&transfer.phase, transfer.direction) {
            (Phase::Accepted(_), Direction::Outgoing) => out.push(FileEffect::Forget { id }),
            (Phase::Accepted(_), Direction::Incoming) => out.push(FileEffect::Discard { id }),
            _ => {}
        }
        transfer.phase = Phase::Ended(End { why, by_me });
        if by_me {
            self.say_drop(index, why, out);
        }
        let (who, peer) = (self.transfers[index].who, self.transfers[index].peer.clone());
        self.forget_oldest_ended(&peer, out);
        if let Some(who) = who {
            self.take_turns(now, who, out);
        }
    }

    /// Whoever offers and withdraws without end doesn't fill the memory.
    fn forget_oldest_ended(&mut self, peer: &str, out: Out) {
        let ended = |it: &&Transfer| it.is_ended() && it.peer == peer;
        if self.transfers.iter().filter(ended).count() > limits::MAX_ENDED
            && let Some(oldest) = self.transfers.iter().position(|it| ended(&it))
        {
            self.remove(oldest, out);
        }
    }

    fn remove(&mut self, index: usize, out: Out) {
        let removed = self.transfers.remove(index);
        self.release(removed.source, out);
    }

    /// Lets go of a file, unless it goes to somebody else too.
    fn release(&self, source: Option<SourceId>, out: Out) {
        if let Some(source) = source
            && !self.transfers.iter().any(|it| it.source == Some(source))
        {
            out.push(FileEffect::Release { source });
        }
    }
}

#[cfg(test)]
mod tests;
