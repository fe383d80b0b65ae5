//! What the user wants.

use super::Files;
use super::effect::{Direction, Remembered, SourceId};
use super::id::TransferId;
use super::limits::{MAX_FILE_BYTES, MAX_OUTGOING};
use super::name::{safe_mime, safe_name};
use super::outgoing::Outgoing;
use super::transfer::Transfer;
use crate::ids::MemberId;
use crate::time::Time;

/// Files of which one is offered within so long of another were chosen together.
const TOGETHER_MS: u64 = 1_000;

/// A file that the user chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub source: SourceId,
    pub name: String,
    pub size: u64,
    /// Its media type, as the browser has it. May be empty.
    pub mime: String,
}

/// What a user can want with files that are on their way or were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileIntent {
    Accept(TransferId),
    /// Accept whatever a member offers, until they leave.
    AcceptAll(MemberId),
    Refuse(TransferId),
    /// Pause one that is accepted.
    Pause(TransferId),
    Resume(TransferId),
    /// Cancel one that is offered or accepted. What was received of it is deleted.
    Cancel(TransferId),
    /// Try one again from its beginning, that has ended without a file: offer it anew, or ask for it.
    Retry(TransferId),
    /// After a reload the user has chosen the file of a transfer again, which has so many bytes.
    ChooseAgain {
        id: TransferId,
        source: SourceId,
        size: u64,
    },
    /// Have the browser save one that was received.
    Save(TransferId),
    /// Take one that is over off the list. A file that was received is deleted here.
    Dismiss(TransferId),
}

/// Why a file can't be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    #[error("the file is larger than {MAX_FILE_BYTES} bytes")]
    TooLarge,
    #[error("too many files are on their way")]
    TooMany,
    #[error("nobody is here")]
    Nobody,
}

/// A file that could not be offered.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) name: String,
    pub(super) why: OfferError,
    at: Time,
}

impl Files {
    /// Offers a file to those listed who are here, each under an id of its own.
    pub(super) fn offer(&mut self, file: SourceFile, to: &[(MemberId, TransferId)]) {
        let now = self.cx.now;
        match self.try_offer(&file, to) {
            // Of several that were chosen together, one that goes doesn't take back what was said of another.
            Ok(()) => drop(self.refused.take_if(|refused| refused.at.plus(TOGETHER_MS) < now)),
            Err(why) => {
                self.cx.let_go(file.source);
                self.refused = Some(Refusal { name: file.name, why, at: now });
            }
        }
    }

    /// If the file can't be offered, it is offered to nobody.
    pub(super) fn try_offer(
        &mut self,
        file: &SourceFile,
        to: &[(MemberId, TransferId)],
    ) -> Result<(), OfferError> {
        if file.size > MAX_FILE_BYTES {
            return Err(OfferError::TooLarge);
        }
        if !to.iter().any(|(member, _)| self.cx.people.get(*member).is_some()) {
            return Err(OfferError::Nobody);
        }
        let is_unfinished = |it: &&Transfer| matches!(it, Transfer::Outgoing(it) if it.is_unfinished());
        if self.transfers.iter().filter(is_unfinished).count() + to.len() > MAX_OUTGOING {
            return Err(OfferError::TooMany);
        }
        for &(member, id) in to {
            let Some(person) = self.cx.people.get(member) else { continue };
            let record = Remembered {
                id,
                direction: Direction::Outgoing,
                name: safe_name(&file.name),
                size: file.size,
                mime: safe_mime(&file.mime),
                peer: person.name.clone(),
                whole: false,
            };
            self.transfers.push(Transfer::Outgoing(Outgoing::new(record, member, file.source)));
        }
        Ok(())
    }

    pub(super) fn intent(&mut self, intent: FileIntent) {
        let Files { cx, transfers, .. } = self;
        match intent {
            FileIntent::Accept(id) => transfers.incoming(id).into_iter().for_each(|it| it.accept(cx)),
            FileIntent::AcceptAll(member) => self.accept_all(member),
            FileIntent::Refuse(id) => transfers.incoming(id).into_iter().for_each(|it| it.refuse(cx)),
            FileIntent::Pause(id) => transfers.get_mut(id).into_iter().for_each(|it| it.pause(cx)),
            FileIntent::Resume(id) => transfers.get_mut(id).into_iter().for_each(|it| it.resume(cx)),
            FileIntent::Cancel(id) => transfers.get_mut(id).into_iter().for_each(|it| it.cancel(cx)),
            FileIntent::Retry(id) => transfers.get_mut(id).into_iter().for_each(|it| it.retry(cx)),
            FileIntent::ChooseAgain { id, source, size } => {
                let outgoing = transfers.outgoing(id);
                if !outgoing.is_some_and(|outgoing| outgoing.choose_again(cx, source, size)) {
                    cx.let_go(source);
                }
            }
            FileIntent::Save(id) => transfers.incoming(id).into_iter().for_each(|it| it.save(cx)),
            FileIntent::Dismiss(id) => transfers.remove(cx, |it| it.id() == id && !it.is_unfinished()),
        }
    }

    fn accept_all(&mut self, member: MemberId) {
        let Some(person) = self.cx.people.get_mut(member) else { return };
        person.trust();
        for incoming in self.transfers.all_from_mut(member).filter(|it| it.is_unanswered()) {
            incoming.accept_on_trust(&mut self.cx);
        }
    }

    /// Cancels everything, and deletes everything that is here.
    pub(super) fn forget_everything(&mut self) {
        let Files { cx, transfers, .. } = self;
        transfers.iter_mut().for_each(|transfer| transfer.cancel(cx));
        transfers.remove(cx, |_| true);
    }
}
