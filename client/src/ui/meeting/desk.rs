//! What the user has open and chose to see. It is about this page alone, so the session knows nothing of it.

use std::rc::Rc;

use yew::prelude::*;

use super::arrangement::Choice;
use super::away::Sight;

/// A window over the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    Settings,
    Invite,
    Shortcuts,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Desk {
    /// Which pictures are big.
    pub(super) choice: Choice,
    /// What stands over the meeting.
    pub(super) window: Option<Window>,
    /// How many lines there were when the text was put away, if it is.
    pub(super) put_away: Option<usize>,
    /// Whether the panel about the connections is shown.
    pub(super) connections: bool,
    /// Whoever sits here talks into a muted microphone.
    pub(super) unheard: bool,
    /// How the page is seen.
    pub(super) sight: Sight,
}

/// What changes on it.
#[derive(Clone)]
pub(super) enum Change {
    Choose(Choice),
    Open(Window),
    /// Closes what is open.
    Close,
    /// Puts the text away, of so many lines, or shows it again.
    ToggleChat(usize),
    ToggleConnections,
    Unheard(bool),
    Sight(Sight),
}

pub(super) type Dispatcher = UseReducerDispatcher<Desk>;

impl Default for Desk {
    fn default() -> Desk {
        Desk {
            choice: Choice::Unmade,
            window: None,
            put_away: None,
            connections: false,
            unheard: false,
            sight: Sight::default(),
        }
    }
}

impl Reducible for Desk {
    type Action = Change;

    fn reduce(self: Rc<Desk>, change: Change) -> Rc<Desk> {
        let mut desk = (*self).clone();
        match change {
            Change::Choose(choice) => desk.choice = choice,
            Change::Open(window) => desk.window = Some(window),
            Change::Close if desk.window.is_some() => desk.window = None,
            Change::Close => desk.connections = false,
            Change::ToggleChat(lines) => desk.put_away = desk.put_away.is_none().then_some(lines),
            Change::Unheard(unheard) => desk.unheard = unheard,
            Change::Sight(sight) => desk.sight = sight,
            Change::ToggleConnections => desk.connections = !desk.connections,
        }
        Rc::new(desk)
    }
}

/// What a button does that makes one change.
pub(super) fn press(desk: &Dispatcher, change: Change) -> Callback<MouseEvent> {
    let desk = desk.clone();
    Callback::from(move |_| desk.dispatch(change.clone()))
}
