//! Who is there, and what is said to them first.

use std::collections::HashSet;

use tincan_shared::FileNotice;

use super::announced::Announced;
use super::effect::Direction;
use super::id::TransferId;
use super::transfer::{End, EndReason, Phase, Transfer};
use super::view::FileProblem;
use super::wire::{FileFrame, Why};
use super::{FileEffect, Files, Out};
use crate::time::Time;

/// Somebody in the call or room.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    channel: Option<Channel>,
    /// Whatever they offer is accepted, …
    pub(super) trusted: bool,
    /// … and so many were.
    pub(super) taken_on_trust: usize,
    /// What of that they announced, and the user accepted, they haven't offered yet.
    pub(super) announced: Option<Announced>,
}

/// The open channel that text goes over.
#[derive(Debug)]
struct Channel {
    epoch: u32,
    /// Their `have` has come, the last of what they say first.
    greeted: bool,
}

impl Files {
    /// This participant is here. What they are offered waits until there is a channel.
    pub(super) fn met(&mut self, now: Time, who: u32, name: &str, out: Out) -> &mut Person {
        if self.people.get(&who).is_some_and(|person| person.name != name) {
            self.left(now, who, out);
        }
        self.people.entry(who).or_insert_with(|| Person {
            name: name.to_owned(),
            channel: None,
            trusted: false,
            taken_on_trust: 0,
            announced: None,
        })
    }

    /// The channel that text goes over is open to this participant, who is called `name`, on the peer connection
    /// `epoch`. What was under way with them goes on. Somebody of a new number takes up what was under way with the last
    /// one of that name; whether they are the same shows when they know of it.
    pub fn opened(&mut self, now: Time, who: u32, name: &str, epoch: u32, out: Out) {
        self.closed(who, out);
        let person = self.met(now, who, name, out);
        person.channel = Some(Channel { epoch, greeted: false });
        for transfer in &mut self.transfers {
            // What somebody else of that name was offered is no business of theirs.
            if transfer.who.is_none() && transfer.peer == name && !transfer.is_offered_from_here() {
                transfer.who = Some(who);
            }
            if transfer.who == Some(who) {
                // A new connection deserves a new try.
                transfer.patience = Default::default();
                transfer.lost = false;
            }
        }
        self.greet(now, who, epoch, out);
    }

    /// The user has accepted what this participant announced before there was a channel: that many files, no larger
    /// together, and a single one under no other name.
    pub fn announced(&mut self, who: u32, notice: &FileNotice) {
        if let Some(person) = self.people.get_mut(&who) {
            person.announced = Some(Announced::new(notice));
        }
    }

    /// The channel is closed, or its peer connection. What is under way waits.
    pub fn closed(&mut self, who: u32, out: Out) {
        let Some(person) = self.people.get_mut(&who) else { return };
        person.channel = None;
        for index in 0..self.transfers.len() {
            if self.transfers[index].who == Some(who) {
                self.halt(index, out);
                let transfer = &mut self.transfers[index];
                transfer.ready = false;
                transfer.paused_by_them = false;
            }
        }
    }

    /// The participant has left the call or room: they are no longer trusted, and what they haven't accepted is not
    /// offered any more, since whoever comes next under their name may be somebody else.
    pub fn left(&mut self, now: Time, who: u32, out: Out) {
        self.closed(who, out);
        self.people.remove(&who);
        // One after the other: where many end, the oldest are forgotten.
        for id in self.ids(|it| it.who == Some(who) && it.is_offered_from_here()) {
            if let Some(index) = self.find(&id) {
                self.end(now, index, EndReason::Failed(FileProblem::Left), false, out);
            }
        }
        self.transfers.iter_mut().filter(|it| it.who == Some(who)).for_each(|it| it.who = None);
        // Nobody can accept what nobody is there to send; it is offered again when they are back.
        while let Some(index) = self.transfers.iter().position(|it| {
            it.who.is_none() && it.direction == Direction::Incoming && it.phase == Phase::Offered
        }) {
            self.remove(index, out);
        }
    }

    /// The participant is called otherwise from now on.
    pub fn renamed(&mut self, who: u32, name: &str) {
        if let Some(person) = self.people.get_mut(&who) {
            person.name = name.to_owned();
            self.transfers
                .iter_mut()
                .filter(|it| it.who == Some(who))
                .for_each(|it| it.peer = name.to_owned());
        }
    }

    /// The participant said `text`. Answers whether it was about files; what is not, or makes no sense, is dropped, and
    /// nothing else is lost by it.
    pub fn frame(&mut self, now: Time, who: u32, text: &str, out: Out) -> bool {
        let Some(frame) = FileFrame::decode(text) else { return false };
        if self.epoch(who).is_none() {
            return true;
        }
        use Direction::{Incoming, Outgoing};
        match frame {
            FileFrame::Offer { id, name, size, mime, attempt } => {
                self.offered(now, who, super::incoming::Offer { id, name, size, mime, attempt }, out);
            }
            FileFrame::Accept { id } => {
                self.theirs(who, Outgoing, &id).into_iter().for_each(|index| self.accepted(index, out));
            }
            FileFrame::Take { id, run, from, hash } => {
                if let Some(index) = self.theirs(who, Outgoing, &id) {
                    self.taken(now, index, super::transfer::Take { run, from, hash }, out);
                }
            }
            FileFrame::Hold { id, on } => {
                let index = self.theirs(who, Outgoing, &id).or_else(|| self.theirs(who, Incoming, &id));
                index.into_iter().for_each(|index| self.held(now, index, on, out));
            }
            FileFrame::Cut { id, run } => {
                if let Some(index) = self.theirs(who, Incoming, &id) {
                    self.cut(now, index, run, out);
                }
            }
            FileFrame::Drop { id, why, attempt } => {
                let index = self.theirs(who, Outgoing, &id).or_else(|| self.theirs(who, Incoming, &id));
                index.into_iter().for_each(|index| self.dropped(now, index, why, attempt, out));
            }
            FileFrame::Again { id } => match self.theirs(who, Outgoing, &id) {
                Some(index) => self.wanted_again(now, index, out),
                None => self.say_forgotten(who, id, out),
            },
            FileFrame::Got { id } => {
                self.theirs(who, Outgoing, &id).into_iter().for_each(|index| self.got(now, index, out));
            }
            FileFrame::Have { halves } => self.have(now, who, &halves.into_iter().collect(), out),
            FileFrame::Lost { halves } => {
                let said =
                    |it: &Transfer| it.is(who, Incoming) && halves.iter().any(|half| half == it.id.half());
                self.transfers.iter_mut().filter(|it| said(it)).for_each(|it| it.lost = !it.ready);
            }
        }
        true
    }

    fn say_forgotten(&self, who: u32, id: TransferId, out: Out) {
        if let Some(epoch) = self.epoch(who) {
            let drop = FileFrame::Drop { id, why: Why::Forgotten, attempt: 0 };
            out.push(FileEffect::Control { epoch, text: drop.encode() });
        }
    }

    /// The peer connection by which a participant can be spoken to.
    pub(super) fn epoch(&self, who: u32) -> Option<u32> {
        Some(self.people.get(&who)?.channel.as_ref()?.epoch)
    }

    /// What is said first on a new channel: what has become of theirs, what is offered to them, and what is wanted.
    fn greet(&mut self, now: Time, who: u32, epoch: u32, out: Out) {
        for index in self.indices(|it| it.is(who, Direction::Incoming)) {
            match &self.transfers[index].phase {
                // They may not have heard it.
                Phase::Done => self.say(index, &FileFrame::Got { id: self.transfers[index].id.clone() }, out),
                Phase::Ended(End { why, by_me: true }) => self.say_drop(index, *why, out),
                _ => {}
            }
        }
        self.take_turns(now, who, out);
        let wanted = |it: &&Transfer| it.is(who, Direction::Incoming) && it.is_accepted();
        let halves = self.transfers.iter().filter(wanted).map(|it| it.id.half().to_owned()).collect();
        out.push(FileEffect::Control { epoch, text: FileFrame::Have { halves }.encode() });
    }

    /// They have said all that is said first.
    fn have(&mut self, now: Time, who: u32, halves: &HashSet<String>, out: Out) {
        let Some(channel) = self.people.get_mut(&who).and_then(|person| person.channel.as_mut()) else {
            return;
        };
        if std::mem::replace(&mut channel.greeted, true) {
            return;
        }
        // What they no longer offer.
        let stale = self.ids(|it| it.is(who, Direction::Incoming) && it.phase == Phase::Offered && !it.ready);
        for id in stale {
            self.find(&id).into_iter().for_each(|index| self.remove(index, out));
        }
        let known = |half: &&String| {
            let is_it = |it: &Transfer| it.is(who, Direction::Outgoing) && it.id.half() == half.as_str();
            self.transfers.iter().any(is_it)
        };
        let mut lost: Vec<String> = halves.iter().filter(|half| !known(half)).cloned().collect();
        if let Some(epoch) = self.epoch(who).filter(|_| !lost.is_empty()) {
            lost.sort();
            out.push(FileEffect::Control { epoch, text: FileFrame::Lost { halves: lost }.encode() });
        }
        for id in self.ids(|it| it.is(who, Direction::Outgoing)) {
            let Some(index) = self.find(&id) else { continue };
            self.wanted(now, index, halves.contains(id.half()), out);
        }
        self.take_turns(now, who, out);
    }

    pub(super) fn indices(&self, filter: impl Fn(&Transfer) -> bool) -> Vec<usize> {
        (0..self.transfers.len()).filter(|&index| filter(&self.transfers[index])).collect()
    }

    /// For loops in which the list may change.
    pub(super) fn ids(&self, filter: impl Fn(&Transfer) -> bool) -> Vec<TransferId> {
        self.transfers.iter().filter(|it| filter(it)).map(|it| it.id.clone()).collect()
    }
}
