//! A word about the server, while there is something to say.

use tincan_session::ServerView;
use yew::prelude::*;

use crate::ui::catalogue::Catalogue;
use crate::ui::parts::icon::{Glyph, icon};

/// Says that the server is away, above the screen and never over it: a call needs no server to go on. `signed_in`:
/// whether the server was there before.
pub(crate) fn server_note(server: ServerView, signed_in: bool, texts: &Catalogue) -> Html {
    let text = match server {
        ServerView::Reconnecting if signed_in => Some(texts.server_lost),
        ServerView::Reconnecting => Some(texts.server_unreachable),
        ServerView::Idle | ServerView::Connecting | ServerView::Online => None,
    };
    html! {
        <div class="server-note" role="status">
            if let Some(text) = text {
                <p class="server-note__text">{ icon(Glyph::Unplugged) }{ text }</p>
            }
        </div>
    }
}
