//! Text: what was written, and the box to write in.

mod composer;
mod line;
mod links;
mod log;
mod stick;

use tincan_session::Conversation;
use yew::prelude::*;

use self::composer::Composer;
pub(crate) use self::log::Log;
use super::catalogue::Catalogue;
use super::phrase::named;

/// The conversation of a running call or room. `peer`: the other side of a call, nobody by name in a room; `refused`: see
/// [`tincan_session::Meeting::line_refused`]; `message`: the box to write in, for whoever moves the focus.
pub(crate) fn chat(
    peer: Option<&str>,
    conversation: &Conversation,
    refused: bool,
    message: &NodeRef,
    texts: &'static Catalogue,
) -> Html {
    let empty = match peer {
        Some(peer) => named(texts.conversation_empty, peer),
        None => texts.room_conversation_empty.into(),
    };
    html! {
        <div class="chat">
            if conversation.lines().is_empty() {
                <p class="chat__empty hint">{ empty }</p>
            }
            <Log conversation={conversation.clone()} />
            <Composer peer={peer.map(|peer| AttrValue::from(peer.to_owned()))} {refused} message={message.clone()} />
        </div>
    }
}
