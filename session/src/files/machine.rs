//! The machine for files: takes inputs, hands them to the transfers that they concern, and returns effects.
//!
//! The bytes never come in here. The browser side, which has the disk and the data channels, carries the
//! [`FileEffect`]s out and says by [`FileEvent`]s what came of them. What the two sides say to each other
//! goes over the channel that text goes over (`wire`). Each run of a transfer has a data channel of its own
//! for the bytes, on which the receiver acknowledges what it has written.
//!
//! The receiver leads: it says what it wants now and from where on, and the sender sends what it is told to.
//! So after any cut nothing has to be agreed on again: the receiver looks what it has, and asks for the rest.

use std::fmt::Debug;

use tincan_shared::FileNotice;

use super::context::Context;
use super::effect::{Direction, FileEffect, FileEvent, Remembered};
use super::id::{Run, TransferId};
use super::incoming::Incoming;
use super::intents::{FileIntent, OfferError, Refusal, SourceFile};
use super::limits::MAX_FILE_BYTES;
use super::outgoing::Outgoing;
use super::transfer::Transfer;
use super::transfers::Transfers;
use super::view::TransferView;
use super::wire::{FileFrame, FileText};
use crate::ids::{MemberId, PeerConnectionId};
use crate::time::Time;

/// What happens that concerns files.
#[derive(Clone, Debug, PartialEq)]
pub enum FileInput {
    /// What was kept from before the page was loaded. It comes before anything else.
    Kept(Vec<Remembered>),
    /// A member is here, who is called this.
    Met { member: MemberId, name: String },
    /// There is a channel to a member, who is called this, on that peer connection.
    Opened { member: MemberId, name: String, peer_connection: PeerConnectionId },
    /// The user has accepted what a member announced, before they have offered it.
    Announced(MemberId, FileNotice),
    /// There is no channel to a member any more.
    Closed(MemberId),
    /// A member has left.
    Left(MemberId),
    /// A member is called otherwise now.
    Renamed(MemberId, String),
    /// A member said this of files.
    Frame(MemberId, FileText),
    /// The browser says this of a run.
    Event(TransferId, Run, FileEvent),
    /// The user offers a file to these members, under ids that are made for it.
    Offer { file: SourceFile, to: Vec<(MemberId, TransferId)> },
    /// The user wants something.
    Intent(FileIntent),
    /// The user signs out.
    Forget,
    /// Time has passed.
    Tick,
}

/// A machine for files: [`Files`]. The session holds it behind a pointer, so that a page can load it after
/// its first screen.
pub trait FileMachine: Debug {
    /// Takes note of `input`, which happened at `now`. Returns what is to be done, in this order.
    fn handle(&mut self, now: Time, input: FileInput) -> Vec<FileEffect>;

    /// Returns when [`FileInput::Tick`] is due at the latest.
    fn next_timeout(&self) -> Option<Time>;

    /// Returns what the screen shows, oldest first.
    fn view(&self) -> Vec<TransferView>;

    /// Returns the name of a file that could not be offered, and why, until another is offered.
    fn refused(&self) -> Option<(String, OfferError)>;
}

/// Every transfer of one user.
#[derive(Debug, Default)]
pub struct Files {
    pub(super) cx: Context,
    pub(super) transfers: Transfers,
    pub(super) refused: Option<Refusal>,
}

impl FileMachine for Files {
    fn handle(&mut self, now: Time, input: FileInput) -> Vec<FileEffect> {
        self.cx.now = now;
        match input {
            FileInput::Kept(kept) => kept.into_iter().for_each(|file| self.restore(file)),
            FileInput::Met { member, name } => self.met(member, &name),
            FileInput::Opened { member, name, peer_connection } => {
                self.opened(member, &name, peer_connection)
            }
            FileInput::Announced(member, notice) => self.announced(member, &notice),
            FileInput::Closed(member) => self.closed(member),
            FileInput::Left(member) => self.left(member),
            FileInput::Renamed(member, name) => self.renamed(member, &name),
            FileInput::Frame(member, text) => {
                if let Some(frame) = FileFrame::decode(&text) {
                    self.heard(member, frame);
                }
            }
            FileInput::Event(id, run, event) => self.event(id, run, event),
            FileInput::Offer { file, to } => self.offer(file, &to),
            FileInput::Intent(intent) => self.intent(intent),
            FileInput::Forget => self.forget_everything(),
            FileInput::Tick => self.transfers.iter_mut().for_each(|transfer| transfer.tick(now)),
        }
        self.settle();
        self.cx.take_effects()
    }

    fn next_timeout(&self) -> Option<Time> {
        self.transfers.iter().filter_map(Transfer::next_timeout).min()
    }

    fn view(&self) -> Vec<TransferView> {
        let is_reachable = |member| self.cx.people.channel(member).is_some();
        self.transfers.iter().map(|it| it.view(it.head().member.is_some_and(is_reachable))).collect()
    }

    fn refused(&self) -> Option<(String, OfferError)> {
        self.refused.as_ref().map(|refusal| (refusal.name.clone(), refusal.why))
    }
}

impl Files {
    /// Creates a machine without transfers.
    pub fn new() -> Files {
        Files::default()
    }

    /// Goes on with a transfer from before the page was loaded.
    fn restore(&mut self, file: Remembered) {
        if self.transfers.get(file.id).is_some() || file.size > MAX_FILE_BYTES {
            return;
        }
        self.transfers.push(match file.direction {
            Direction::Outgoing => Transfer::Outgoing(Outgoing::restored(file)),
            Direction::Incoming => Transfer::Incoming(Incoming::restored(file)),
        });
    }

    /// The browser says something of a run. Of one that is over it is late, and of no consequence.
    fn event(&mut self, id: TransferId, run: Run, event: FileEvent) {
        if let Some(transfer) = self.transfers.get_mut(id).filter(|it| it.run() == Some(run)) {
            transfer.event(&mut self.cx, event);
        }
    }

    /// Draws the consequences of an input: whatever it was, somebody's turn may have come.
    fn settle(&mut self) {
        self.transfers.forget_ended(&mut self.cx);
        for (member, peer_connection) in self.cx.people.reachable() {
            self.transfers.take_turns(&mut self.cx, member, peer_connection);
        }
        self.transfers.release_unneeded(&mut self.cx);
    }
}
