//! Coming back from the back/forward cache: the page said goodbye when it was left, and signs in again. It is
//! in the lazy part.

use std::cell::RefCell;
use std::rc::Rc;

use tincan_session::{Intent, MeetingKind, Screen};
use yew::prelude::*;

use crate::browser::RestoreWatch;
use crate::ui::context::page::use_page;
use crate::ui::parts::effect::{end_of, use_effect_on};

/// Who is here, and where.
#[derive(Clone, Debug, Default, PartialEq)]
struct Whereabouts {
    /// The name by which one is signed in.
    account: Option<String>,
    /// The room that one is in or stands before.
    room: Option<Room>,
}

#[derive(Clone, Debug, PartialEq)]
struct Room {
    name: String,
    /// What one is called inside, if one is.
    inside_as: Option<String>,
}

impl Whereabouts {
    /// Returns them as they are once `screen` is shown.
    fn then(self, screen: &Screen) -> Whereabouts {
        let at_home = |me: &String| Whereabouts { account: Some(me.clone()), room: None };
        match screen {
            Screen::Start { .. } => Whereabouts::default(),
            Screen::Home { me, .. } | Screen::Incoming { me, .. } => at_home(me),
            Screen::Calling { .. } => Whereabouts { room: None, ..self },
            Screen::Lobby(lobby) => {
                let room = Room { name: lobby.room.clone(), inside_as: None };
                Whereabouts { account: lobby.me.clone(), room: Some(room) }
            }
            Screen::Meeting(meeting) => match &meeting.kind {
                MeetingKind::Call { .. } => at_home(&meeting.me),
                MeetingKind::Room { name, .. } => {
                    let room = Room { name: name.clone(), inside_as: Some(meeting.me.clone()) };
                    Whereabouts { room: Some(room), ..self }
                }
            },
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ReturningProps {
    pub(super) screen: Screen,
}

/// Draws nothing.
#[component]
pub(super) fn Returning(props: &ReturningProps) -> Html {
    let page = use_page();
    let here = use_mut_ref(Whereabouts::default);
    here.replace_with(|here| std::mem::take(here).then(&props.screen));
    // Where to go once one is signed in.
    let next: Rc<RefCell<Option<Room>>> = use_mut_ref(|| None);
    let enter = {
        let page = page.clone();
        Callback::from(move |room: Room| {
            page.open_room(&room.name);
            if let Some(name) = room.inside_as {
                page.handle.intent(Intent::JoinRoom { name });
            }
        })
    };
    let is_home = matches!(props.screen, Screen::Home { .. });
    {
        let (next, enter) = (next.clone(), enter.clone());
        use_effect_on(is_home, move || {
            if is_home {
                next.take().into_iter().for_each(|room| enter.emit(room));
            }
            None
        });
    }
    use_effect_on((), move || {
        let left = RefCell::new(Whereabouts::default());
        end_of(RestoreWatch::new(move |restored| {
            if !restored {
                left.replace(here.borrow().clone());
                return;
            }
            let Whereabouts { account, room } = left.take();
            match account {
                Some(name) => {
                    next.replace(room);
                    page.handle.intent(Intent::SignIn { name });
                }
                None => room.into_iter().for_each(|room| enter.emit(room)),
            }
        }))
    });
    Html::default()
}

#[cfg(test)]
mod tests {
    use tincan_session::CallKind;

    use super::*;

    #[test]
    fn who_calls_is_still_signed_in_and_who_signs_out_is_nobody() {
        let home = Screen::Home { me: "Anna".to_owned(), notice: None, past: None };
        let incoming = Screen::Incoming {
            me: "Anna".to_owned(),
            past: None,
            peer: "Bob".to_owned(),
            kind: CallKind::Text,
            files: None,
        };
        let anna = Whereabouts::default().then(&home);
        assert_eq!(anna.account.as_deref(), Some("Anna"));
        assert_eq!(anna.clone().then(&incoming), anna);
        assert_eq!(anna.then(&Screen::Start { signing_in: false, problem: None }), Whereabouts::default());
    }
}
