//! The note that the server can't be reached.

use tincan_session::ServerView;
use yew::prelude::*;

use crate::ui::catalogue::Catalogue;
use crate::ui::parts::icon::{Glyph, icon};

/// Says that the server can't be reached. The note is above the screen and never over it, because a call goes
/// on without the server. `signed_in`: whether the server could be reached before.
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
