//! The screen of a call or a room: the pictures, the people, the conversation and the buttons.
//!
//! `screen` puts the rest together. Which dialog is open and which picture is large is the state of this
//! folder (`state`). Everything about the call itself comes from the session. A conversation is drawn by
//! `chat/` and a file by `files/`, which know nothing of this folder.

mod arrangement;
mod bar;
mod connections;
mod controls;
mod dialogs;
#[cfg(test)]
mod examples;
mod keys;
mod layout;
mod people;
mod screen;
mod stage;
mod state;
mod tile;
mod visibility;
mod voice;

use tincan_session::Meeting;

pub(super) use self::screen::MeetingScreen;

/// Returns the name of the other person in a call.
pub(super) fn callee(meeting: &Meeting) -> &str {
    meeting.others.first().map_or("", |other| &other.name)
}
