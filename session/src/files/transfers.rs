//! The list of all transfers, each found by its id.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::effect::FileEffect;
use super::id::TransferId;
use super::incoming::Incoming;
use super::limits::{MAX_ENDED, MAX_OPEN, MAX_UNFINISHED};
use super::outgoing::Outgoing;
use super::transfer::Transfer;
use crate::ids::MemberId;

/// In the order in which they were offered, or found after a reload.
#[derive(Debug, Default)]
pub(super) struct Transfers(Vec<Transfer>);

impl Transfers {
    pub(super) fn push(&mut self, transfer: Transfer) {
        self.0.push(transfer);
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Transfer> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Transfer> {
        self.0.iter_mut()
    }

    pub(super) fn get(&self, id: TransferId) -> Option<&Transfer> {
        self.iter().find(|it| it.id() == id)
    }

    pub(super) fn get_mut(&mut self, id: TransferId) -> Option<&mut Transfer> {
        self.iter_mut().find(|it| it.id() == id)
    }

    pub(super) fn outgoing(&mut self, id: TransferId) -> Option<&mut Outgoing> {
        match self.get_mut(id)? {
            Transfer::Outgoing(outgoing) => Some(outgoing),
            Transfer::Incoming(_) => None,
        }
    }

    pub(super) fn incoming(&mut self, id: TransferId) -> Option<&mut Incoming> {
        match self.get_mut(id)? {
            Transfer::Incoming(incoming) => Some(incoming),
            Transfer::Outgoing(_) => None,
        }
    }

    /// Returns one that goes to a member.
    pub(super) fn outgoing_to(&mut self, member: MemberId, id: TransferId) -> Option<&mut Outgoing> {
        self.all_to_mut(member).find(|it| it.head.id == id)
    }

    /// Returns one that comes from a member.
    pub(super) fn incoming_from(&mut self, member: MemberId, id: TransferId) -> Option<&mut Incoming> {
        self.all_from_mut(member).find(|it| it.head.id == id)
    }

    /// Returns one that goes to a member or comes from them.
    pub(super) fn shared_with(&mut self, member: MemberId, id: TransferId) -> Option<&mut Transfer> {
        self.with(member).find(|it| it.id() == id)
    }

    pub(super) fn with(&mut self, member: MemberId) -> impl Iterator<Item = &mut Transfer> {
        self.iter_mut().filter(move |it| it.is_with(member))
    }

    pub(super) fn all_to(&self, member: MemberId) -> impl Iterator<Item = &Outgoing> {
        self.iter().filter_map(move |it| match it {
            Transfer::Outgoing(outgoing) if it.is_with(member) => Some(outgoing),
            _ => None,
        })
    }

    pub(super) fn all_to_mut(&mut self, member: MemberId) -> impl Iterator<Item = &mut Outgoing> {
        self.with(member).filter_map(|it| match it {
            Transfer::Outgoing(outgoing) => Some(outgoing),
            Transfer::Incoming(_) => None,
        })
    }

    pub(super) fn all_from(&self, member: MemberId) -> impl Iterator<Item = &Incoming> {
        self.iter().filter_map(move |it| match it {
            Transfer::Incoming(incoming) if it.is_with(member) => Some(incoming),
            _ => None,
        })
    }

    pub(super) fn all_from_mut(&mut self, member: MemberId) -> impl Iterator<Item = &mut Incoming> {
        self.with(member).filter_map(|it| match it {
            Transfer::Incoming(incoming) => Some(incoming),
            Transfer::Outgoing(_) => None,
        })
    }

    /// Returns whether another offer of a member is listened to.
    pub(super) fn has_room(&self, member: MemberId) -> bool {
        let offered = self.all_from(member).filter(|it| it.is_unanswered()).count();
        let unfinished = self.all_from(member).filter(|it| it.is_unfinished()).count();
        offered < MAX_OPEN && unfinished < MAX_UNFINISHED
    }

    /// Takes those off the list that are meant.
    pub(super) fn remove(&mut self, cx: &mut Context, meant: impl Fn(&Transfer) -> bool) {
        self.0.extract_if(.., |it| meant(it)).for_each(|removed| removed.dispose(cx));
    }

    /// Forgets those that have ended but the last of each person, so that whoever offers and withdraws
    /// without end doesn't fill the memory.
    pub(super) fn forget_ended(&mut self, cx: &mut Context) {
        let ended = || self.iter().filter(|it| it.is_ended());
        if ended().count() <= MAX_ENDED {
            return;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut forgotten = BTreeSet::new();
        for transfer in ended().rev() {
            let count = counts.entry(&transfer.head().peer).or_default();
            *count += 1;
            if *count > MAX_ENDED {
                forgotten.insert(transfer.id());
            }
        }
        self.remove(cx, |it| forgotten.contains(&it.id()));
    }

    /// Releases the files that no transfer needs any more.
    pub(super) fn release_unneeded(&self, cx: &mut Context) {
        let mut sources = cx.take_unneeded();
        sources.sort_unstable();
        sources.dedup();
        for source in sources {
            let is_needed =
                self.iter().any(|it| matches!(it, Transfer::Outgoing(it) if it.source() == Some(source)));
            if !is_needed {
                cx.act(FileEffect::Release { source });
            }
        }
    }
}
