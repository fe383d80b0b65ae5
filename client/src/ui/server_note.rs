//! A word about the server, while there is something to say.

use tincan_session::ServerView;
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use super::locale::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct ServerNoteProps {
    pub(crate) server: ServerView,
    /// Whether the server was there before.
    pub(crate) signed_in: bool,
}

/// Says that the server is away, above the screen and never over it: a call needs no server to go on.
#[component]
pub(crate) fn ServerNote(props: &ServerNoteProps) -> Html {
    let texts = use_texts();
    let text = match props.server {
        ServerView::Reconnecting if props.signed_in => Some(texts.server_lost),
        ServerView::Reconnecting => Some(texts.server_unreachable),
        ServerView::Idle | ServerView::Connecting | ServerView::Online => None,
    };
    html! {
        <div class="server-note" role="status">
            if let Some(text) = text {
                <p class="server-note__text"><Icon glyph={Glyph::Unplugged} />{ text }</p>
            }
        </div>
    }
}
