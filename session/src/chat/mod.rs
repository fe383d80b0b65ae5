//! Text over the data channel: every line is numbered, acknowledged, and handed on once and in order.
//!
//! The channel is reliable and ordered while it lives. What it can't promise is that a line sent just before it
//! broke has arrived; so a line is kept until the other side says that it has it, and sent again when a channel
//! opens anew, be it that of another peer connection with the same person.

mod conversation;
mod wire;

use std::collections::VecDeque;
use std::rc::Rc;

pub use conversation::{Author, Body, Conversation, Delivery, Line};
use wire::ChatFrame;

use crate::input::PictureSize;

/// The longest line, in bytes of UTF-8.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How many lines may wait for the other side to have them, and how many bytes. Chromium throws away what is sent
/// while 16 MiB wait in the channel; everything that waits here has to fit there, when it opens anew.
const MAX_UNACKNOWLEDGED: usize = 500;
const MAX_UNACKNOWLEDGED_BYTES: usize = 4 * 1024 * 1024;

/// What came over the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChatEvent {
    /// A line.
    Line(Rc<str>),
    /// All lines of ours up to this one (see [`Chat::write`]) have arrived.
    Delivered(u64),
    /// The other side's microphone was muted, or unmuted.
    Muted(bool),
    /// The other side shows our pictures so large.
    Shown { camera: PictureSize, screen: PictureSize },
}

/// This side of what is said over the data channels to one person.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    /// The longest message the channel takes, while it is open.
    open: Option<usize>,
    last_sent: u64,
    unacknowledged: VecDeque<Unacknowledged>,
    last_received: u64,
    partial: Option<Partial>,
    muted: bool,
    shows: Shows,
}

#[derive(Debug)]
struct Unacknowledged {
    /// Its number on the wire: each pair counts its own, since not everyone in a room hears everything.
    seq: u64,
    /// Its number in the conversation.
    line: u64,
    text: Rc<str>,
}

/// How large this side shows the other's camera and screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shows {
    camera: PictureSize,
    screen: PictureSize,
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
    /// Whether another line of so many bytes may wait.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let waiting: usize = self.unacknowledged.iter().map(|line| line.text.len()).sum();
        self.unacknowledged.len() < MAX_UNACKNOWLEDGED && waiting + bytes <= MAX_UNACKNOWLEDGED_BYTES
    }

    /// Sends a line, now or when a channel opens; `line` is its number in the conversation. The messages to send
    /// now go to `out`.
    pub(crate) fn write(&mut self, line: u64, text: Rc<str>, out: &mut Vec<String>) {
        self.last_sent += 1;
        if let Some(max_bytes) = self.open {
            wire::split_line(self.last_sent, &text, max_bytes, out);
        }
        self.unacknowledged.push_back(Unacknowledged { seq: self.last_sent, line, text });
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

    /// Tells the other side how large its pictures are shown here, now and whenever the channel opens.
    pub(crate) fn set_shows(&mut self, camera: PictureSize, screen: PictureSize, out: &mut Vec<String>) {
        let shows = Shows { camera, screen };
        if self.shows != shows {
            self.shows = shows;
            if self.open.is_some() {
                out.push(self.shows_frame());
            }
        }
    }

    fn shows_frame(&self) -> String {
        ChatFrame::Shows { camera: self.shows.camera.into(), screen: self.shows.screen.into() }.encode()
    }

    /// The channel is open.
    pub(crate) fn opened(&mut self, max_message_bytes: usize, out: &mut Vec<String>) {
        self.open = Some(max_message_bytes);
        self.partial = None;
        if self.muted {
            out.push(ChatFrame::Muted { on: true }.encode());
        }
        if self.shows != Shows::default() {
            out.push(self.shows_frame());
        }
        for line in &self.unacknowledged {
            wire::split_line(line.seq, &line.text, max_message_bytes, out);
        }
    }

    /// The channel is closed.
    pub(crate) fn closed(&mut self) {
        self.open = None;
        self.partial = None;
    }

    /// A message came. One that makes no sense is dropped: nothing else is lost by it.
    pub(crate) fn message(&mut self, text: &str, out: &mut Vec<String>) -> Option<ChatEvent> {
        match ChatFrame::decode(text)? {
            ChatFrame::Line { id, part, parts, text } => self.part(id, part, parts, &text, out),
            ChatFrame::Ack { id } => self.acknowledged(id),
            ChatFrame::Muted { on } => Some(ChatEvent::Muted(on)),
            ChatFrame::Shows { camera, screen } => {
                Some(ChatEvent::Shown { camera: camera.into(), screen: screen.into() })
            }
        }
    }

    fn acknowledged(&mut self, id: u64) -> Option<ChatEvent> {
        let mut delivered = None;
        while let Some(first) = self.unacknowledged.front()
            && first.seq <= id
        {
            delivered = Some(ChatEvent::Delivered(first.line));
            self.unacknowledged.pop_front();
        }
        delivered
    }

    fn part(
        &mut self,
        id: u64,
        part: u32,
        parts: u32,
        text: &str,
        out: &mut Vec<String>,
    ) -> Option<ChatEvent> {
        if id <= self.last_received {
            // Had before, but the acknowledgement was lost with the channel.
            out.push(ChatFrame::Ack { id: self.last_received }.encode());
            return None;
        }
        if id != self.last_received + 1 {
            return None;
        }
        if part == 0 {
            self.partial = Some(Partial { id, parts, next: 0, text: String::new() });
        }
        let partial = self.partial.as_mut()?;
        let fits = partial.text.len() + text.len() <= MAX_LINE_BYTES;
        if !fits || partial.id != id || partial.parts != parts || partial.next != part || part >= parts {
            self.partial = None;
            return None;
        }
        partial.text.push_str(text);
        partial.next += 1;
        if partial.next < parts {
            return None;
        }
        let text = std::mem::take(&mut partial.text);
        self.partial = None;
        self.last_received = id;
        out.push(ChatFrame::Ack { id }.encode());
        (!text.trim().is_empty()).then(|| ChatEvent::Line(text.into()))
    }
}

#[cfg(test)]
mod tests;
