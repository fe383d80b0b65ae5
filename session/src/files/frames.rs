//! What the others say.

use super::Files;
use super::id::Attempt;
use super::incoming::{Incoming, Offer};
use super::outgoing::Take;
use super::transfer::Transfer;
use super::wire::{FileFrame, Why};
use crate::ids::MemberId;

impl Files {
    /// A member said something. They can only speak of what goes to them or comes from them.
    pub(super) fn heard(&mut self, member: MemberId, frame: FileFrame) {
        if self.cx.people.channel(member).is_none() {
            return;
        }
        let Files { cx, transfers, .. } = self;
        match frame {
            FileFrame::Offer { id, name, size, mime, attempt } => {
                self.offered(member, Offer { id, name, size, mime, attempt });
            }
            FileFrame::Accept { id } => {
                transfers.outgoing_to(member, id).into_iter().for_each(|it| it.accepted(cx));
            }
            FileFrame::Take { id, run, from, hash } => {
                if let Some(outgoing) = transfers.outgoing_to(member, id) {
                    outgoing.taken(cx, Take { run, from, hash });
                }
            }
            FileFrame::Hold { id, on } => {
                transfers.shared_with(member, id).into_iter().for_each(|it| it.held(cx, on));
            }
            FileFrame::Cut { id, run } => {
                transfers.incoming_from(member, id).into_iter().for_each(|it| it.cut(cx, run));
            }
            FileFrame::Drop { id, why, attempt } => {
                transfers.shared_with(member, id).into_iter().for_each(|it| it.dropped(cx, why, attempt));
            }
            FileFrame::Again { id } => match transfers.outgoing_to(member, id) {
                Some(outgoing) => outgoing.wanted_again(cx),
                None => {
                    let drop = FileFrame::Drop { id, why: Why::Forgotten, attempt: Attempt::UNKNOWN };
                    cx.say(Some(member), &drop);
                }
            },
            FileFrame::Got { id } => {
                transfers.outgoing_to(member, id).into_iter().for_each(|it| it.got(cx));
            }
            FileFrame::Have { halves } => self.greeted(member, halves),
            FileFrame::Lost { halves } => {
                let meant = transfers.all_from_mut(member).filter(|it| halves.contains(&it.head.id.half()));
                meant.for_each(Incoming::lost);
            }
        }
    }

    fn offered(&mut self, member: MemberId, offer: Offer) {
        let has_room = self.transfers.has_room(member);
        match self.transfers.get_mut(offer.id) {
            None if has_room => self.newly_offered(member, offer),
            Some(Transfer::Incoming(incoming)) if incoming.head.member == Some(member) => {
                incoming.offered(&mut self.cx, &offer, has_room);
            }
            // Somebody speaks of what is another's.
            None | Some(_) => {}
        }
    }

    fn newly_offered(&mut self, member: MemberId, offer: Offer) {
        let Some(person) = self.cx.people.get_mut(member) else { return };
        let is_announced = person.take_announced(&offer.name, offer.size);
        let mut incoming = Incoming::new(offer, member, person.name.clone());
        if is_announced {
            incoming.accept(&mut self.cx);
        } else {
            incoming.accept_on_trust(&mut self.cx);
        }
        self.transfers.push(Transfer::Incoming(incoming));
    }
}
