//! The address bar, which names the room that the user is in, or whose lobby is shown.

use tincan_session::{Intent, Meeting, MeetingKind, Screen};
use yew::prelude::*;

use crate::browser::{AddressWatch, show_address};
use crate::ui::context::page::Page;
use crate::ui::parts::effect::{end_of, use_effect_on};

/// Keeps the address and the screen in step: the address follows the screen, and the browser's back and
/// forward lead out of a room's lobby and into it.
#[hook]
pub(crate) fn use_address(screen: &Screen, page: &Page) {
    let room = match screen {
        Screen::Lobby(lobby) => Some(lobby.room.clone()),
        Screen::Meeting(Meeting { kind: MeetingKind::Room { name, .. }, .. }) => Some(name.clone()),
        _ => None,
    };
    let in_meeting = matches!(screen, Screen::Meeting(_));
    let free = matches!(screen, Screen::Start { .. } | Screen::Home { .. });
    // Without a room the address stays as it is: at the start it may name a room that is only about to be
    // opened.
    let named = room.clone();
    use_effect_on(room.clone(), move || {
        show_address(Some(&named?));
        Some(Box::new(|| show_address(None)))
    });
    let page = page.clone();
    use_effect_on((room.clone(), in_meeting, free), move || {
        end_of(AddressWatch::new(move |new| {
            // Whether to leave a meeting is asked first (`leaving.rs`).
            if new == room || in_meeting {
                return;
            }
            if room.is_some() {
                page.handle.intent(Intent::LeaveRoom);
            }
            if !(free || room.is_some()) {
                // Nothing leads away from somebody who rings.
                show_address(None);
            } else if let Some(new) = new {
                page.open_room(&new);
            }
        }))
    });
}
