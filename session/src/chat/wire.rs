//! What of the chat goes over the data channel: a JSON object a message, told apart by `t`. See
//! `docs/PROTOCOL.md`.

use std::borrow::Cow;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::line::{AuthorId, LineRef};
use super::post::Post;
use crate::device::PictureSize;
use crate::ids::LineId;

/// What a message needs around its text, in bytes, with room to spare: a name of 64 letters may take 384.
const OVERHEAD_BYTES: usize = 640;
/// A channel that takes less than this is treated as if it took this.
const LEAST_MESSAGE_BYTES: usize = 1024;
/// A larger message would only hold up what comes behind it.
const MOST_MESSAGE_BYTES: usize = 16 * 1024;

/// Counts what one side has told the other, from 1. Each pair counts its own, since not everyone in a room
/// hears everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seq(u64);

impl Seq {
    pub(super) fn next(self) -> Seq {
        Seq(self.0.saturating_add(1))
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum ChatFrame {
    /// The number that the sender's lines go by in this conversation, and which of those whom the sender has
    /// met the listener is.
    Hello { by: AuthorId, met: u64 },
    /// What is told, or a part of it: `part` counts from 0.
    Post { id: Seq, part: u32, parts: u32, post: Post },
    /// All posts up to `id` are here.
    Ack { id: Seq },
    /// The sender is writing something.
    Typing { on: bool },
    /// The sender shows what was written to whoever comes into the room from now on.
    Offers { on: bool },
    /// The microphone is muted.
    Muted { on: bool },
    /// The other side's pictures are shown so large: nothing larger need be sent.
    Shows { camera: Size, screen: Size },
    /// Which pictures the sender sends: those that are not `none`.
    Sends { camera: Size, screen: Size },
}

/// [`PictureSize`] in JSON. What a newer version may call it counts as large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Size {
    None,
    Small,
    #[serde(other)]
    Large,
}

impl From<PictureSize> for Size {
    fn from(size: PictureSize) -> Size {
        match size {
            PictureSize::None => Size::None,
            PictureSize::Small => Size::Small,
            PictureSize::Large => Size::Large,
        }
    }
}

impl From<Size> for PictureSize {
    fn from(size: Size) -> PictureSize {
        match size {
            Size::None => PictureSize::None,
            Size::Small => PictureSize::Small,
            Size::Large => PictureSize::Large,
        }
    }
}

/// Every field that any message has. An internally tagged derive would make the page several KB larger.
#[derive(Default, Serialize, Deserialize)]
struct Fields<'a> {
    t: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    camera: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    screen: Option<Size>,
}

impl ChatFrame {
    pub(super) fn encode(&self) -> String {
        let fields = match self {
            ChatFrame::Hello { by, met } => Fields { by: Some(by.0), n: Some(*met), ..Fields::of("hello") },
            ChatFrame::Post { id, part, parts, post } => {
                return encode_post(*id, *part, *parts, post, post.text());
            }
            ChatFrame::Ack { id } => Fields { id: Some(id.0), ..Fields::of("ack") },
            ChatFrame::Typing { on } => Fields { on: Some(*on), ..Fields::of("typing") },
            ChatFrame::Offers { on } => Fields { on: Some(*on), ..Fields::of("offers") },
            ChatFrame::Muted { on } => Fields { on: Some(*on), ..Fields::of("muted") },
            ChatFrame::Shows { camera, screen } => {
                Fields { camera: Some(*camera), screen: Some(*screen), ..Fields::of("shows") }
            }
            ChatFrame::Sends { camera, screen } => {
                Fields { camera: Some(*camera), screen: Some(*screen), ..Fields::of("sends") }
            }
        };
        fields.encode()
    }

    pub(crate) fn decode(text: &str) -> Option<ChatFrame> {
        let fields: Fields<'_> = serde_json::from_str(text).ok()?;
        Some(match fields.t.as_ref() {
            "hello" => ChatFrame::Hello { by: AuthorId(fields.by?), met: fields.n.unwrap_or(0) },
            "ack" => ChatFrame::Ack { id: Seq(fields.id?) },
            "typing" => ChatFrame::Typing { on: fields.on? },
            "offers" => ChatFrame::Offers { on: fields.on? },
            "muted" => ChatFrame::Muted { on: fields.on? },
            "shows" => ChatFrame::Shows { camera: fields.camera?, screen: fields.screen? },
            "sends" => ChatFrame::Sends { camera: fields.camera?, screen: fields.screen? },
            _ => ChatFrame::Post {
                id: Seq(fields.id?),
                part: fields.part.unwrap_or(0),
                parts: fields.parts.unwrap_or(1),
                post: fields.post(),
            },
        })
    }
}

impl<'a> Fields<'a> {
    fn of(t: &'a str) -> Fields<'a> {
        Fields { t: t.into(), ..Fields::default() }
    }

    fn encode(&self) -> String {
        // Numbers, bools and strings always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn reference(&self) -> Option<LineRef> {
        Some(LineRef { by: AuthorId(self.by?), n: LineId(self.of?) })
    }

    /// Returns what is told. One that isn't known, or lacks something, still has its number, and must not
    /// hold up the next.
    fn post(&self) -> Post {
        let text = || self.text.as_deref().unwrap_or_default().into();
        let n = self.n.map(LineId);
        let post = match self.t.as_ref() {
            "line" => n.map(|n| Post::Line { n, text: text(), reply: self.reference() }),
            "edit" => n.map(|n| Post::Edit { n, text: text() }),
            "retract" => n.map(|n| Post::Retract { n }),
            "react" => self.react(),
            "earlier" => self.earlier(text()),
            _ => None,
        };
        post.unwrap_or(Post::Unknown)
    }

    fn react(&self) -> Option<Post> {
        Some(Post::React { of: self.reference()?, emoji: self.emoji.as_deref()?.into(), on: self.on? })
    }

    fn earlier(&self, text: Rc<str>) -> Option<Post> {
        Some(Post::Earlier {
            of: self.reference()?,
            name: self.name.as_deref()?.into(),
            at_ms: self.at?,
            text,
        })
    }
}

fn encode_post(id: Seq, part: u32, parts: u32, post: &Post, text: &str) -> String {
    let mut fields = match post {
        Post::Line { n, reply, .. } => {
            let (by, of) = (reply.map(|line| line.by.0), reply.map(|line| line.n.0));
            Fields { n: Some(n.0), by, of, ..Fields::of("line") }
        }
        Post::Edit { n, .. } => Fields { n: Some(n.0), ..Fields::of("edit") },
        Post::Retract { n } => Fields { n: Some(n.0), ..Fields::of("retract") },
        Post::React { of, emoji, on } => Fields {
            by: Some(of.by.0),
            of: Some(of.n.0),
            emoji: Some(emoji.as_ref().into()),
            on: Some(*on),
            ..Fields::of("react")
        },
        Post::Earlier { of, name, at_ms, .. } => Fields {
            by: Some(of.by.0),
            of: Some(of.n.0),
            name: Some(name.as_ref().into()),
            at: Some(*at_ms),
            ..Fields::of("earlier")
        },
        Post::Unknown => Fields::of("unknown"),
    };
    fields.id = Some(id.0);
    if !text.is_empty() {
        fields.text = Some(text.into());
    }
    if parts > 1 {
        (fields.part, fields.parts) = (Some(part), Some(parts));
    }
    fields.encode()
}

/// Appends what is told to `out`, as messages of at most `max_message_bytes` each.
pub(super) fn split(id: Seq, post: &Post, max_message_bytes: usize, out: &mut Vec<String>) {
    let room = max_message_bytes.clamp(LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES) - OVERHEAD_BYTES;
    let pieces = pieces(post.text(), room);
    let parts = pieces.len() as u32;
    for (part, piece) in (0..).zip(pieces) {
        out.push(encode_post(id, part, parts, post, piece));
    }
}

/// Returns `text` cut between characters into pieces whose JSON takes at most `room` bytes. There is at least
/// one piece.
fn pieces(text: &str, room: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, c) in text.char_indices() {
        let width = json_width(c);
        if used + width > room {
            pieces.push(&text[start..at]);
            (start, used) = (at, 0);
        }
        used += width;
    }
    pieces.push(&text[start..]);
    pieces
}

/// Returns how many bytes `c` takes in a JSON string (RFC 8259, section 7), as serde_json writes it.
fn json_width(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}
