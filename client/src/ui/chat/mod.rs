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
use super::locale::use_texts;
use super::phrase::Phrase;

#[derive(Properties, PartialEq)]
pub(crate) struct ChatProps {
    pub(crate) peer: AttrValue,
    pub(crate) conversation: Conversation,
    /// See [`tincan_session::InCall::line_refused`].
    pub(crate) refused: bool,
    /// The box to write in, for whoever moves the focus.
    pub(crate) message: NodeRef,
}

/// The conversation of a running call.
#[component]
pub(crate) fn Chat(props: &ChatProps) -> Html {
    let texts = use_texts();
    html! {
        <div class="chat">
            if props.conversation.lines().is_empty() {
                <p class="chat__empty hint"><Phrase text={texts.conversation_empty} name={props.peer.clone()} /></p>
            }
            <Log conversation={props.conversation.clone()} peer={props.peer.clone()} />
            <Composer peer={props.peer.clone()} refused={props.refused} message={props.message.clone()} />
        </div>
    }
}
