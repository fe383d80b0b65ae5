//! Direct calls between two people: how they begin, change and end, and that they leave nothing behind.
//!
//! What is seen and heard in a call is tested in `media/`. What is written in it is tested in `chat/`.

mod glare;
mod going_away;
mod leaks;
mod mid_call;
mod no_path;
mod ringing;
mod tutorial;
