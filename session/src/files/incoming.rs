//! The receiving half.

use super::effect::{Direction, FileEvent, Remembered};
use super::id::{ContentHash, TransferId};
use super::limits::{MAX_OPEN, MAX_TRUSTED, MAX_UNFINISHED};
use super::transfer::{End, EndReason, Phase, Step, Transfer};
use super::turns::channel;
use super::view::FileProblem;
use super::wire::FileFrame;
use super::{FileEffect, Files, Out, window_bytes};
use crate::time::Time;

/// A file that somebody offers.
pub(super) struct Offer {
    pub(super) id: TransferId,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) mime: Option<String>,
    pub(super) attempt: u32,
}

impl Files {
    pub(super) fn offered(&mut self, now: Time, who: u32, offer: Offer, out: Out) {
        let Some(index) = self.find(&offer.id) else {
            return self.newly_offered(now, who, offer, out);
        };
        let transfer = &mut self.transfers[index];
        if !transfer.is(who, Direction::Incoming) || transfer.size != offer.size {
            return;
        }
        match transfer.phase {
            Phase::Offered => {
                transfer.attempt = offer.attempt;
                transfer.ready = true;
                self.accept_on_trust(now, index, out);
            }
            Phase::Accepted(_) => {
                transfer.attempt = offer.attempt;
                if !std::mem::replace(&mut transfer.ready, true) {
                    self.want(now, index, out);
                }
            }
            Phase::Done => self.say(index, &FileFrame::Got { id: offer.id }, out),
            Phase::Ended(_) if offer.attempt > transfer.attempt => {
                if self.has_room(who) {
                    let transfer = &mut self.transfers[index];
                    transfer.reset(Phase::Offered);
                    transfer.attempt = offer.attempt;
                    transfer.ready = true;
                    self.accept_on_trust(now, index, out);
                }
            }
            // Said before they heard that it is over.
            Phase::Ended(End { why, by_me: true }) => self.say_drop(index, why, out),
            Phase::Ended(_) => {}
        }
    }

    fn newly_offered(&mut self, now: Time, who: u32, offer: Offer, out: Out) {
        let Some(peer) = self.people.get(&who).map(|person| person.name.clone()) else { return };
        if !self.has_room(who) {
            return;
        }
        let Offer { id, name, size, mime, attempt } = offer;
        let announced = self.people.get_mut(&who).and_then(|person| person.announced.as_mut());
        let expected = announced.is_some_and(|announced| announced.take(&name, size));
        let file = Remembered { id, direction: Direction::Incoming, name, size, mime, peer, whole: false };
        let transfer = Transfer::new(file, Some(who), Phase::Offered);
        self.transfers.push(Transfer { attempt, ready: true, ..transfer });
        let index = self.transfers.len() - 1;
        if expected {
            self.accept_at(now, index, out);
        } else {
            self.accept_on_trust(now, index, out);
        }
    }

    /// Whether another offer of this participant is listened to.
    fn has_room(&self, who: u32) -> bool {
        let theirs = |it: &&Transfer| it.is(who, Direction::Incoming);
        let offered = self.transfers.iter().filter(theirs).filter(|it| it.phase == Phase::Offered).count();
        let unfinished = self.transfers.iter().filter(theirs).filter(|it| it.is_unfinished()).count();
        offered < MAX_OPEN && unfinished < MAX_UNFINISHED
    }

    pub(super) fn accept_on_trust(&mut self, now: Time, index: usize, out: Out) {
        let person = self.transfers[index].who.and_then(|who| self.people.get_mut(&who));
        if let Some(person) = person.filter(|person| person.trusted && person.taken_on_trust < MAX_TRUSTED) {
            person.taken_on_trust += 1;
            self.accept_at(now, index, out);
        }
    }

    /// An offered one is accepted.
    pub(super) fn accept_at(&mut self, now: Time, index: usize, out: Out) {
        let transfer = &mut self.transfers[index];
        transfer.phase = Phase::Accepted(Step::Idle);
        out.push(FileEffect::Remember(transfer.remembered()));
        if transfer.ready {
            self.want(now, index, out);
        }
    }

    /// Says that it is wanted, and lets it begin if it is its turn.
    fn want(&mut self, now: Time, index: usize, out: Out) {
        let transfer = &self.transfers[index];
        let who = transfer.who;
        self.say(index, &FileFrame::Accept { id: transfer.id.clone() }, out);
        if transfer.paused_by_me {
            self.say_hold(index, true, out);
        }
        if let Some(who) = who {
            self.take_turns(now, who, out);
        }
    }

    /// The sender's channel of a run is closed, which isn't always seen here.
    pub(super) fn cut(&mut self, now: Time, index: usize, run: u32, out: Out) {
        if self.transfers[index].run() == Some(run) {
            self.halt(index, out);
            self.next_turn(now, index, out);
        }
    }

    /// Somebody else's turn may have come.
    pub(super) fn next_turn(&mut self, now: Time, index: usize, out: Out) {
        if let Some(who) = self.transfers[index].who {
            self.take_turns(now, who, out);
        }
    }

    pub(super) fn incoming_event(&mut self, now: Time, index: usize, event: FileEvent, out: Out) {
        let transfer = &mut self.transfers[index];
        match event {
            FileEvent::Stored { offset, hash } => self.stored(now, index, offset, hash, out),
            FileEvent::Progress { bytes } => {
                if let Phase::Accepted(Step::Receiving { from, .. }) = transfer.phase
                    && bytes > from
                {
                    transfer.patience.rewarded();
                }
                transfer.progressed(now, bytes);
            }
            FileEvent::Verified => {
                transfer.phase = Phase::Done;
                transfer.bytes = transfer.size;
                let got = FileFrame::Got { id: transfer.id.clone() };
                self.say(index, &got, out);
                self.next_turn(now, index, out);
            }
            FileEvent::ChannelClosed => {
                self.idle(index);
                self.next_turn(now, index, out);
            }
            FileEvent::Mismatch => self.fail(now, index, FileProblem::Mismatch, out),
            FileEvent::DiskFull => self.fail(now, index, FileProblem::DiskFull, out),
            FileEvent::WriteFailed => self.fail(now, index, FileProblem::WriteFailed, out),
            FileEvent::Broken => self.fail(now, index, FileProblem::Broken, out),
            // Of sending.
            FileEvent::NotTheSame | FileEvent::SourceChanged | FileEvent::ReadFailed => {}
        }
    }

    /// The browser has looked what is here: the rest is asked for.
    fn stored(&mut self, now: Time, index: usize, offset: u64, hash: Option<ContentHash>, out: Out) {
        let transfer = &mut self.transfers[index];
        let Phase::Accepted(Step::Preparing { run }) = transfer.phase else { return };
        let Some(epoch) = transfer.who.and_then(|who| self.epoch(who)) else { return };
        // Something else has been at the disk.
        if offset > self.transfers[index].size || (offset > 0) != hash.is_some() {
            return self.fail(now, index, FileProblem::WriteFailed, out);
        }
        let transfer = &mut self.transfers[index];
        transfer.phase = Phase::Accepted(Step::Receiving { run, from: offset });
        transfer.progressed(now, offset);
        let (id, size) = (transfer.id.clone(), transfer.size);
        out.push(FileEffect::Receive {
            id: id.clone(),
            run,
            epoch,
            channel: channel(transfer, run),
            size,
            from: offset,
            window: window_bytes(size),
        });
        self.say(index, &FileFrame::Take { id, run, from: offset, hash }, out);
    }

    pub(super) fn fail(&mut self, now: Time, index: usize, problem: FileProblem, out: Out) {
        self.end(now, index, EndReason::Failed(problem), true, out);
    }
}
