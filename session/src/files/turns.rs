//! What is offered, sent and asked for now, and what waits for its turn.

use super::context::Context;
use super::limits::{MAX_OPEN, MAX_RUNNING};
use super::transfers::Transfers;
use crate::ids::{MemberId, PeerConnectionId};

impl Transfers {
    /// Lets whatever's turn it is begin with a member, in the order of the list. `peer_connection` is where
    /// the open channel to them is.
    pub(super) fn take_turns(
        &mut self,
        cx: &mut Context,
        member: MemberId,
        peer_connection: PeerConnectionId,
    ) {
        self.offer_more(cx, member);
        let mut running = self.all_to(member).filter(|it| it.run().is_some()).count();
        for outgoing in self.all_to_mut(member).filter(|it| it.is_taken()) {
            if running < MAX_RUNNING {
                outgoing.send(cx, peer_connection);
                running += 1;
            }
        }
        let mut running = self.all_from(member).filter(|it| it.run().is_some()).count();
        for incoming in self.all_from_mut(member).filter(|it| it.wants_run()) {
            // The clock is looked at here, so a wait that is over needs no tick.
            if incoming.is_due(cx.now) && running < MAX_RUNNING {
                incoming.prepare(cx);
                running += 1;
            }
        }
    }

    /// Offers what was not offered on this channel, as far as the other side has room.
    fn offer_more(&mut self, cx: &mut Context, member: MemberId) {
        let mut open = self.all_to(member).filter(|it| it.is_unfinished() && !it.is_to_offer()).count();
        for outgoing in self.all_to_mut(member).filter(|it| it.is_to_offer()) {
            if open < MAX_OPEN {
                outgoing.offer(cx);
                open += 1;
            }
        }
    }
}
