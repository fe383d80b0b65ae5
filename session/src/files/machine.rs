//! The machine as the session holds it: behind a pointer, so that a page can load it after its first screen.

use std::fmt::Debug;

use tincan_shared::FileNotice;

use super::effect::{FileEvent, Remembered, SourceId};
use super::id::TransferId;
use super::intents::{OfferError, SourceFile};
use super::view::TransferView;
use super::{FileEffect, Files};
use crate::time::Time;

/// What is chosen within so long is one choice, in milliseconds.
const TOGETHER_MS: u64 = 1_000;

/// A file that could not be offered.
#[derive(Debug)]
pub(super) struct Refusal {
    name: String,
    why: OfferError,
    at: Time,
}

/// What happens that concerns files.
#[derive(Clone, Debug, PartialEq)]
pub enum FileInput {
    /// What was kept from before the page was loaded: before anything else.
    Kept(Vec<Remembered>),
    /// This participant is here.
    Met {
        /// Their number.
        who: u32,
        /// What they are called.
        name: String,
    },
    /// There is a channel to this participant: see [`Files::opened`].
    Opened {
        /// Their number.
        who: u32,
        /// What they are called.
        name: String,
        /// On which peer connection.
        epoch: u32,
    },
    /// The user has accepted what they announced, before they have offered it.
    Announced(u32, FileNotice),
    /// There is none any more.
    Closed(u32),
    /// They have left.
    Left(u32),
    /// They are called otherwise now.
    Renamed(u32, String),
    /// They said this. The answer is whether it was about files.
    Frame(u32, String),
    /// What the browser says of a run.
    Event(TransferId, u32, FileEvent),
    /// What the user wants.
    Intent(FileIntent),
    /// The user signs out.
    Forget,
    /// Time has passed.
    Tick,
}

/// What a user can want with files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileIntent {
    /// Offer one.
    Offer {
        /// Which.
        file: SourceFile,
        /// To whom.
        to: Recipients,
        /// 128 bits for each of them that nobody can foresee.
        random: Vec<u128>,
    },
    /// Accept an offer.
    Accept(TransferId),
    /// Accept whatever this participant offers, until they leave.
    AcceptAll {
        /// See [`TransferView::who`].
        who: u32,
    },
    /// Refuse an offer.
    Refuse(TransferId),
    /// Pause one.
    Pause(TransferId),
    /// Let one go on.
    Resume(TransferId),
    /// Cancel one.
    Cancel(TransferId),
    /// Try one again.
    Retry(TransferId),
    /// The file of a transfer from before a reload was chosen again.
    ChooseAgain {
        /// The transfer.
        id: TransferId,
        /// The file.
        source: SourceId,
        /// Its size, in bytes.
        size: u64,
    },
    /// Have the browser save one that was received.
    Save(TransferId),
    /// Take one that is over off the list.
    Dismiss(TransferId),
}

/// To whom a file is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// Everyone who is here.
    Everyone,
    /// Whoever has this address.
    Address(String),
    /// These participants. The session makes it of the others.
    Numbers(Vec<u32>),
}

/// A machine for files: [`Files`], unless it isn't loaded.
pub trait FileMachine: Debug {
    /// Takes note of `input`, and says in `out` what is to be done. The answer is about [`FileInput::Frame`].
    fn handle(&mut self, now: Time, input: FileInput, out: &mut Vec<FileEffect>) -> bool;

    /// When [`FileInput::Tick`] is due at the latest.
    fn next_timeout(&self) -> Option<Time>;

    /// What the screen shows.
    fn view(&self) -> Vec<TransferView>;

    /// The file of this name could not be offered, and that was not read yet.
    fn refused(&self) -> Option<(String, OfferError)>;
}

impl FileMachine for Files {
    fn handle(&mut self, now: Time, input: FileInput, out: &mut Vec<FileEffect>) -> bool {
        match input {
            FileInput::Kept(kept) => self.restore(kept),
            FileInput::Met { who, name } => {
                self.met(now, who, &name, out);
            }
            FileInput::Opened { who, name, epoch } => self.opened(now, who, &name, epoch, out),
            FileInput::Announced(who, notice) => self.announced(who, &notice),
            FileInput::Closed(who) => self.closed(who, out),
            FileInput::Left(who) => self.left(now, who, out),
            FileInput::Renamed(who, name) => self.renamed(who, &name),
            FileInput::Frame(who, text) => return self.frame(now, who, &text, out),
            FileInput::Event(id, run, event) => self.event(now, &id, run, event, out),
            FileInput::Intent(intent) => self.intent(now, intent, out),
            FileInput::Forget => self.forget_everything(now, out),
            FileInput::Tick => self.tick(now, out),
        }
        false
    }

    fn next_timeout(&self) -> Option<Time> {
        Files::next_timeout(self)
    }

    fn view(&self) -> Vec<TransferView> {
        Files::view(self)
    }

    fn refused(&self) -> Option<(String, OfferError)> {
        self.refused.as_ref().map(|refusal| (refusal.name.clone(), refusal.why))
    }
}

impl Files {
    fn intent(&mut self, now: Time, intent: FileIntent, out: &mut Vec<FileEffect>) {
        match intent {
            FileIntent::Offer { file, to, random } => {
                let Recipients::Numbers(mut to) = to else { return };
                // Whoever there is no randomness for is left out, rather than given an id that can be guessed.
                to.truncate(random.len());
                let mut random = random.into_iter();
                let next = &mut || random.next().unwrap_or_default();
                match self.offer(now, &to, &file, next, out) {
                    Err(why) => {
                        self.release(Some(file.source), out);
                        self.refused = Some(Refusal { name: file.name, why, at: now });
                    }
                    // Of several that were chosen together, one that goes doesn't take back what was said of another.
                    Ok(()) if self.refused.as_ref().is_some_and(|it| it.at.plus(TOGETHER_MS) < now) => {
                        self.refused = None;
                    }
                    Ok(()) => {}
                }
            }
            FileIntent::Accept(id) => self.accept(now, &id, out),
            FileIntent::AcceptAll { who } => self.accept_all(now, who, out),
            FileIntent::Refuse(id) => self.refuse(now, &id, out),
            FileIntent::Pause(id) => self.pause(now, &id, out),
            FileIntent::Resume(id) => self.resume(now, &id, out),
            FileIntent::Cancel(id) => self.cancel(now, &id, out),
            FileIntent::Retry(id) => self.retry(now, &id, out),
            FileIntent::ChooseAgain { id, source, size } => self.chosen_again(now, &id, source, size, out),
            FileIntent::Save(id) => self.save(&id, out),
            FileIntent::Dismiss(id) => self.dismiss(&id, out),
        }
    }
}
