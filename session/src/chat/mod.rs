//! Text over the data channel: every line has an id, is acknowledged, and is shown once and in order.
//!
//! The channel is reliable and ordered while it lives. What it can't promise is that a line sent just before it
//! broke has arrived; so a line is kept until the other side says that it has it, and sent again when the channel
//! opens anew.

mod conversation;
mod wire;

use std::collections::VecDeque;
use std::rc::Rc;

pub use conversation::{Conversation, Delivery, Line};
use wire::ChatFrame;

use crate::time::Time;

/// The longest line, in bytes of UTF-8.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How many lines may wait for the other side to have them, and how many bytes. Chromium throws away what is sent
/// while 16 MiB wait in the channel; everything that waits here has to fit there, when it opens anew.
const MAX_UNACKNOWLEDGED: usize = 500;
const MAX_UNACKNOWLEDGED_BYTES: usize = 4 * 1024 * 1024;

/// Why a line was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusedLine {
    #[error("longer than {MAX_LINE_BYTES} bytes")]
    TooLong,
    #[error("too many lines wait to be sent")]
    TooMany,
    #[error("empty")]
    Empty,
}

/// What the other side says over the channel about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChatEvent {
    /// Its microphone was muted, or unmuted.
    Muted(bool),
}

/// One side of a conversation.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    conversation: Conversation,
    /// The longest message the channel takes, while it is open.
    open: Option<usize>,
    last_sent: u64,
    unacknowledged: VecDeque<(u64, Rc<str>)>,
    last_received: u64,
    partial: Option<Partial>,
    muted: bool,
}

/// A line of which not all parts have come.
#[derive(Debug)]
struct Partial {
    id: u64,
    parts: u32,
    next: u32,
    text: String,
}

impl Chat {
    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The conversation once the call is over: what was not acknowledged never will be.
    pub(crate) fn end(mut self) -> Conversation {
        self.conversation.set_delivery(|line| line.delivery == Delivery::Sending, Delivery::Unsent);
        self.conversation
    }

    /// Takes a line of the user's. The messages to send now go to `out`.
    pub(crate) fn write(&mut self, now: Time, text: &str, out: &mut Vec<String>) -> Result<(), RefusedLine> {
        if text.trim().is_empty() {
            return Err(RefusedLine::Empty);
        }
        if text.len() > MAX_LINE_BYTES {
            return Err(RefusedLine::TooLong);
        }
        let waiting: usize = self.unacknowledged.iter().map(|(_, text)| text.len()).sum();
        if self.unacknowledged.len() >= MAX_UNACKNOWLEDGED || waiting + text.len() > MAX_UNACKNOWLEDGED_BYTES
        {
            return Err(RefusedLine::TooMany);
        }
        self.last_sent += 1;
        let text: Rc<str> = text.into();
        self.conversation.push(Line {
            id: self.last_sent,
            mine: true,
            text: text.clone(),
            at_ms: now.0,
            delivery: Delivery::Sending,
        });
        if let Some(max_bytes) = self.open {
            wire::split_line(self.last_sent, &text, max_bytes, out);
        }
        self.unacknowledged.push_back((self.last_sent, text));
        Ok(())
    }

    /// Tells the other side whether this one is muted, now and whenever the channel opens.
    pub(crate) fn set_muted(&mut self, muted: bool, out: &mut Vec<String>) {
        if self.muted != muted {
            self.muted = muted;
            if self.open.is_some() {
                out.push(ChatFrame::Muted { on: muted }.encode());
            }
        }
    }

    /// The channel is open.
    pub(crate) fn opened(&mut self, max_message_bytes: usize, out: &mut Vec<String>) {
        self.open = Some(max_message_bytes);
        self.partial = None;
        if self.muted {
            out.push(ChatFrame::Muted { on: true }.encode());
        }
        for (id, text) in &self.unacknowledged {
            wire::split_line(*id, text, max_message_bytes, out);
        }
    }

    /// The channel is closed.
    pub(crate) fn closed(&mut self) {
        self.open = None;
        self.partial = None;
    }

    /// A message came. One that makes no sense is dropped: nothing else is lost by it.
    pub(crate) fn message(&mut self, now: Time, text: &str, out: &mut Vec<String>) -> Option<ChatEvent> {
        match ChatFrame::decode(text)? {
            ChatFrame::Line { id, part, parts, text } => self.part(now, id, part, parts, &text, out),
            ChatFrame::Ack { id } => self.acknowledged(id),
            ChatFrame::Muted { on } => return Some(ChatEvent::Muted(on)),
        }
        None
    }

    fn acknowledged(&mut self, id: u64) {
        while self.unacknowledged.front().is_some_and(|(first, _)| *first <= id) {
            self.unacknowledged.pop_front();
        }
        let delivered = id.min(self.last_sent);
        self.conversation.set_delivery(
            |line| line.mine && line.id <= delivered && line.delivery == Delivery::Sending,
            Delivery::Delivered,
        );
    }

    fn part(&mut self, now: Time, id: u64, part: u32, parts: u32, text: &str, out: &mut Vec<String>) {
        if id <= self.last_received {
            // Had before, but the acknowledgement was lost with the channel.
            out.push(ChatFrame::Ack { id: self.last_received }.encode());
            return;
        }
        if id != self.last_received + 1 {
            return;
        }
        if part == 0 {
            self.partial = Some(Partial { id, parts, next: 0, text: String::new() });
        }
        let Some(partial) = &mut self.partial else { return };
        let fits = partial.text.len() + text.len() <= MAX_LINE_BYTES;
        if !fits || partial.id != id || partial.parts != parts || partial.next != part || part >= parts {
            self.partial = None;
            return;
        }
        partial.text.push_str(text);
        partial.next += 1;
        if partial.next == parts {
            let text: Rc<str> = std::mem::take(&mut partial.text).into();
            self.partial = None;
            self.last_received = id;
            if !text.trim().is_empty() {
                let (at_ms, delivery) = (now.0, Delivery::Delivered);
                self.conversation.push(Line { id, mine: false, text, at_ms, delivery });
            }
            out.push(ChatFrame::Ack { id }.encode());
        }
    }
}

#[cfg(test)]
mod tests;
