//! What users do, in real browsers, against the real server. Run by `cargo xtask test e2e [NAME]`.

mod calling;
mod chat;
mod connections;
mod devices;
mod firefox;
mod firefox_rooms;
mod going_away;
mod keyboard;
mod languages;
mod leaks;
mod lobby;
mod media;
mod mid_call;
mod privacy;
mod rooms;
mod rooms_calls;
mod rooms_five;
mod rooms_going_away;
mod rooms_leaks;
mod rooms_names;
mod rooms_shortcuts;
mod rooms_sight;
mod screen;
mod settings;
mod signin;
mod tutorial;
