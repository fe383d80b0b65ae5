//! What is told to another in a conversation, each once and in order.

use std::rc::Rc;

use tincan_shared::Name;

use super::line::LineRef;
use crate::ids::LineId;

/// Longer than any emoji: the longest that Unicode recommends have 35 bytes.
const MAX_EMOJI_BYTES: usize = 40;

/// One of these. Everyone who is to know gets their own, over their own channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Post {
    /// A line of the sender's, their `n`th.
    Line { n: LineId, text: Rc<str>, reply: Option<LineRef> },
    /// The sender's line now says this.
    Edit { n: LineId, text: Rc<str> },
    /// The sender takes their line back.
    Retract { n: LineId },
    /// What the sender thinks, or no longer thinks, of a line.
    React { of: LineRef, emoji: Rc<str>, on: bool },
    /// A line from before the other side came.
    Earlier { of: LineRef, name: Rc<str>, at_ms: u64, text: Rc<str> },
    /// Of a later version: counted, and of no consequence.
    Unknown,
}

impl Post {
    /// Returns the part that may be long.
    pub(crate) fn text(&self) -> &str {
        match self {
            Post::Line { text, .. } | Post::Edit { text, .. } | Post::Earlier { text, .. } => text,
            Post::Retract { .. } | Post::React { .. } | Post::Unknown => "",
        }
    }

    /// Returns the same with another text, where it has one.
    pub(super) fn with_text(mut self, new: &str) -> Post {
        match &mut self {
            Post::Line { text, .. } | Post::Edit { text, .. } | Post::Earlier { text, .. } => {
                *text = new.into()
            }
            Post::Retract { .. } | Post::React { .. } | Post::Unknown => {}
        }
        self
    }

    /// Returns whether it says anything. What a page of ours would not have sent is not shown.
    pub(super) fn is_sensible(&self) -> bool {
        match self {
            Post::Line { text, .. } | Post::Edit { text, .. } => !text.trim().is_empty(),
            Post::Earlier { name, text, .. } => !text.trim().is_empty() && is_name(name),
            Post::React { emoji, .. } => is_emoji(emoji),
            Post::Retract { .. } => true,
            Post::Unknown => false,
        }
    }
}

/// Returns whether somebody can be called this: in one short line, without what turns or hides text.
fn is_name(text: &str) -> bool {
    Name::parse(text).is_ok_and(|name| name.as_str() == text)
}

/// Returns whether `text` may stand as a reaction under a line. To know every emoji takes tables. This only
/// keeps out words, and what can't be seen.
pub(crate) fn is_emoji(text: &str) -> bool {
    let turns_text = |c: char| matches!(c as u32, 0x200E | 0x200F | 0x2028..=0x202E | 0x2066..=0x2069);
    let is_letter = |c: char| c.is_alphanumeric() && !c.is_ascii_digit();
    let is_word = |c: char| is_letter(c) || c.is_whitespace() || c.is_control() || turns_text(c);
    let is_sign = |c: char| !c.is_ascii() && !matches!(c as u32, 0x200B..=0x206F | 0xFE00..=0xFE0F);
    text.len() <= MAX_EMOJI_BYTES && text.chars().any(is_sign) && !text.chars().any(is_word)
}
