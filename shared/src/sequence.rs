//! Numbered frames: how signaling survives a lost WebSocket.
//!
//! Either side that was granted `resume` numbers what it sends from 1 (`seq`) and keeps it until the other
//! side says, in any frame, up to where it has received (`ack`). After a new connection has resumed the old
//! one, what was not acknowledged is sent again, and the receiver drops what it already has.

use std::collections::VecDeque;

/// What was sent and not yet acknowledged, in order.
#[derive(Debug)]
pub struct Outbox<T> {
    /// The number that the next item gets.
    next: u64,
    unacknowledged: VecDeque<T>,
    capacity: usize,
}

/// The outbox holds as much as it may: nothing was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many frames wait to be acknowledged")]
pub struct OutboxFull;

impl<T> Outbox<T> {
    /// An outbox for at most `capacity` items. Takes no memory until the first.
    pub fn new(capacity: usize) -> Outbox<T> {
        Outbox { next: 1, unacknowledged: VecDeque::new(), capacity }
    }

    /// The number that the next [`push`](Self::push) will use.
    pub fn next_seq(&self) -> u64 {
        self.next
    }

    /// Whether another item may be pushed.
    pub fn has_room(&self) -> bool {
        self.unacknowledged.len() < self.capacity
    }

    /// Keeps `item` under the next number, and answers that number.
    pub fn push(&mut self, item: T) -> Result<u64, OutboxFull> {
        if !self.has_room() {
            return Err(OutboxFull);
        }
        let seq = self.next;
        self.next += 1;
        self.unacknowledged.push_back(item);
        Ok(seq)
    }

    /// Forgets everything up to and including `seq`. A number out of range is as good as the nearest in it.
    pub fn acknowledge(&mut self, seq: u64) {
        let first = self.next - self.unacknowledged.len() as u64;
        let count = seq.saturating_add(1).saturating_sub(first).min(self.unacknowledged.len() as u64);
        self.unacknowledged.drain(..count as usize);
        if self.unacknowledged.is_empty() {
            // An idle connection holds no buffer.
            self.unacknowledged = VecDeque::new();
        }
    }

    /// What has not been acknowledged, oldest first.
    pub fn unacknowledged(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.unacknowledged.iter()
    }
}

/// How far the other side's numbered frames have been received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    received: u64,
    acknowledged: u64,
}

/// What a numbered frame is to the one who receives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The next one: handle it.
    Next,
    /// Had before: drop it.
    Duplicate,
    /// One before it is missing: the connection can't be trusted any more.
    Gap,
}

impl Inbox {
    /// Takes note of a frame numbered `seq`.
    pub fn arrive(&mut self, seq: u64) -> Arrival {
        if seq <= self.received {
            Arrival::Duplicate
        } else if seq == self.received + 1 {
            self.received = seq;
            Arrival::Next
        } else {
            Arrival::Gap
        }
    }

    /// The highest number received without a gap: what an `ack` says.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// How many frames have come since the last acknowledgement was sent.
    pub fn owed(&self) -> u64 {
        self.received - self.acknowledged
    }

    /// An acknowledgement of all that was received goes out now; answers its number.
    pub fn acknowledge(&mut self) -> u64 {
        self.acknowledged = self.received;
        self.received
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_until_acknowledged() {
        let mut outbox = Outbox::new(3);
        assert_eq!([outbox.push('a'), outbox.push('b'), outbox.push('c')], [Ok(1), Ok(2), Ok(3)]);
        assert_eq!(outbox.push('d'), Err(OutboxFull));
        outbox.acknowledge(2);
        outbox.acknowledge(1);
        assert_eq!(outbox.unacknowledged().collect::<String>(), "c");
        assert_eq!(outbox.push('d'), Ok(4));
        outbox.acknowledge(u64::MAX);
        assert_eq!(outbox.unacknowledged().count(), 0);
        assert_eq!(outbox.push('e'), Ok(5));
        outbox.acknowledge(0);
        assert_eq!(outbox.unacknowledged().count(), 1);
    }

    #[test]
    fn takes_each_frame_once_and_sees_a_gap() {
        let mut inbox = Inbox::default();
        assert_eq!([1, 2, 2, 1, 4].map(|n| inbox.arrive(n)), {
            use Arrival::{Duplicate, Gap, Next};
            [Next, Next, Duplicate, Duplicate, Gap]
        });
        assert_eq!((inbox.owed(), inbox.acknowledge(), inbox.owed()), (2, 2, 0));
    }
}
