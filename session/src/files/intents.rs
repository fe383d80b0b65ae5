//! What the user wants.

use super::effect::{Direction, Remembered, SourceId};
use super::id::TransferId;
use super::limits::{MAX_FILE_BYTES, MAX_OUTGOING};
use super::name::{safe_mime, safe_name};
use super::transfer::{EndReason, Phase, Step, Transfer};
use super::view::FileProblem;
use super::wire::FileFrame;
use super::{FileEffect, Files, Out};
use crate::time::Time;

/// A file that the user chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// What the browser side knows it by.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// Its size, in bytes.
    pub size: u64,
    /// Its media type, as the browser has it; may be empty.
    pub mime: String,
}

/// Why a file can't be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// It is larger than [`MAX_FILE_BYTES`].
    #[error("the file is larger than {MAX_FILE_BYTES} bytes")]
    TooLarge,
    /// Too many are on their way already.
    #[error("too many files are on their way")]
    TooMany,
    /// There is nobody to offer it to.
    #[error("nobody is here")]
    Nobody,
}

impl Files {
    /// Offers a file to everyone listed who is here. `random` answers 128 bits that nobody can foresee, for each.
    ///
    /// # Errors
    ///
    /// If it can't be offered. Then it is offered to nobody, and the caller lets go of the file.
    pub fn offer(
        &mut self,
        now: Time,
        to: &[u32],
        file: &SourceFile,
        random: &mut dyn FnMut() -> u128,
        out: Out,
    ) -> Result<(), OfferError> {
        if file.size > MAX_FILE_BYTES {
            return Err(OfferError::TooLarge);
        }
        if !to.iter().any(|who| self.people.contains_key(who)) {
            return Err(OfferError::Nobody);
        }
        let unfinished = self
            .transfers
            .iter()
            .filter(|it| it.direction == Direction::Outgoing && it.is_unfinished())
            .count();
        if unfinished + to.len() > MAX_OUTGOING {
            return Err(OfferError::TooMany);
        }
        for &who in to {
            let Some(person) = self.people.get(&who) else { continue };
            let record = Remembered {
                id: TransferId::from_random(random()),
                direction: Direction::Outgoing,
                name: safe_name(&file.name),
                size: file.size,
                mime: safe_mime(&file.mime),
                peer: person.name.clone(),
                whole: false,
            };
            let transfer = Transfer::new(record, Some(who), Phase::Offered);
            self.transfers.push(Transfer { source: Some(file.source), ..transfer });
            self.take_turns(now, who, out);
        }
        Ok(())
    }

    /// Accepts an offer.
    pub fn accept(&mut self, now: Time, id: &TransferId, out: Out) {
        if let Some(index) = self.offer_to_me(id) {
            self.accept_at(now, index, out);
        }
    }

    /// Accepts what this participant offers, until they leave.
    pub fn accept_all(&mut self, now: Time, who: u32, out: Out) {
        let Some(person) = self.people.get_mut(&who) else { return };
        person.trusted = true;
        person.taken_on_trust = 0;
        for index in self.indices(|it| it.is(who, Direction::Incoming) && it.phase == Phase::Offered) {
            self.accept_on_trust(now, index, out);
        }
    }

    /// Refuses an offer.
    pub fn refuse(&mut self, now: Time, id: &TransferId, out: Out) {
        if let Some(index) = self.offer_to_me(id) {
            self.end(now, index, EndReason::Refused, true, out);
        }
    }

    /// Pauses one that is accepted, until [`Files::resume`].
    pub fn pause(&mut self, now: Time, id: &TransferId, out: Out) {
        let Some(index) = self.find(id).filter(|&index| self.transfers[index].is_accepted()) else { return };
        if !std::mem::replace(&mut self.transfers[index].paused_by_me, true) {
            self.halt(index, out);
            self.say_hold(index, true, out);
            self.next_turn(now, index, out);
        }
    }

    /// Lets one go on that was paused here.
    pub fn resume(&mut self, now: Time, id: &TransferId, out: Out) {
        let Some(index) = self.find(id).filter(|&index| self.transfers[index].is_accepted()) else { return };
        if std::mem::replace(&mut self.transfers[index].paused_by_me, false) {
            self.go_on(now, index, out);
        }
    }

    /// Cancels one that is offered from here, or accepted. What was received of it is deleted.
    pub fn cancel(&mut self, now: Time, id: &TransferId, out: Out) {
        let Some(index) = self.find(id) else { return };
        let transfer = &self.transfers[index];
        match (&transfer.phase, transfer.direction) {
            (Phase::Offered, Direction::Incoming) => self.refuse(now, id, out),
            (Phase::Offered | Phase::Accepted(_), _) => self.end(now, index, EndReason::Cancelled, true, out),
            (Phase::Done | Phase::Ended(_), _) => {}
        }
    }

    /// Tries one again that has ended without a file, from its beginning: offers it anew, or asks for it.
    pub fn retry(&mut self, now: Time, id: &TransferId, out: Out) {
        let Some(index) = self.find(id).filter(|&index| self.transfers[index].can_retry()) else { return };
        match self.transfers[index].direction {
            Direction::Outgoing => self.offer_anew(now, index, out),
            Direction::Incoming => {
                let transfer = &mut self.transfers[index];
                transfer.reset(Phase::Accepted(Step::Idle));
                out.push(FileEffect::Remember(transfer.remembered()));
                let again = FileFrame::Again { id: transfer.id.clone() };
                self.say(index, &again, out);
            }
        }
    }

    /// After a reload the user has chosen the file again. One of another size isn't it, and said so at once; whether it
    /// begins as what the other side has is looked at before anything is sent.
    pub fn chosen_again(&mut self, now: Time, id: &TransferId, source: SourceId, size: u64, out: Out) {
        let wanted = self.find(id).filter(|&index| {
            let transfer = &self.transfers[index];
            transfer.direction == Direction::Outgoing && transfer.is_accepted() && transfer.source.is_none()
        });
        let Some(index) = wanted else { return self.release(Some(source), out) };
        let transfer = &mut self.transfers[index];
        if transfer.size != size {
            transfer.problem = Some(FileProblem::NotTheSame);
            return self.release(Some(source), out);
        }
        transfer.source = Some(source);
        transfer.problem = None;
        self.go_on(now, index, out);
    }

    /// Hands a file that was received to the user.
    pub fn save(&self, id: &TransferId, out: Out) {
        let Some(transfer) = self.find(id).map(|index| &self.transfers[index]) else { return };
        if transfer.direction == Direction::Incoming && transfer.phase == Phase::Done {
            out.push(FileEffect::Save { id: id.clone(), name: transfer.name.clone() });
        }
    }

    /// Takes one that is over off the list. A file that was received is deleted here.
    pub fn dismiss(&mut self, id: &TransferId, out: Out) {
        let Some(index) = self.find(id).filter(|&index| !self.transfers[index].is_unfinished()) else {
            return;
        };
        let transfer = &self.transfers[index];
        if transfer.direction == Direction::Incoming && transfer.phase == Phase::Done {
            out.push(FileEffect::Discard { id: id.clone() });
        }
        self.remove(index, out);
    }

    /// Cancels everything and deletes everything that is here.
    pub fn forget_everything(&mut self, now: Time, out: Out) {
        for id in self.ids(|_| true) {
            self.cancel(now, &id, out);
            self.dismiss(&id, out);
        }
    }

    /// It is held no longer by this side, unless it still is.
    fn go_on(&mut self, now: Time, index: usize, out: Out) {
        let transfer = &mut self.transfers[index];
        if !transfer.is_held() {
            transfer.patience = Default::default();
            self.say_hold(index, false, out);
            self.next_turn(now, index, out);
        }
    }

    fn offer_to_me(&self, id: &TransferId) -> Option<usize> {
        let offered = |it: &Transfer| it.direction == Direction::Incoming && it.phase == Phase::Offered;
        self.find(id).filter(|&index| offered(&self.transfers[index]))
    }
}
