//! A file on its way to here.

use super::backoff::Backoff;
use super::context::Context;
use super::effect::{Direction, FileEffect, FileEvent, Remembered};
use super::end::{End, TransferEndReason};
use super::id::{Attempt, ContentHash, Run, TransferId};
use super::limits::window_bytes;
use super::speed::Speed;
use super::transfer::Head;
use super::view::{FileProblem, TransferState};
use super::wire::{FileFrame, Why};
use crate::ids::MemberId;
use crate::time::Time;

#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) head: Head,
    /// Outlives an end, so that offering anew doesn't shorten the wait.
    backoff: Backoff,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Offered on the channel that is open, and not answered.
    Offered,
    /// Offered on an earlier channel, and not answered. It goes unless it is offered again.
    OfferedBefore,
    /// Wanted, and not whole. So many bytes are here.
    Accepted { bytes: u64, receiving: Receiving },
    /// It is here whole, and was handed to the user to be kept, or not yet.
    Done { saved: bool },
    /// Over without a file.
    Ended { end: End, bytes: u64 },
}

/// What is being done about an accepted file.
#[derive(Debug)]
enum Receiving {
    /// The user has paused it.
    Paused { contact: Contact },
    /// Nothing: it is not its turn, the other side has paused it, or isn't there.
    Idle { contact: Contact },
    /// The browser looks what is here.
    Preparing { run: Run },
    /// The browser writes what comes, which begins at `from`.
    Running { run: Run, from: u64, speed: Speed },
}

/// What the other side has said of an accepted file, on the channel that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contact {
    /// They haven't offered it, or there is no channel. That it is paused they say before.
    None { paused: bool },
    /// They know nothing of it.
    Lost,
    /// They have offered it, so they have the file.
    Offered { paused: bool },
}

/// A file that somebody offers.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) id: TransferId,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) mime: Option<String>,
    pub(super) attempt: Attempt,
}

impl Contact {
    const NONE: Contact = Contact::None { paused: false };
    const READY: Contact = Contact::Offered { paused: false };

    fn is_offered(self) -> bool {
        matches!(self, Contact::Offered { .. })
    }

    fn is_paused(self) -> bool {
        matches!(self, Contact::None { paused: true } | Contact::Offered { paused: true })
    }

    fn with_pause(self, paused: bool) -> Contact {
        match self {
            Contact::None { .. } => Contact::None { paused },
            Contact::Lost => Contact::Lost,
            Contact::Offered { .. } => Contact::Offered { paused },
        }
    }
}

impl Receiving {
    fn contact(&self) -> Contact {
        match self {
            Receiving::Paused { contact } | Receiving::Idle { contact } => *contact,
            Receiving::Preparing { .. } | Receiving::Running { .. } => Contact::READY,
        }
    }

    fn run(&self) -> Option<Run> {
        match self {
            Receiving::Preparing { run } | Receiving::Running { run, .. } => Some(*run),
            Receiving::Paused { .. } | Receiving::Idle { .. } => None,
        }
    }

    /// Sets the contact. What goes on, goes on no longer.
    fn rest(&mut self, contact: Contact) {
        *self = match self {
            Receiving::Paused { .. } => Receiving::Paused { contact },
            _ => Receiving::Idle { contact },
        };
    }
}

impl Incoming {
    /// Creates a transfer that a member offers now.
    pub(super) fn new(offer: Offer, member: MemberId, peer: String) -> Incoming {
        let Offer { id, name, size, mime, attempt } = offer;
        let head = Head { id, name, size, mime, peer, member: Some(member), attempt };
        Incoming { head, backoff: Backoff::default(), state: State::Offered }
    }

    /// Creates one that was accepted before the page was loaded.
    pub(super) fn restored(file: Remembered) -> Incoming {
        let state = match file.whole {
            true => State::Done { saved: false },
            false => State::Accepted { bytes: 0, receiving: Receiving::Idle { contact: Contact::NONE } },
        };
        Incoming { head: Head::new(file, None), backoff: Backoff::default(), state }
    }

    pub(super) fn is_unanswered(&self) -> bool {
        matches!(self.state, State::Offered | State::OfferedBefore)
    }

    /// Returns whether it was offered on an earlier channel, and on this one not yet.
    pub(super) fn is_stale(&self) -> bool {
        matches!(self.state, State::OfferedBefore)
    }

    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.state, State::Accepted { .. })
    }

    pub(super) fn is_unfinished(&self) -> bool {
        self.is_unanswered() || self.is_accepted()
    }

    pub(super) fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended { .. })
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Done { .. })
    }

    /// Returns whether the next run may begin, but for the wait and the number of those that run.
    pub(super) fn wants_run(&self) -> bool {
        let State::Accepted { receiving: Receiving::Idle { contact }, .. } = &self.state else {
            return false;
        };
        *contact == Contact::READY
    }

    /// Returns how many bytes are here, as far as is known.
    pub(super) fn bytes(&self) -> u64 {
        match self.state {
            State::Offered | State::OfferedBefore => 0,
            State::Accepted { bytes, .. } | State::Ended { bytes, .. } => bytes,
            State::Done { .. } => self.head.size,
        }
    }

    pub(super) fn run(&self) -> Option<Run> {
        match &self.state {
            State::Accepted { receiving, .. } => receiving.run(),
            _ => None,
        }
    }

    pub(super) fn view(&self) -> TransferState {
        match &self.state {
            State::Offered | State::OfferedBefore => TransferState::Offered,
            State::Done { .. } => TransferState::Done,
            State::Ended { end, .. } => end.view(),
            State::Accepted { bytes, receiving } => match receiving {
                Receiving::Paused { contact } => {
                    TransferState::Paused { by_me: true, by_them: contact.is_paused() }
                }
                Receiving::Idle { contact } => match contact {
                    Contact::None { .. } => TransferState::Waiting,
                    Contact::Lost => TransferState::Lost,
                    Contact::Offered { paused: true } => {
                        TransferState::Paused { by_me: false, by_them: true }
                    }
                    Contact::Offered { paused: false } => TransferState::Queued,
                },
                Receiving::Preparing { .. } => TransferState::Queued,
                Receiving::Running { speed, .. } => speed.view(self.head.size - bytes),
            },
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        match &self.state {
            State::Accepted { receiving: Receiving::Running { speed, .. }, .. } => speed.next_timeout(),
            _ if self.wants_run() => self.backoff.until(),
            _ => None,
        }
    }

    pub(super) fn tick(&mut self, now: Time) {
        self.backoff.tick(now);
        if let State::Accepted { receiving: Receiving::Running { speed, .. }, .. } = &mut self.state {
            speed.tick(now);
        }
    }

    /// Returns whether the wait before the next run is over.
    pub(super) fn is_due(&mut self, now: Time) -> bool {
        self.backoff.tick(now);
        self.backoff.until().is_none()
    }

    /// It is offered, perhaps once more. `has_room` says whether another offer of that member is listened to.
    pub(super) fn offered(&mut self, cx: &mut Context, offer: &Offer, has_room: bool) {
        // Another size is another file.
        if offer.size != self.head.size {
            return;
        }
        match &mut self.state {
            State::Offered | State::OfferedBefore => self.offered_now(cx, offer.attempt),
            State::Accepted { receiving, .. } => {
                self.head.attempt = offer.attempt;
                let contact = receiving.contact();
                if !contact.is_offered() {
                    receiving.rest(Contact::Offered { paused: contact.is_paused() });
                    self.want(cx);
                }
            }
            State::Done { .. } => self.head.say(cx, &FileFrame::Got { id: self.head.id }),
            State::Ended { .. } if offer.attempt > self.head.attempt => {
                if has_room {
                    self.offered_now(cx, offer.attempt);
                }
            }
            // Said before they heard that it is over.
            State::Ended { end: End { why, by_me: true }, .. } => self.head.say_drop(cx, *why),
            State::Ended { .. } => {}
        }
    }

    fn offered_now(&mut self, cx: &mut Context, attempt: Attempt) {
        self.state = State::Offered;
        self.head.attempt = attempt;
        self.accept_on_trust(cx);
    }

    /// Accepts an offer of somebody who is trusted.
    pub(super) fn accept_on_trust(&mut self, cx: &mut Context) {
        let person = self.head.member.and_then(|member| cx.people.get_mut(member));
        if person.is_some_and(|person| person.take_on_trust(self.head.size)) {
            self.accept(cx);
        }
    }

    /// Accepts an offer.
    pub(super) fn accept(&mut self, cx: &mut Context) {
        let contact = match self.state {
            State::Offered => Contact::READY,
            State::OfferedBefore => Contact::NONE,
            _ => return,
        };
        self.state = State::Accepted { bytes: 0, receiving: Receiving::Idle { contact } };
        cx.act(FileEffect::Remember(self.head.remembered(Direction::Incoming, false)));
        if contact.is_offered() {
            self.want(cx);
        }
    }

    /// Says that it is wanted.
    fn want(&self, cx: &mut Context) {
        self.head.say(cx, &FileFrame::Accept { id: self.head.id });
        if let State::Accepted { receiving: Receiving::Paused { .. }, .. } = self.state {
            self.head.say_hold(cx, true);
        }
    }

    /// Says on a new channel what has become of it: they may not have heard it.
    pub(super) fn greet(&self, cx: &mut Context) {
        match self.state {
            State::Done { .. } => self.head.say(cx, &FileFrame::Got { id: self.head.id }),
            State::Ended { end: End { why, by_me: true }, .. } => self.head.say_drop(cx, why),
            _ => {}
        }
    }

    /// There is a new channel to the other side, which deserves a new try.
    pub(super) fn opened(&mut self) {
        self.backoff = Backoff::default();
    }

    /// The channel to the other side is closed. It waits for the next.
    pub(super) fn closed(&mut self, cx: &mut Context) {
        match self.state {
            State::Offered => self.state = State::OfferedBefore,
            _ => self.rest(cx, Contact::NONE),
        }
    }

    /// The sender's channel of a run is closed, which isn't always seen here.
    pub(super) fn cut(&mut self, cx: &mut Context, run: Run) {
        if self.run() == Some(run) {
            self.halt(cx);
        }
    }

    pub(super) fn held(&mut self, cx: &mut Context, on: bool) {
        let State::Accepted { receiving, .. } = &self.state else { return };
        let contact = receiving.contact();
        if contact.is_paused() != on {
            self.rest(cx, contact.with_pause(on));
        }
    }

    pub(super) fn dropped(&mut self, cx: &mut Context, why: Why) {
        if self.is_unfinished() {
            self.end(cx, End::by_them(TransferEndReason::heard(why)));
        }
    }

    /// The other side knows nothing of it.
    pub(super) fn lost(&mut self) {
        if let State::Accepted { receiving, .. } = &mut self.state
            && let Contact::None { .. } = receiving.contact()
        {
            receiving.rest(Contact::Lost);
        }
    }

    /// Has the browser look what is here of it.
    pub(super) fn prepare(&mut self, cx: &mut Context) {
        let State::Accepted { receiving, .. } = &mut self.state else { return };
        let run = cx.next_run();
        self.backoff.begun(cx.now);
        *receiving = Receiving::Preparing { run };
        cx.act(FileEffect::Prepare { id: self.head.id, run, size: self.head.size });
    }

    pub(super) fn event(&mut self, cx: &mut Context, event: FileEvent) {
        let State::Accepted { bytes, receiving } = &mut self.state else { return };
        match (event, receiving) {
            (FileEvent::Stored { offset, hash }, Receiving::Preparing { run }) => {
                let run = *run;
                self.stored(cx, run, offset, hash);
            }
            (FileEvent::Progress { bytes: written }, Receiving::Running { from, speed, .. }) => {
                if written > *from {
                    self.backoff.rewarded();
                }
                *bytes = written.min(self.head.size);
                speed.reading(cx.now, *bytes);
            }
            (FileEvent::Verified, Receiving::Running { .. }) => {
                self.state = State::Done { saved: false };
                self.head.say(cx, &FileFrame::Got { id: self.head.id });
            }
            (FileEvent::ChannelClosed, receiving) => receiving.rest(receiving.contact()),
            (FileEvent::Mismatch, _) => self.fail(cx, FileProblem::Mismatch),
            (FileEvent::DiskFull, _) => self.fail(cx, FileProblem::DiskFull),
            (FileEvent::WriteFailed, _) => self.fail(cx, FileProblem::WriteFailed),
            (FileEvent::Broken, _) => self.fail(cx, FileProblem::Broken),
            // Of another step, or of sending.
            (
                FileEvent::Stored { .. }
                | FileEvent::Progress { .. }
                | FileEvent::Verified
                | FileEvent::NotTheSame
                | FileEvent::SourceChanged
                | FileEvent::ReadFailed,
                _,
            ) => {}
        }
    }

    /// The browser has looked what is here: the rest is asked for.
    fn stored(&mut self, cx: &mut Context, run: Run, offset: u64, hash: Option<ContentHash>) {
        let channel = self.head.member.and_then(|member| cx.people.channel(member));
        let Some(peer_connection) = channel else { return };
        let Head { id, size, .. } = self.head;
        // Something else has been at the disk.
        if offset > size || (offset > 0) != hash.is_some() {
            return self.fail(cx, FileProblem::WriteFailed);
        }
        let receiving = Receiving::Running { run, from: offset, speed: Speed::from(cx.now, offset) };
        self.state = State::Accepted { bytes: offset, receiving };
        cx.act(FileEffect::Receive {
            id,
            run,
            peer_connection,
            channel: self.head.channel(run),
            size,
            from: offset,
            window: window_bytes(size),
        });
        self.head.say(cx, &FileFrame::Take { id, run, from: offset, hash });
    }

    pub(super) fn pause(&mut self, cx: &mut Context) {
        let State::Accepted { receiving, .. } = &self.state else { return };
        if let Receiving::Paused { .. } = receiving {
            return;
        }
        let contact = receiving.contact();
        self.halt(cx);
        self.hold(cx, Receiving::Paused { contact }, true);
    }

    pub(super) fn resume(&mut self, cx: &mut Context) {
        if let State::Accepted { receiving: Receiving::Paused { contact }, .. } = self.state {
            self.backoff = Backoff::default();
            self.hold(cx, Receiving::Idle { contact }, false);
        }
    }

    pub(super) fn refuse(&mut self, cx: &mut Context) {
        if self.is_unanswered() {
            self.end(cx, End::by_me(TransferEndReason::Refused));
        }
    }

    pub(super) fn cancel(&mut self, cx: &mut Context) {
        self.refuse(cx);
        if self.is_accepted() {
            self.end(cx, End::by_me(TransferEndReason::Cancelled));
        }
    }

    /// Asks for one that has ended.
    pub(super) fn retry(&mut self, cx: &mut Context) {
        if self.is_ended() {
            let receiving = Receiving::Idle { contact: Contact::NONE };
            self.state = State::Accepted { bytes: 0, receiving };
            cx.act(FileEffect::Remember(self.head.remembered(Direction::Incoming, false)));
            self.head.say(cx, &FileFrame::Again { id: self.head.id });
        }
    }

    pub(super) fn is_saved(&self) -> bool {
        matches!(self.state, State::Done { saved: true })
    }

    /// Hands the file to the user, if it is here.
    pub(super) fn save(&mut self, cx: &mut Context) {
        if let State::Done { saved } = &mut self.state {
            *saved = true;
            cx.act(FileEffect::Save { id: self.head.id, name: self.head.name.clone() });
        }
    }

    fn fail(&mut self, cx: &mut Context, problem: FileProblem) {
        self.end(cx, End::by_me(TransferEndReason::Failed(problem)));
    }

    /// It is over without a file. The other side is told, if it is this side's doing.
    fn end(&mut self, cx: &mut Context, end: End) {
        self.halt(cx);
        if self.is_accepted() {
            cx.act(FileEffect::Discard { id: self.head.id });
        }
        self.state = State::Ended { end, bytes: self.bytes() };
        if end.by_me {
            self.head.say_drop(cx, end.why);
        }
    }

    /// The user pauses it, or lets it go on: whoever has offered it is told.
    fn hold(&mut self, cx: &mut Context, now: Receiving, on: bool) {
        let State::Accepted { receiving, .. } = &mut self.state else { return };
        *receiving = now;
        if receiving.contact().is_offered() {
            self.head.say_hold(cx, on);
        }
    }

    /// The browser side lets go of the run, if there is one.
    fn halt(&mut self, cx: &mut Context) {
        if let State::Accepted { receiving, .. } = &self.state {
            let contact = receiving.contact();
            self.rest(cx, contact);
        }
    }

    /// Sets the contact of one that is accepted. If it runs, the browser side lets go of the run.
    fn rest(&mut self, cx: &mut Context, contact: Contact) {
        if let State::Accepted { receiving, .. } = &mut self.state {
            if let Some(run) = receiving.run() {
                cx.act(FileEffect::StopReceiving { id: self.head.id, run });
            }
            receiving.rest(contact);
        }
    }
}
