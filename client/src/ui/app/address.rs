//! The address bar, which names the room that one is in or stands before.

use tincan_session::{Intent, Meeting, Place, Screen};
use yew::prelude::*;

use crate::browser::{AddressWatch, show_address};
use crate::ui::context::page::Page;
use crate::ui::parts::effect::{end_of, use_effect_on};

/// Keeps the address and the screen at one: the address follows the screen, and back and forward lead out of a room and
/// to it.
#[hook]
pub(crate) fn use_address(screen: &Screen, page: &Page) {
    let (room, inside) = match screen {
        Screen::Lobby(lobby) => (Some(lobby.room.clone()), false),
        Screen::Meeting(Meeting { place: Place::Room { name, .. }, .. }) => (Some(name.clone()), true),
        _ => (None, false),
    };
    let free = matches!(screen, Screen::Start { .. } | Screen::Home { .. });
    // Not without a room: at the start, the address may name one that is only about to be opened.
    let named = room.clone();
    use_effect_on(room.clone(), move || {
        show_address(Some(&named?));
        Some(Box::new(|| show_address(None)))
    });
    let page = page.clone();
    use_effect_on((room.clone(), inside, free), move || {
        end_of(AddressWatch::new(move |new| {
            if new == room {
                return;
            }
            if room.is_some() {
                page.handle.intent(Intent::LeaveRoom);
            }
            if inside || !(free || room.is_some()) {
                // Leaving a room leads to its door, and nothing leads away from a call.
                show_address(room.as_deref());
            } else if let Some(new) = new {
                page.open_room(&new);
            }
        }))
    });
}
