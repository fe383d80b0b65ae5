//! Numbered frames, by which signaling survives a lost WebSocket.
//!
//! With `resume`, both sides number the frames that they send from 1 (`seq`), and keep each until the other
//! side acknowledges it, in any frame (`ack`). When a new connection has resumed the old one, each side sends
//! again what was not acknowledged, and drops what it has already received.

use std::collections::VecDeque;

/// The items that were sent and not yet acknowledged, in order.
#[derive(Debug)]
pub struct Outbox<T> {
    /// The number that the next item gets.
    next: u64,
    unacknowledged: VecDeque<T>,
    capacity: usize,
}

/// The error of [`Outbox::push`]: the outbox is full, and nothing was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many frames wait to be acknowledged")]
pub struct OutboxFull;

impl<T> Outbox<T> {
    /// Creates an outbox for at most `capacity` items. It takes no memory until the first.
    pub fn new(capacity: usize) -> Outbox<T> {
        Outbox { next: 1, unacknowledged: VecDeque::new(), capacity }
    }

    /// Returns the number that the next [`push`](Self::push) will use.
    pub fn next_seq(&self) -> u64 {
        self.next
    }

    /// Returns whether another item fits.
    pub fn has_room(&self) -> bool {
        self.unacknowledged.len() < self.capacity
    }

    /// Keeps `item` under the next number, and returns that number.
    ///
    /// # Errors
    /// If the outbox is full.
    pub fn push(&mut self, item: T) -> Result<u64, OutboxFull> {
        if !self.has_room() {
            return Err(OutboxFull);
        }
        let seq = self.next;
        self.next += 1;
        self.unacknowledged.push_back(item);
        Ok(seq)
    }

    /// Forgets everything up to and including `seq`. A number out of range counts as the nearest one in
    /// range.
    pub fn acknowledge(&mut self, seq: u64) {
        let first = self.next - self.unacknowledged.len() as u64;
        let count = seq.saturating_add(1).saturating_sub(first).min(self.unacknowledged.len() as u64);
        self.unacknowledged.drain(..count as usize);
        if self.unacknowledged.is_empty() {
            // An idle connection holds no buffer.
            self.unacknowledged = VecDeque::new();
        }
    }

    /// Returns what has not been acknowledged, oldest first.
    pub fn unacknowledged(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.unacknowledged.iter()
    }
}

/// Counts the numbered frames received from the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    received: u64,
    acknowledged: u64,
}

/// How a numbered frame follows the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The frame is the next one: handle it.
    Next,
    /// The frame has come before: drop it.
    Duplicate,
    /// A frame before it is missing: close the connection, and resume.
    Gap,
}

impl Inbox {
    /// Notes the arrival of the frame with the number `seq`.
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

    /// Returns the highest number received without a gap: the value of `ack`.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Returns how many frames have come since the last acknowledgement was sent.
    pub fn owed(&self) -> u64 {
        self.received - self.acknowledged
    }

    /// Notes that an acknowledgement of everything received goes out now, and returns its number.
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
