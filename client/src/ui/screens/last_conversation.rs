//! What was written in the last call or room.

use tincan_session::PastConversation;
use yew::prelude::*;

use crate::ui::chat::{Log, save_button};
use crate::ui::context::page::Page;
use crate::ui::parts::form::card;

/// Draws it, with a button that saves it.
pub(super) fn last_conversation(past: &PastConversation, page: &Page) -> Html {
    let texts = page.texts();
    card(
        texts.last_conversation,
        html! {
            <>
                <p class="hint">{ texts.last_conversation_note }</p>
                <Log conversation={past.conversation.clone()} />
                { save_button(&past.peer, &past.conversation, page) }
            </>
        },
    )
}
