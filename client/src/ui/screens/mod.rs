//! The screens outside of calls and rooms, a file each.
//!
//! A screen is put together from `parts/`, `files/` and `chat/`. It knows neither another screen's state nor what stands
//! around it: that is `app/`.

pub(super) mod calling;
pub(super) mod home;
pub(super) mod incoming;
pub(super) mod lobby;
pub(super) mod start;
pub(super) mod tools;

use tincan_session::Screen;
use yew::prelude::*;

use self::calling::calling;
use self::home::home;
use self::incoming::{incoming, incoming_files};
use self::lobby::lobby;
use self::tools::Tools;

/// Draws every screen but the first.
pub(crate) fn outside(screen: &Screen, tools: &Tools) -> Html {
    match screen {
        Screen::Home { me, past, .. } => home(me, past.as_ref(), tools),
        Screen::Calling { peer, kind, stage, local } => calling(peer, *kind, *stage, local, tools),
        Screen::Incoming { peer, files: Some(files), .. } => incoming_files(peer, files, tools),
        Screen::Incoming { peer, kind, .. } => incoming(peer, *kind, tools),
        Screen::Lobby(shown) => lobby(shown, tools),
        Screen::Start { .. } | Screen::Meeting(_) => Html::default(),
    }
}
