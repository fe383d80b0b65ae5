//! Text over the data channel (each post is numbered, acknowledged, and delivered once and in order), and the
//! lines of a conversation, as the screen shows them. Nothing in here knows of calls, rooms or members.
//!
//! The channel is reliable and ordered while it is open. It doesn't say whether a line that was sent just
//! before it closed has arrived. So the line is kept until the other side has acknowledged it, and is sent
//! again when the next channel to the same person opens, also on another peer connection.

mod conversation;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod line;
mod post;
mod share;
mod wire;

use std::collections::VecDeque;
use std::rc::Rc;

pub use conversation::Conversation;
pub(crate) use conversation::EarlierLine;
pub(crate) use line::AuthorId;
pub use line::{Author, Body, Delivery, Line, Reaction, Reactor, Recipient, Reply};
pub(crate) use post::{Post, is_emoji};
pub(crate) use wire::ChatFrame;
use wire::Seq;

use crate::device::PictureSize;
use crate::ids::LineId;

/// The longest line, in bytes of UTF-8.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How many lines may wait for the other side to have them, and how many bytes. Chromium throws away what is
/// sent while 16 MiB wait in the channel. Everything that waits here has to fit there when it opens anew.
const MAX_UNACKNOWLEDGED: usize = 500;
const MAX_UNACKNOWLEDGED_BYTES: usize = 4 * 1024 * 1024;

/// What came over the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChatEvent {
    /// The other side's lines go by this number.
    Hello(AuthorId),
    /// Something was told, and is not to be told again.
    Post(Post),
    /// The other side has all lines of ours up to this one (see [`Chat::tell`]).
    Delivered(LineId),
    /// The other side is writing something, or isn't any more.
    Typing(bool),
    /// The other side shows what was written to whoever comes, or doesn't any more.
    Offers(bool),
    /// The other side's microphone was muted, or unmuted.
    Muted(bool),
    /// The other side shows our pictures so large.
    Shown { camera: PictureSize, screen: PictureSize },
    /// Whether the other side sends pictures of its camera and its screen.
    Sent { camera: bool, screen: bool },
}

/// This side of what is said over the data channels to one person.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    /// The longest message the channel takes, while it is open.
    open: Option<usize>,
    last_sent: Seq,
    unacknowledged: VecDeque<Unacknowledged>,
    last_received: Seq,
    last_line: LineId,
    partial: Option<Partial>,
    /// What is so on this side.
    facts: Facts,
    /// What the other side offers, as it was told last.
    offered: bool,
    /// The number of their lines, and which of those they have met this side is.
    theirs: Option<(AuthorId, u64)>,
}

#[derive(Debug)]
struct Unacknowledged {
    seq: Seq,
    /// Where it is a line, its number in the conversation.
    line: Option<LineId>,
    post: Post,
}

/// What is told when it changes, and whenever a channel opens. The other side takes the default for granted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    /// See [`line::LineRef`].
    by: AuthorId,
    /// Which of all whom this side has met they are.
    met: u64,
    muted: bool,
    offers: bool,
    camera: PictureSize,
    screen: PictureSize,
    /// Whether pictures of the camera and the screen are sent; not said while that is so.
    camera_off: bool,
    screen_off: bool,
}

/// A post of which not all parts have come.
#[derive(Debug)]
struct Partial {
    id: Seq,
    parts: u32,
    next: u32,
    post: Post,
    text: String,
}

impl Chat {
    /// Creates one to somebody new, the `met`th, in a conversation in which one's own lines go by this
    /// number.
    pub(crate) fn new(by: AuthorId, met: u64) -> Chat {
        Chat { facts: Facts { by, met, ..Facts::default() }, ..Chat::default() }
    }

    /// Returns whether something said now goes out at once.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Returns whether something of so many bytes may wait, too.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let waiting: usize = self.unacknowledged.iter().map(|waiting| waiting.post.text().len()).sum();
        self.unacknowledged.len() < MAX_UNACKNOWLEDGED && waiting + bytes <= MAX_UNACKNOWLEDGED_BYTES
    }

    /// Tells something, now or when a channel opens. Where it is a line, `line` is its number in the
    /// conversation. The messages to send now go to `out`.
    pub(crate) fn tell(&mut self, line: Option<LineId>, post: Post, out: &mut Vec<String>) {
        self.last_sent = self.last_sent.next();
        if let Some(max_bytes) = self.open {
            wire::split(self.last_sent, &post, max_bytes, out);
        }
        self.unacknowledged.push_back(Unacknowledged { seq: self.last_sent, line, post });
    }

    /// Tells that one is writing. Once that is late it is of no consequence, so it waits for nothing.
    pub(crate) fn set_typing(&mut self, on: bool, out: &mut Vec<String>) {
        if self.open.is_some() {
            out.push(ChatFrame::Typing { on }.encode());
        }
    }

    /// Tells the other side whether this one is muted, now and whenever the channel opens.
    pub(crate) fn set_muted(&mut self, muted: bool, out: &mut Vec<String>) {
        self.set_facts(Facts { muted, ..self.facts.clone() }, out);
    }

    /// Tells the other side whether this one shows what was written to whoever comes.
    pub(crate) fn set_offers(&mut self, offers: bool, out: &mut Vec<String>) {
        self.set_facts(Facts { offers, ..self.facts.clone() }, out);
    }

    /// Tells the other side how large its pictures are shown here, now and whenever the channel opens.
    pub(crate) fn set_shows(&mut self, camera: PictureSize, screen: PictureSize, out: &mut Vec<String>) {
        self.set_facts(Facts { camera, screen, ..self.facts.clone() }, out);
    }

    /// Tells the other side which pictures are sent, now and whenever the channel opens.
    pub(crate) fn set_sends(&mut self, camera: bool, screen: bool, out: &mut Vec<String>) {
        self.set_facts(Facts { camera_off: !camera, screen_off: !screen, ..self.facts.clone() }, out);
    }

    fn set_facts(&mut self, facts: Facts, out: &mut Vec<String>) {
        let before = std::mem::replace(&mut self.facts, facts);
        if self.open.is_some() {
            self.facts.tell(&before, out);
        }
    }

    /// The channel is open.
    pub(crate) fn opened(&mut self, max_message_bytes: usize, out: &mut Vec<String>) {
        self.open = Some(max_message_bytes);
        self.partial = None;
        self.facts.tell(&Facts::default(), out);
        for waiting in &self.unacknowledged {
            wire::split(waiting.seq, &waiting.post, max_message_bytes, out);
        }
    }

    /// The channel is closed.
    pub(crate) fn closed(&mut self) {
        self.open = None;
        self.partial = None;
    }

    /// A message came.
    pub(crate) fn message(&mut self, frame: ChatFrame, out: &mut Vec<String>) -> Option<ChatEvent> {
        match frame {
            ChatFrame::Hello { by, met } => {
                if self.theirs.replace((by, met)).is_some_and(|before| before != (by, met)) {
                    self.begin_anew(out);
                }
                Some(ChatEvent::Hello(by))
            }
            ChatFrame::Post { id, part, parts, post } => self.part(id, part, parts, post, out),
            ChatFrame::Ack { id } => self.acknowledged(id),
            ChatFrame::Typing { on } => Some(ChatEvent::Typing(on)),
            ChatFrame::Offers { on } => {
                // Said again with every channel; it is news only once.
                let news = std::mem::replace(&mut self.offered, on) != on;
                news.then_some(ChatEvent::Offers(on))
            }
            ChatFrame::Muted { on } => Some(ChatEvent::Muted(on)),
            ChatFrame::Sends { camera, screen } => Some(ChatEvent::Sent {
                camera: camera != wire::Size::None,
                screen: screen != wire::Size::None,
            }),
            ChatFrame::Shows { camera, screen } => {
                Some(ChatEvent::Shown { camera: camera.into(), screen: screen.into() })
            }
        }
    }

    /// The other page is another one, or had given this side up, and counts from 1: so does this one. It
    /// knows nothing of this side.
    fn begin_anew(&mut self, out: &mut Vec<String>) {
        self.last_received = Seq::default();
        self.last_line = LineId::default();
        self.last_sent = Seq::default();
        self.offered = false;
        for waiting in &mut self.unacknowledged {
            self.last_sent = self.last_sent.next();
            waiting.seq = self.last_sent;
        }
        if let Some(max_bytes) = self.open {
            self.opened(max_bytes, out);
        }
    }

    fn acknowledged(&mut self, id: Seq) -> Option<ChatEvent> {
        let mut delivered = None;
        while let Some(first) = self.unacknowledged.front()
            && first.seq <= id
        {
            delivered = first.line.or(delivered);
            self.unacknowledged.pop_front();
        }
        delivered.map(ChatEvent::Delivered)
    }

    fn part(
        &mut self,
        id: Seq,
        part: u32,
        parts: u32,
        post: Post,
        out: &mut Vec<String>,
    ) -> Option<ChatEvent> {
        if id <= self.last_received {
            // Had before, but the acknowledgement was lost with the channel.
            out.push(ChatFrame::Ack { id: self.last_received }.encode());
            return None;
        }
        if id != self.last_received.next() {
            return None;
        }
        let piece: Rc<str> = post.text().into();
        if part == 0 {
            self.partial = Some(Partial { id, parts, next: 0, post, text: String::new() });
        }
        let partial = self.partial.as_mut()?;
        let fits = partial.text.len() + piece.len() <= MAX_LINE_BYTES;
        if !fits || partial.id != id || partial.parts != parts || partial.next != part || part >= parts {
            self.partial = None;
            return None;
        }
        partial.text.push_str(&piece);
        partial.next += 1;
        if partial.next < parts {
            return None;
        }
        let Partial { post, text, .. } = self.partial.take()?;
        self.last_received = id;
        out.push(ChatFrame::Ack { id }.encode());
        let post = post.with_text(&text);
        if let Post::Line { n, .. } = post
            && std::mem::replace(&mut self.last_line, n) >= n
        {
            // Two lines of one name could not be told apart.
            return None;
        }
        post.is_sensible().then_some(ChatEvent::Post(post))
    }
}

impl Facts {
    /// Says what is otherwise than `before`.
    fn tell(&self, before: &Facts, out: &mut Vec<String>) {
        let mut say = |changed: bool, frame: ChatFrame| {
            if changed {
                out.push(frame.encode());
            }
        };
        let (by, met) = (self.by, self.met);
        say((by, met) != (before.by, before.met), ChatFrame::Hello { by, met });
        say(self.muted != before.muted, ChatFrame::Muted { on: self.muted });
        say(self.offers != before.offers, ChatFrame::Offers { on: self.offers });
        let shown = (self.camera, self.screen) != (before.camera, before.screen);
        say(shown, ChatFrame::Shows { camera: self.camera.into(), screen: self.screen.into() });
        let size = |off: bool| if off { wire::Size::None } else { wire::Size::Large };
        let off = (self.camera_off, self.screen_off) != (before.camera_off, before.screen_off);
        say(off, ChatFrame::Sends { camera: size(self.camera_off), screen: size(self.screen_off) });
    }
}

#[cfg(test)]
mod tests;
