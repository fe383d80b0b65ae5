//! The screens outside of calls and rooms: a file and a component each.
//!
//! A screen is put together from `parts/`, `files/` and `chat/`. It knows neither the other screens nor what
//! is around it: that is `app/`. All but the first are loaded lazily, so nothing in the first load may name
//! them.

mod at_home;
mod calling;
mod explain;
mod home;
mod incoming;
mod last_conversation;
mod lobby;
mod on_phone;
mod start;

pub(super) use self::at_home::{AtHome, Ring};
pub(super) use self::calling::CallingScreen;
pub(super) use self::explain::server_trouble;
pub(super) use self::lobby::LobbyScreen;
pub(super) use self::start::StartScreen;
