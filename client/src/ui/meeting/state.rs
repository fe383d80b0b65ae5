//! What the user has open and chose to see. It concerns this page alone, so the session doesn't know it.

use std::rc::Rc;

use yew::prelude::*;

use super::arrangement::Choice;
use super::visibility::Visibility;

/// A dialog over the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialog {
    Settings,
    Invite,
    Shortcuts,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct MeetingState {
    /// Which pictures are big.
    pub(super) choice: Choice,
    pub(super) dialog: Option<Dialog>,
    /// How many lines the conversation had when the user hid it; `None` while it is shown.
    pub(super) chat_hidden_at: Option<usize>,
    /// Whether the panel about the connections is shown.
    pub(super) connections: bool,
    /// Whether the user is talking into a muted microphone.
    pub(super) speaking_while_muted: bool,
    pub(super) visibility: Visibility,
}

#[derive(Clone)]
pub(super) enum Change {
    Choose(Choice),
    Open(Dialog),
    /// Closes the dialog, or else the panel about the connections.
    Close,
    /// Hides the conversation, which has this many lines, or shows it again.
    ToggleChat(usize),
    ToggleConnections,
    SpeakingWhileMuted(bool),
    Visibility(Visibility),
}

pub(super) type Dispatcher = UseReducerDispatcher<MeetingState>;

impl Default for MeetingState {
    fn default() -> MeetingState {
        MeetingState {
            choice: Choice::Unmade,
            dialog: None,
            chat_hidden_at: None,
            connections: false,
            speaking_while_muted: false,
            visibility: Visibility::default(),
        }
    }
}

impl Reducible for MeetingState {
    type Action = Change;

    fn reduce(self: Rc<MeetingState>, change: Change) -> Rc<MeetingState> {
        let mut state = (*self).clone();
        match change {
            Change::Choose(choice) => state.choice = choice,
            Change::Open(dialog) => state.dialog = Some(dialog),
            Change::Close if state.dialog.is_some() => state.dialog = None,
            Change::Close => state.connections = false,
            Change::ToggleChat(lines) => {
                state.chat_hidden_at = state.chat_hidden_at.is_none().then_some(lines);
            }
            Change::ToggleConnections => state.connections = !state.connections,
            Change::SpeakingWhileMuted(speaking) => state.speaking_while_muted = speaking,
            Change::Visibility(visibility) => state.visibility = visibility,
        }
        Rc::new(state)
    }
}

/// Returns a button's `onclick` that makes one change.
pub(super) fn dispatching(dispatcher: &Dispatcher, change: Change) -> Callback<MouseEvent> {
    let dispatcher = dispatcher.clone();
    Callback::from(move |_| dispatcher.dispatch(change.clone()))
}
