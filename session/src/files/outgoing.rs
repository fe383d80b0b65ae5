//! A file on its way from here.

use super::context::Context;
use super::effect::{Direction, FileEffect, FileEvent, Remembered, SourceId};
use super::end::{End, TransferEndReason};
use super::id::{Attempt, ContentHash, Run};
use super::limits::window_bytes;
use super::speed::Speed;
use super::transfer::Head;
use super::view::{FileProblem, TransferState};
use super::wire::{FileFrame, Why};
use crate::ids::{MemberId, PeerConnectionId};
use crate::time::Time;

#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) head: Head,
    state: State,
}

#[derive(Debug)]
enum State {
    /// To be offered, when there is a channel and the other side has room.
    ToOffer(SourceId),
    /// Offered on the channel that is open, and not answered.
    Offered(SourceId),
    /// Wanted, and not whole at the other side, which has so many bytes.
    Accepted { bytes: u64, sending: Sending },
    /// The other side has it.
    Done,
    /// Over without a file at the other side. `source` is what can be offered again.
    Ended { end: End, source: Option<SourceId>, bytes: u64 },
}

/// What is being done about an accepted file.
#[derive(Debug)]
enum Sending {
    /// The user has to choose the file again: the page was reloaded, or what was chosen is another file.
    NeedsFile { problem: Option<FileProblem>, contact: Contact },
    /// The user has paused it.
    Paused { source: SourceId, contact: Contact },
    /// Nothing: the other side has paused it, doesn't want it now, or isn't there.
    Idle { source: SourceId, contact: Contact },
    /// The other side wants it now, and too many run.
    Taken { source: SourceId, take: Take },
    /// The browser reads and sends it.
    Running { source: SourceId, run: Run, their_run: Run, speed: Speed },
}

/// What the other side knows of an accepted file, on the channel that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contact {
    /// It was not offered on it, or there is no channel.
    None,
    /// It was offered on it.
    Offered,
    /// It was offered on it, and they have paused it.
    PausedByThem,
}

/// From where on the other side wants a file, and what it has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Take {
    pub(super) run: Run,
    pub(super) from: u64,
    pub(super) hash: Option<ContentHash>,
}

impl Contact {
    fn is_offered(self) -> bool {
        self != Contact::None
    }
}

impl Sending {
    fn source(&self) -> Option<SourceId> {
        match self {
            Sending::NeedsFile { .. } => None,
            Sending::Paused { source, .. }
            | Sending::Idle { source, .. }
            | Sending::Taken { source, .. }
            | Sending::Running { source, .. } => Some(*source),
        }
    }

    fn contact(&self) -> Contact {
        match self {
            Sending::NeedsFile { contact, .. }
            | Sending::Paused { contact, .. }
            | Sending::Idle { contact, .. } => *contact,
            Sending::Taken { .. } | Sending::Running { .. } => Contact::Offered,
        }
    }

    /// Sets the contact. What goes on, or was to, goes on no longer.
    fn rest(&mut self, new: Contact) {
        match self {
            Sending::NeedsFile { contact, .. }
            | Sending::Paused { contact, .. }
            | Sending::Idle { contact, .. } => *contact = new,
            Sending::Taken { source, .. } | Sending::Running { source, .. } => {
                *self = Sending::Idle { source: *source, contact: new };
            }
        }
    }
}

impl Outgoing {
    /// Creates a transfer that is to be offered to a member.
    pub(super) fn new(file: Remembered, member: MemberId, source: SourceId) -> Outgoing {
        Outgoing { head: Head::new(file, Some(member)), state: State::ToOffer(source) }
    }

    /// Creates one that was accepted before the page was loaded.
    pub(super) fn restored(file: Remembered) -> Outgoing {
        let sending = Sending::NeedsFile { problem: None, contact: Contact::None };
        Outgoing { head: Head::new(file, None), state: State::Accepted { bytes: 0, sending } }
    }

    pub(super) fn is_unanswered(&self) -> bool {
        matches!(self.state, State::ToOffer(_) | State::Offered(_))
    }

    pub(super) fn is_to_offer(&self) -> bool {
        matches!(self.state, State::ToOffer(_))
    }

    pub(super) fn is_unfinished(&self) -> bool {
        matches!(self.state, State::ToOffer(_) | State::Offered(_) | State::Accepted { .. })
    }

    pub(super) fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended { .. })
    }

    /// Returns whether the other side wants it now, and it waits for its turn.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self.state, State::Accepted { sending: Sending::Taken { .. }, .. })
    }

    /// Returns whether the user may try it again.
    pub(super) fn can_retry(&self) -> bool {
        self.head.member.is_some() && matches!(self.state, State::Ended { source: Some(_), .. })
    }

    /// Returns the file, as long as it is needed and here.
    pub(super) fn source(&self) -> Option<SourceId> {
        match &self.state {
            State::ToOffer(source) | State::Offered(source) => Some(*source),
            State::Accepted { sending, .. } => sending.source(),
            State::Done => None,
            State::Ended { source, .. } => *source,
        }
    }

    /// Returns how many bytes are at the other side, as far as is known.
    pub(super) fn bytes(&self) -> u64 {
        match self.state {
            State::ToOffer(_) | State::Offered(_) => 0,
            State::Accepted { bytes, .. } | State::Ended { bytes, .. } => bytes,
            State::Done => self.head.size,
        }
    }

    pub(super) fn run(&self) -> Option<Run> {
        match self.state {
            State::Accepted { sending: Sending::Running { run, .. }, .. } => Some(run),
            _ => None,
        }
    }

    pub(super) fn view(&self, reachable: bool) -> TransferState {
        match &self.state {
            State::ToOffer(_) | State::Offered(_) if !reachable => TransferState::Waiting,
            State::ToOffer(_) | State::Offered(_) => TransferState::Offered,
            State::Done => TransferState::Done,
            State::Ended { end, .. } => end.view(),
            State::Accepted { bytes, sending } => match sending {
                Sending::NeedsFile { problem, .. } => TransferState::ChooseAgain { problem: *problem },
                Sending::Paused { contact, .. } => {
                    TransferState::Paused { by_me: true, by_them: *contact == Contact::PausedByThem }
                }
                Sending::Idle { contact: Contact::None, .. } => TransferState::Waiting,
                Sending::Idle { contact: Contact::PausedByThem, .. } => {
                    TransferState::Paused { by_me: false, by_them: true }
                }
                Sending::Idle { contact: Contact::Offered, .. } | Sending::Taken { .. } => {
                    TransferState::Queued
                }
                Sending::Running { speed, .. } => speed.view(self.head.size - bytes),
            },
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        match &self.state {
            State::Accepted { sending: Sending::Running { speed, .. }, .. } => speed.next_timeout(),
            _ => None,
        }
    }

    pub(super) fn tick(&mut self, now: Time) {
        if let State::Accepted { sending: Sending::Running { speed, .. }, .. } = &mut self.state {
            speed.tick(now);
        }
    }

    /// Offers it on the channel that is open.
    pub(super) fn offer(&mut self, cx: &mut Context) {
        match &mut self.state {
            State::ToOffer(source) => self.state = State::Offered(*source),
            State::Accepted { sending, .. } => {
                // First, so that it isn't asked for in vain.
                if let Sending::NeedsFile { .. } | Sending::Paused { .. } = sending {
                    self.head.say_hold(cx, true);
                }
                if !sending.contact().is_offered() {
                    sending.rest(Contact::Offered);
                }
            }
            State::Offered(_) | State::Done | State::Ended { .. } => return,
        }
        let Head { id, name, size, mime, attempt, .. } = &self.head;
        let (name, mime) = (name.clone(), mime.clone());
        let offer = FileFrame::Offer { id: *id, name, size: *size, mime, attempt: *attempt };
        self.head.say(cx, &offer);
    }

    /// Offers one that was over once more, as soon as the other side has room.
    fn offer_anew(&mut self, source: SourceId) {
        self.state = State::ToOffer(source);
        self.head.attempt = self.head.attempt.next();
    }

    /// The other side wants it.
    pub(super) fn accepted(&mut self, cx: &mut Context) {
        let (source, contact) = match self.state {
            State::ToOffer(source) => (source, Contact::None),
            State::Offered(source) => (source, Contact::Offered),
            _ => return,
        };
        self.state = State::Accepted { bytes: 0, sending: Sending::Idle { source, contact } };
        cx.act(FileEffect::Remember(self.head.remembered(Direction::Outgoing, false)));
    }

    /// The other side wants it now.
    pub(super) fn taken(&mut self, cx: &mut Context, take: Take) {
        self.accepted(cx);
        let State::Accepted { sending, .. } = &self.state else { return };
        let source = match sending {
            // They are about to hear that it is held.
            Sending::NeedsFile { .. } | Sending::Paused { .. } => return,
            sending if !sending.contact().is_offered() || take.from > self.head.size => return,
            Sending::Idle { source, .. }
            | Sending::Taken { source, .. }
            | Sending::Running { source, .. } => *source,
        };
        self.halt(cx);
        if let State::Accepted { sending, .. } = &mut self.state {
            *sending = Sending::Taken { source, take };
        }
    }

    /// Sends it, where the other side wants it now.
    pub(super) fn send(&mut self, cx: &mut Context, peer_connection: PeerConnectionId) {
        let State::Accepted { bytes, sending } = &mut self.state else { return };
        let Sending::Taken { source, take } = sending else { return };
        let (run, source, take) = (cx.next_run(), *source, take.clone());
        let speed = Speed::from(cx.now, take.from);
        *bytes = take.from;
        *sending = Sending::Running { source, run, their_run: take.run, speed };
        cx.act(FileEffect::Send {
            id: self.head.id,
            run,
            peer_connection,
            channel: self.head.channel(take.run),
            source,
            size: self.head.size,
            from: take.from,
            prefix: take.hash,
            window: window_bytes(self.head.size),
        });
    }

    pub(super) fn held(&mut self, cx: &mut Context, on: bool) {
        let State::Accepted { sending, .. } = &mut self.state else { return };
        match (sending.contact(), on) {
            // What they don't know of they can't pause.
            (Contact::None, _) => {}
            (Contact::Offered | Contact::PausedByThem, true) => self.rest(cx, Contact::PausedByThem),
            (Contact::PausedByThem, false) => sending.rest(Contact::Offered),
            (Contact::Offered, false) => {}
        }
    }

    pub(super) fn dropped(&mut self, cx: &mut Context, why: Why, attempt: Attempt) {
        // What the receiver says may cross with a new offer.
        if self.is_unfinished() && attempt >= self.head.attempt {
            self.end(cx, End::by_them(TransferEndReason::heard(why)));
        }
    }

    /// The other side has it.
    pub(super) fn got(&mut self, cx: &mut Context) {
        self.halt(cx);
        let source = self.source();
        if let State::Accepted { .. } = self.state {
            cx.act(FileEffect::Forget { id: self.head.id });
        }
        self.state = State::Done;
        source.into_iter().for_each(|source| cx.let_go(source));
    }

    /// The other side wants one that is over after all.
    pub(super) fn wanted_again(&mut self, cx: &mut Context) {
        match self.state {
            // What the user has ended stays so.
            State::Ended { end: End { why: why @ TransferEndReason::Cancelled, by_me: true }, .. } => {
                self.head.say_drop(cx, why);
            }
            State::Ended { source: Some(source), .. } => self.offer_anew(source),
            State::Ended { end, source: None, .. } => self.head.say_drop(cx, end.why),
            _ => {}
        }
    }

    /// On a new channel the other side has said what it has: this one, or not.
    pub(super) fn listed(&mut self, cx: &mut Context, listed: bool) {
        match &self.state {
            State::Accepted { sending, .. } if sending.contact().is_offered() => {}
            State::Accepted { .. } if listed => self.offer(cx),
            State::Accepted { .. } => {
                self.end(cx, End::by_them(TransferEndReason::Failed(FileProblem::Forgotten)));
            }
            State::Ended { end: End { why, by_me: true }, .. } if listed => self.head.say_drop(cx, *why),
            State::Ended { .. } if listed => self.wanted_again(cx),
            _ => {}
        }
    }

    /// The channel to the other side is closed. It waits for the next.
    pub(super) fn closed(&mut self, cx: &mut Context) {
        match self.state {
            State::Offered(source) => self.state = State::ToOffer(source),
            _ => self.rest(cx, Contact::None),
        }
    }

    /// The other side has left before they accepted it.
    pub(super) fn left(&mut self, cx: &mut Context) {
        self.end(cx, End::by_them(TransferEndReason::Failed(FileProblem::Left)));
    }

    pub(super) fn event(&mut self, cx: &mut Context, event: FileEvent) {
        let State::Accepted { bytes, sending } = &mut self.state else { return };
        let Sending::Running { source, their_run, speed, .. } = sending else { return };
        let (source, their_run) = (*source, *their_run);
        match event {
            FileEvent::Progress { bytes: written } => {
                *bytes = written.min(self.head.size);
                speed.reading(cx.now, *bytes);
            }
            FileEvent::ChannelClosed => {
                sending.rest(Contact::Offered);
                self.head.say(cx, &FileFrame::Cut { id: self.head.id, run: their_run });
            }
            FileEvent::NotTheSame => {
                let problem = Some(FileProblem::NotTheSame);
                *sending = Sending::NeedsFile { problem, contact: Contact::Offered };
                cx.let_go(source);
                self.head.say_hold(cx, true);
            }
            FileEvent::SourceChanged => self.fail(cx, FileProblem::SourceChanged),
            FileEvent::ReadFailed => self.fail(cx, FileProblem::ReadFailed),
            FileEvent::Broken => self.fail(cx, FileProblem::Broken),
            // Of receiving.
            FileEvent::Stored { .. }
            | FileEvent::Verified
            | FileEvent::Mismatch
            | FileEvent::DiskFull
            | FileEvent::WriteFailed => {}
        }
    }

    pub(super) fn pause(&mut self, cx: &mut Context) {
        let State::Accepted { sending, .. } = &self.state else { return };
        let (source, contact) = match sending {
            Sending::NeedsFile { .. } | Sending::Paused { .. } => return,
            Sending::Idle { source, contact } => (*source, *contact),
            Sending::Taken { source, .. } | Sending::Running { source, .. } => (*source, Contact::Offered),
        };
        self.halt(cx);
        self.hold(cx, Sending::Paused { source, contact }, true);
    }

    pub(super) fn resume(&mut self, cx: &mut Context) {
        if let State::Accepted { sending: Sending::Paused { source, contact }, .. } = self.state {
            self.hold(cx, Sending::Idle { source, contact }, false);
        }
    }

    /// After a reload the user has chosen the file again. One of another size isn't it. Whether it begins as
    /// what the other side has is looked at before anything is sent.
    ///
    /// Returns whether the file was to be chosen again.
    pub(super) fn choose_again(&mut self, cx: &mut Context, source: SourceId, size: u64) -> bool {
        let State::Accepted { sending: Sending::NeedsFile { problem, contact }, .. } = &mut self.state else {
            return false;
        };
        if size == self.head.size {
            let contact = *contact;
            self.hold(cx, Sending::Idle { source, contact }, false);
        } else {
            *problem = Some(FileProblem::NotTheSame);
            cx.let_go(source);
        }
        true
    }

    pub(super) fn cancel(&mut self, cx: &mut Context) {
        if self.is_unfinished() {
            self.end(cx, End::by_me(TransferEndReason::Cancelled));
        }
    }

    pub(super) fn retry(&mut self) {
        if let State::Ended { source: Some(source), .. } = self.state
            && self.can_retry()
        {
            self.offer_anew(source);
        }
    }

    fn fail(&mut self, cx: &mut Context, problem: FileProblem) {
        self.end(cx, End::by_me(TransferEndReason::Failed(problem)));
    }

    /// It is over without a file. The other side is told, if it is this side's doing.
    fn end(&mut self, cx: &mut Context, end: End) {
        self.halt(cx);
        if let State::Accepted { .. } = self.state {
            cx.act(FileEffect::Forget { id: self.head.id });
        }
        self.state = State::Ended { end, source: self.source(), bytes: self.bytes() };
        if end.by_me {
            self.head.say_drop(cx, end.why);
        }
    }

    /// The user pauses it, or lets it go on: whoever was offered it is told.
    fn hold(&mut self, cx: &mut Context, now: Sending, on: bool) {
        let State::Accepted { sending, .. } = &mut self.state else { return };
        *sending = now;
        if sending.contact().is_offered() {
            self.head.say_hold(cx, on);
        }
    }

    /// The browser side lets go of the run, if there is one.
    fn halt(&mut self, cx: &mut Context) {
        if let State::Accepted { sending, .. } = &self.state {
            let contact = sending.contact();
            self.rest(cx, contact);
        }
    }

    /// Sets the contact of one that is accepted. If it runs, the browser side lets go of the run.
    fn rest(&mut self, cx: &mut Context, contact: Contact) {
        if let State::Accepted { sending, .. } = &mut self.state {
            if let Sending::Running { run, .. } = sending {
                cx.act(FileEffect::StopSending { id: self.head.id, run: *run });
            }
            sending.rest(contact);
        }
    }
}
