//! What comes over the data channel that text goes over: each message is of the chat, about files or about
//! the connection itself, as its tag says.

use std::borrow::Cow;

use serde::Deserialize;
use tincan_shared::{Frame, Signal, StreamMessage, decode_signal};

use crate::chat::ChatFrame;
use crate::files::FileText;

#[derive(Debug, PartialEq)]
pub(crate) enum ChannelFrame {
    Chat(ChatFrame),
    /// About files. The machine for files is loaded after the first screen, and only it reads the rest.
    File(FileText),
    Signal(Frame<StreamMessage>),
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

/// Returns what `text` says, if it makes sense. What doesn't is dropped: nothing else is lost by it.
pub(crate) fn decode(text: String) -> Option<ChannelFrame> {
    let Tag { t } = serde_json::from_str(&text).ok()?;
    if FileText::has_tag(&t) {
        return Some(ChannelFrame::File(FileText::new(text)));
    }
    if t == Signal::TAG {
        return decode_signal(&text).map(ChannelFrame::Signal);
    }
    ChatFrame::decode(&text).map(ChannelFrame::Chat)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_tag_says_what_a_text_is_about() {
        for tag in ["offer", "accept", "take", "hold", "cut", "drop", "again", "got", "have", "lost"] {
            let text = format!(r#"{{"id":5,"t":"{tag}"}}"#);
            assert_eq!(decode(text.clone()), Some(ChannelFrame::File(FileText::new(text))));
        }
        for tag in ["hello", "line", "edit", "retract", "react", "earlier", "ack", "typing", "new"] {
            let text = format!(r#"{{"id":5,"on":true,"by":1,"t":"{tag}"}}"#);
            assert!(matches!(decode(text), Some(ChannelFrame::Chat(_))), "{tag}");
        }
    }

    #[test]
    fn what_has_no_tag_is_nothing() {
        for text in ["", "null", "[]", r#"{"id":1}"#, r#"{"t":1,"id":1}"#, r#"{"t":"line","id":1"#] {
            assert_eq!(decode(text.to_owned()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            decode(text);
        }
    }
}
