//! Who comes and goes, and what is said to them first.

use std::collections::BTreeSet;

use tincan_shared::FileNotice;

use super::Files;
use super::announced::Announced;
use super::id::IdHalf;
use super::transfer::Transfer;
use super::wire::FileFrame;
use crate::ids::{MemberId, PeerConnectionId};

impl Files {
    /// A member is here. What they are offered waits until there is a channel.
    pub(super) fn met(&mut self, member: MemberId, name: &str) {
        if self.cx.people.get(member).is_some_and(|person| person.name != name) {
            self.left(member);
        }
        self.cx.people.add(member, name);
    }

    /// There is a channel to a member who is called `name`. What was under way with them goes on.
    ///
    /// Somebody new takes up what was under way with the last one of that name. Whether they are the same
    /// shows when they know of it.
    pub(super) fn opened(&mut self, member: MemberId, name: &str, peer_connection: PeerConnectionId) {
        self.closed(member);
        self.met(member, name);
        if let Some(person) = self.cx.people.get_mut(member) {
            person.opened(peer_connection);
        }
        for transfer in self.transfers.iter_mut() {
            // What somebody else of that name was offered is no business of theirs.
            let is_offered = matches!(transfer, Transfer::Outgoing(it) if it.is_unanswered());
            let head = transfer.head_mut();
            if head.member.is_none() && head.peer == name && !is_offered {
                head.member = Some(member);
            }
        }
        self.transfers.all_from_mut(member).for_each(|incoming| incoming.opened());
        self.greet(member, peer_connection);
    }

    /// The user has accepted what a member announced before there was a channel: that many files, no larger
    /// together, and a single one under no other name.
    pub(super) fn announced(&mut self, member: MemberId, notice: &FileNotice) {
        if let Some(person) = self.cx.people.get_mut(member) {
            person.announced(Announced::new(notice));
        }
    }

    /// The channel to a member is closed, or its peer connection. What is under way waits.
    pub(super) fn closed(&mut self, member: MemberId) {
        if let Some(person) = self.cx.people.get_mut(member) {
            person.closed();
            self.transfers.with(member).for_each(|transfer| transfer.closed(&mut self.cx));
        }
    }

    /// A member has left the call or room. They are no longer trusted. What they haven't accepted is not
    /// offered any more, since whoever comes next under their name may be somebody else.
    pub(super) fn left(&mut self, member: MemberId) {
        self.closed(member);
        self.cx.people.remove(member);
        for outgoing in self.transfers.all_to_mut(member).filter(|it| it.is_unanswered()) {
            outgoing.left(&mut self.cx);
        }
        // Nobody can accept what nobody is there to send. It is offered again when they are back.
        self.transfers.remove(
            &mut self.cx,
            |it| matches!(it, Transfer::Incoming(incoming) if it.is_with(member) && incoming.is_unanswered()),
        );
        self.transfers.with(member).for_each(|transfer| transfer.head_mut().member = None);
    }

    /// A member is called otherwise from now on.
    pub(super) fn renamed(&mut self, member: MemberId, name: &str) {
        if let Some(person) = self.cx.people.get_mut(member) {
            person.name = name.to_owned();
            self.transfers.with(member).for_each(|transfer| transfer.head_mut().peer = name.to_owned());
        }
    }

    /// Says what is said first on a new channel: what has become of theirs, what is offered to them, and what
    /// is wanted.
    fn greet(&mut self, member: MemberId, peer_connection: PeerConnectionId) {
        self.transfers.all_from(member).for_each(|incoming| incoming.greet(&mut self.cx));
        self.transfers.take_turns(&mut self.cx, member, peer_connection);
        let wanted = self.transfers.all_from(member).filter(|it| it.is_accepted());
        let halves = wanted.map(|it| it.head.id.half()).collect();
        self.cx.say(Some(member), &FileFrame::Have { halves });
    }

    /// A member has said all that is said first.
    pub(super) fn greeted(&mut self, member: MemberId, halves: Vec<IdHalf>) {
        if !self.cx.people.get_mut(member).is_some_and(|person| person.greeted()) {
            return;
        }
        let halves: BTreeSet<IdHalf> = halves.into_iter().collect();
        // What they no longer offer.
        self.transfers.remove(
            &mut self.cx,
            |it| matches!(it, Transfer::Incoming(incoming) if it.is_with(member) && incoming.is_stale()),
        );
        let known: BTreeSet<IdHalf> = self.transfers.all_to(member).map(|it| it.head.id.half()).collect();
        let lost: Vec<IdHalf> = halves.difference(&known).copied().collect();
        if !lost.is_empty() {
            self.cx.say(Some(member), &FileFrame::Lost { halves: lost });
        }
        for outgoing in self.transfers.all_to_mut(member) {
            let is_listed = halves.contains(&outgoing.head.id.half());
            outgoing.listed(&mut self.cx, is_listed);
        }
    }
}
