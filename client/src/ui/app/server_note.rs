//! The note that the server can't be reached.

use tincan_session::{ServerTrouble, ServerView};
use yew::prelude::*;

use crate::ui::catalogue::FirstCatalogue;
use crate::ui::parts::icon::{Glyph, icon};
use crate::ui::screens::server_trouble;

/// Returns why the server can't be reached, and what to do.
fn why(trouble: Option<&ServerTrouble>, texts: &FirstCatalogue) -> AttrValue {
    match trouble {
        Some(ServerTrouble::WrongAddress(Some(url))) => texts.server_elsewhere(url).into(),
        trouble => server_trouble(trouble, texts).into(),
    }
}

/// Says that the server can't be reached. The note is above the screen and never over it, because a call goes
/// on without the server. `signed_in`: whether the server could be reached before.
pub(crate) fn server_note(server: &ServerView, signed_in: bool, texts: &FirstCatalogue) -> Html {
    let text = match server {
        ServerView::Reconnecting(None) if signed_in => Some(texts.server_lost.into()),
        ServerView::Reconnecting(trouble) => Some(why(trouble.as_ref(), texts)),
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
