//! Rooms: the lobby, meeting by a link, what people are called, and who goes away.
//!
//! Tests with three people and more begin with `Server::start_alone`. Five people are in `measurements/`.

mod calls;
mod going_away;
mod leaks;
mod lobby;
mod meeting;
mod names;
