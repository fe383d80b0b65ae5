//! What must hold of every text that the other side may send over the chat's channel.

use super::post::Post;
use super::wire::{ChatFrame, split};

/// Checks one text.
///
/// # Panics
/// If it doesn't come out of its JSON as it went in.
pub fn chat_text(text: &str) {
    let Some(frame) = ChatFrame::decode(text) else { return };
    // The number of a part says nothing where there is only one.
    let frame = match frame {
        ChatFrame::Post { id, part: _, parts: 0 | 1, post } => {
            ChatFrame::Post { id, part: 0, parts: 1, post }
        }
        frame => frame,
    };
    assert_eq!(ChatFrame::decode(&frame.encode()).as_ref(), Some(&frame));
    if let ChatFrame::Post { id, parts: 1, post, .. } = frame {
        let mut messages = Vec::new();
        split(id, &post, 0, &mut messages);
        assert!(messages.iter().all(|message| message.len() <= 1024) || !has_short_fields(&post));
        let pieces: Vec<ChatFrame> = messages.iter().filter_map(|text| ChatFrame::decode(text)).collect();
        assert_eq!(pieces.len(), messages.len());
        let told = pieces.iter().map(|piece| match piece {
            ChatFrame::Post { id: of, parts, post, .. } => {
                assert_eq!((*of, *parts as usize), (id, pieces.len()));
                post.text()
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(told.collect::<String>(), post.text());
    }
}

/// Returns whether what stands beside the text is no longer than a page of ours makes it.
fn has_short_fields(post: &Post) -> bool {
    match post {
        Post::React { .. } | Post::Earlier { .. } => post.is_sensible(),
        _ => true,
    }
}
