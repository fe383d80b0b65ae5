//! What goes over the data channel: a JSON object a message, told apart by `t`. See `docs/PROTOCOL.md`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::input::PictureSize;

/// What a message needs around its text, in bytes, with room to spare.
const OVERHEAD_BYTES: usize = 128;
/// A channel that takes less than this is treated as if it took this.
const LEAST_MESSAGE_BYTES: usize = 1024;
/// A larger message would only hold up what comes behind it.
const MOST_MESSAGE_BYTES: usize = 16 * 1024;

#[derive(Debug, PartialEq)]
pub(super) enum ChatFrame<'a> {
    /// A part of a line. `part` counts from 0.
    Line { id: u64, part: u32, parts: u32, text: Cow<'a, str> },
    /// All lines up to `id` are here.
    Ack { id: u64 },
    /// The microphone is muted.
    Muted { on: bool },
    /// The other side's pictures are shown so large: nothing larger need be sent.
    Shows { camera: Size, screen: Size },
}

/// [`PictureSize`] in JSON. What a newer version may call it counts as large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Size {
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
    camera: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    screen: Option<Size>,
}

impl ChatFrame<'_> {
    pub(super) fn encode(&self) -> String {
        let fields = match self {
            ChatFrame::Line { id, part, parts, text } => Fields {
                t: "line".into(),
                id: Some(*id),
                part: Some(*part),
                parts: Some(*parts),
                text: Some(text.as_ref().into()),
                ..Fields::default()
            },
            ChatFrame::Ack { id } => Fields { t: "ack".into(), id: Some(*id), ..Fields::default() },
            ChatFrame::Muted { on } => Fields { t: "muted".into(), on: Some(*on), ..Fields::default() },
            ChatFrame::Shows { camera, screen } => Fields {
                t: "shows".into(),
                camera: Some(*camera),
                screen: Some(*screen),
                ..Fields::default()
            },
        };
        // Numbers, bools and strings always have a JSON form.
        serde_json::to_string(&fields).unwrap_or_default()
    }

    pub(super) fn decode(text: &str) -> Option<ChatFrame<'static>> {
        let fields: Fields<'static> = serde_json::from_str(text).ok()?;
        match fields.t.as_ref() {
            "line" => Some(ChatFrame::Line {
                id: fields.id?,
                part: fields.part?,
                parts: fields.parts?,
                text: fields.text?,
            }),
            "ack" => Some(ChatFrame::Ack { id: fields.id? }),
            "muted" => Some(ChatFrame::Muted { on: fields.on? }),
            "shows" => Some(ChatFrame::Shows { camera: fields.camera?, screen: fields.screen? }),
            _ => None,
        }
    }
}

/// A line as messages of at most `max_message_bytes` each, appended to `out`.
pub(super) fn split_line(id: u64, text: &str, max_message_bytes: usize, out: &mut Vec<String>) {
    let room = max_message_bytes.clamp(LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES) - OVERHEAD_BYTES;
    let pieces = pieces(text, room);
    let parts = pieces.len() as u32;
    for (part, piece) in (0..).zip(pieces) {
        out.push(ChatFrame::Line { id, part, parts, text: Cow::Borrowed(piece) }.encode());
    }
}

/// `text` cut between characters into pieces whose JSON takes at most `room` bytes; at least one piece.
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

/// How many bytes `c` takes in a JSON string (RFC 8259, section 7), as serde_json writes it.
fn json_width(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}
