//! What is offered, sent and asked for now, and what waits for its turn.

use super::effect::Direction;
use super::limits::{MAX_OPEN, MAX_RUNNING};
use super::transfer::{Phase, Step, Transfer};
use super::wire::FileFrame;
use super::{FileEffect, Files, Out, window_bytes};
use crate::time::Time;

impl Files {
    /// Lets whatever's turn it is begin, in the order of the list.
    pub(super) fn take_turns(&mut self, now: Time, who: u32, out: Out) {
        let Some(epoch) = self.epoch(who) else { return };
        self.offer_more(who, out);
        for index in
            self.indices(|it| matches!(it.phase, Phase::Accepted(Step::Taken(_))) && it.who == Some(who))
        {
            if self.has_place(who, Direction::Outgoing) {
                self.send(now, index, epoch, out);
            }
        }
        for index in self.indices(|it| it.is(who, Direction::Incoming) && it.wants_run()) {
            // The clock is only looked at here, so a wait that is over needs no tick.
            self.transfers[index].patience.tick(now);
            let patient = self.transfers[index].patience.not_before().is_some();
            if !patient && self.has_place(who, Direction::Incoming) {
                self.prepare(now, index, out);
            }
        }
    }

    /// Offers what was not offered on this channel, as far as the other side has room.
    fn offer_more(&mut self, who: u32, out: Out) {
        let ours = |it: &Transfer| it.is(who, Direction::Outgoing) && it.is_unfinished();
        let mut open = self.transfers.iter().filter(|it| ours(it) && (it.ready || it.is_accepted())).count();
        for index in self.indices(|it| ours(it) && it.phase == Phase::Offered && !it.ready) {
            if open < MAX_OPEN {
                self.say_offer(index, out);
                open += 1;
            }
        }
    }

    pub(super) fn say_offer(&mut self, index: usize, out: Out) {
        let transfer = &mut self.transfers[index];
        transfer.ready = true;
        let frame = FileFrame::Offer {
            id: transfer.id.clone(),
            name: transfer.name.clone(),
            size: transfer.size,
            mime: transfer.mime.clone(),
            attempt: transfer.attempt,
        };
        let held = transfer.is_held();
        if held {
            // First, so that it isn't asked for in vain.
            self.say_hold(index, true, out);
        }
        self.say(index, &frame, out);
    }

    fn has_place(&self, who: u32, direction: Direction) -> bool {
        let running = self.transfers.iter().filter(|it| it.is(who, direction) && it.is_running()).count();
        running < MAX_RUNNING
    }

    fn send(&mut self, now: Time, index: usize, epoch: u32, out: Out) {
        let run = self.next_run();
        let transfer = &mut self.transfers[index];
        let Some(source) = transfer.source else { return };
        let Phase::Accepted(Step::Taken(take)) = &transfer.phase else { return };
        let take = take.clone();
        out.push(FileEffect::Send {
            id: transfer.id.clone(),
            run,
            epoch,
            channel: channel(transfer, take.run),
            source,
            size: transfer.size,
            from: take.from,
            prefix: take.hash,
            window: window_bytes(transfer.size),
        });
        transfer.phase = Phase::Accepted(Step::Sending { run, their_run: take.run });
        transfer.progressed(now, take.from);
    }

    fn prepare(&mut self, now: Time, index: usize, out: Out) {
        let run = self.next_run();
        let transfer = &mut self.transfers[index];
        transfer.patience.begun(now);
        transfer.phase = Phase::Accepted(Step::Preparing { run });
        out.push(FileEffect::Prepare { id: transfer.id.clone(), run, size: transfer.size });
    }
}

/// What the data channel of a run says it is for. The run is the receiver's, so what is late of an earlier one isn't
/// taken for this one.
pub(super) fn channel(transfer: &Transfer, run: u32) -> String {
    format!("{}.{run}", transfer.id)
}
