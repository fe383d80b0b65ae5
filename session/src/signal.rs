//! One numbered stream to the other side of a peer connection, and what has been heard of theirs. Nothing in
//! here knows which way a message goes.
//!
//! A message may be caught in a channel that dies, and is said again past it: each has a number, and is taken
//! once and in order. What was not said to be heard is kept, to be said again.
//!
//! Every peer connection has such a stream in each direction, and its own random number, which its first
//! offer says and its answer repeats. These two go through the server in the way of the classic protocol, and
//! are the first messages. So one about a connection that is gone is never taken for one about the connection
//! in its place.

use std::collections::VecDeque;

use tincan_shared::{Frame, Signal, StreamMessage};

/// What may wait to be heard, and to be taken. A restart of ICE takes some dozens, and there is never more
/// than one under way.
const MAX_WAITING: usize = 512;

/// See the module's words.
#[derive(Debug)]
pub(crate) struct SignalStream {
    number: u64,
    /// The other side has such a stream, too.
    understood: bool,
    /// They have heard the first message.
    confirmed: bool,
    last_said: u64,
    /// What was said and has not been heard, oldest first, up to `last_said`.
    unheard: VecDeque<Signal>,
    /// Everything of theirs up to this number has been taken.
    taken: u64,
    /// What came before something that it follows.
    early: Vec<(u64, Signal)>,
}

/// What has been heard.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Heard {
    /// What is to be taken now, in this order.
    pub(crate) signals: Vec<Signal>,
    /// They ask for a sign of life.
    pub(crate) ping: bool,
    /// They should be told what has been heard.
    pub(crate) owed: bool,
}

impl SignalStream {
    /// Begins a stream with an offer. `number` is random.
    pub(crate) fn offering(number: u64) -> SignalStream {
        SignalStream {
            number,
            understood: false,
            confirmed: false,
            last_said: 1,
            unheard: VecDeque::new(),
            taken: 0,
            early: Vec::new(),
        }
    }

    /// Goes on with the stream that an offer has begun.
    pub(crate) fn answering(number: u64) -> SignalStream {
        SignalStream { understood: true, taken: 1, ..SignalStream::offering(number) }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Returns whether the other side has such a stream, too.
    pub(crate) fn is_understood(&self) -> bool {
        self.understood
    }

    /// Returns whether they have heard the first message.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Says something. Returns the message; or nothing, if they have been out of reach for so long that the
    /// connection had better be made anew.
    pub(crate) fn say(&mut self, signal: Signal) -> Option<String> {
        if self.unheard.len() >= MAX_WAITING {
            return None;
        }
        self.last_said += 1;
        self.unheard.push_back(signal.clone());
        Some(self.message(Some(self.last_said), signal))
    }

    /// Returns a message without a number.
    pub(crate) fn plain(&self, signal: Signal) -> String {
        self.message(None, signal)
    }

    fn message(&self, seq: Option<u64>, signal: Signal) -> String {
        Frame { message: StreamMessage { stream: self.number, signal }, seq, ack: Some(self.taken) }.encode()
    }

    /// Returns everything after this number that has not been heard, to be said again.
    pub(crate) fn again(&self, after: u64) -> Vec<String> {
        let numbered = (self.first_unheard()..).zip(&self.unheard).filter(|(n, _)| *n > after);
        numbered.map(|(n, signal)| self.message(Some(n), signal.clone())).collect()
    }

    /// Returns the number of what was said last.
    pub(crate) fn last_said(&self) -> u64 {
        self.last_said
    }

    /// The answer to the first offer has come. Returns what is to be taken after it; or `None` where it has
    /// come before, or is one to another offer.
    pub(crate) fn answered(&mut self, number: u64) -> Option<Vec<Signal>> {
        if number != self.number || self.taken > 0 {
            return None;
        }
        (self.understood, self.confirmed) = (true, true);
        self.taken = 1;
        Some(self.take_early())
    }

    /// Takes a message of theirs. Returns `None` where it is about another peer connection.
    pub(crate) fn hear(&mut self, frame: Frame<StreamMessage>) -> Option<Heard> {
        let StreamMessage { stream, signal } = frame.message;
        if stream != self.number {
            return None;
        }
        (self.understood, self.confirmed) = (true, true);
        let heard = frame.ack.unwrap_or(0).min(self.last_said);
        let count = (heard + 1).saturating_sub(self.first_unheard());
        self.unheard.drain(..count as usize);
        let mut heard = Heard { ping: matches!(signal, Signal::Ping), ..Heard::default() };
        if let Some(n) = frame.seq {
            heard.owed = true;
            let is_early = self.early.iter().any(|(early, _)| *early == n);
            if n > self.taken && !is_early && (self.early.len() < MAX_WAITING || n == self.taken + 1) {
                self.early.push((n, signal));
            }
            heard.signals = self.take_early();
        }
        Some(heard)
    }

    fn first_unheard(&self) -> u64 {
        self.last_said + 1 - self.unheard.len() as u64
    }

    fn take_early(&mut self) -> Vec<Signal> {
        let mut signals = Vec::new();
        while let Some(at) = self.early.iter().position(|(n, _)| *n == self.taken + 1) {
            self.taken += 1;
            signals.push(self.early.swap_remove(at).1);
        }
        signals
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tincan_shared::{IceCandidate, decode_signal};

    use super::*;

    /// Anna has offered, and Bob has answered.
    fn pair() -> (SignalStream, SignalStream) {
        let (mut anna, bob) = (SignalStream::offering(1), SignalStream::answering(1));
        assert_eq!(anna.answered(1), Some(vec![]));
        (anna, bob)
    }

    fn hear(stream: &mut SignalStream, text: &str) -> Option<Heard> {
        stream.hear(decode_signal(text).unwrap())
    }

    fn candidate(n: u32) -> Signal {
        Signal::Candidate(Some(IceCandidate {
            candidate: n.to_string(),
            sdp_mid: None,
            sdp_m_line_index: None,
            username_fragment: None,
        }))
    }

    #[test]
    fn each_is_taken_once_and_in_order_by_whatever_way_it_comes() {
        let (mut anna, mut bob) = pair();
        let said: Vec<String> = (0..4).filter_map(|n| anna.say(candidate(n))).collect();
        assert_eq!(hear(&mut bob, &said[2]).unwrap().signals, []);
        assert_eq!(hear(&mut bob, &said[0]).unwrap().signals, [candidate(0)]);
        for text in anna.again(0) {
            hear(&mut bob, &text);
        }
        let late = hear(&mut bob, &said[1]).unwrap();
        assert_eq!((late.signals, late.owed), (vec![], true));
        assert_eq!(bob.taken, 5);
        let acknowledged = bob.plain(Signal::Nothing);
        hear(&mut anna, &acknowledged);
        assert_eq!(anna.again(0), [] as [String; 0]);
    }

    #[test]
    fn what_overtakes_the_answer_waits_for_it() {
        let (mut anna, mut bob) = (SignalStream::offering(1), SignalStream::answering(1));
        let said = bob.say(candidate(0)).unwrap();
        assert_eq!(hear(&mut anna, &said).unwrap().signals, []);
        assert_eq!(anna.answered(2), None, "it is for another offer");
        assert_eq!(anna.answered(1), Some(vec![candidate(0)]));
        assert_eq!(anna.answered(1), None, "it was said twice");
    }

    #[test]
    fn what_is_about_another_connection_is_not_heard() {
        let (mut anna, mut bob) = pair();
        let (of_bob, of_anna) = (bob.say(candidate(0)).unwrap(), anna.say(candidate(0)).unwrap());
        let (mut anna, mut bob) = (SignalStream::offering(3), SignalStream::answering(3));
        assert_eq!(hear(&mut anna, &of_bob), None);
        assert_eq!(hear(&mut bob, &of_anna), None);
    }

    #[test]
    fn nothing_grows_without_a_bound() {
        let (mut anna, mut bob) = pair();
        anna.say(Signal::Restart);
        let said = (0..10 * MAX_WAITING).filter_map(|_| anna.say(Signal::Restart)).collect::<Vec<_>>();
        assert_eq!((said.len(), anna.unheard.len()), (MAX_WAITING - 1, MAX_WAITING));
        for n in 3..10 * MAX_WAITING as u64 {
            let message = StreamMessage { stream: 1, signal: Signal::Restart };
            let frame = Frame { message, seq: Some(n), ack: None };
            bob.hear(frame);
        }
        assert_eq!(bob.early.len(), MAX_WAITING);
    }

    proptest! {
        /// Whatever is lost, doubled and delayed: after all is said again, all has been taken.
        #[test]
        fn all_arrives(fates in prop::collection::vec(0..4u8, 1..60)) {
            let (mut anna, mut bob) = pair();
            let (mut taken, mut delayed) = (Vec::new(), Vec::new());
            for (n, fate) in (0..).zip(&fates) {
                let text = anna.say(candidate(n)).unwrap();
                match fate {
                    0 => {}
                    1 => delayed.push(text),
                    _ => taken.extend(hear(&mut bob, &text).unwrap().signals),
                }
                if n % 7 == 0 {
                    let reply = bob.plain(Signal::Nothing);
                    hear(&mut anna, &reply);
                }
            }
            for text in anna.again(0).into_iter().chain(delayed) {
                taken.extend(hear(&mut bob, &text).unwrap().signals);
            }
            prop_assert_eq!(taken, (0..fates.len() as u32).map(candidate).collect::<Vec<_>>());
        }

        #[test]
        fn no_number_panics(frames in prop::collection::vec((0..3u64, any::<u64>(), any::<u64>()), 1..60)) {
            let (_, mut bob) = pair();
            for (stream, heard, n) in frames {
                let message = StreamMessage { stream, signal: Signal::Nothing };
                bob.hear(Frame { message, seq: Some(n), ack: Some(heard) });
            }
        }
    }
}
