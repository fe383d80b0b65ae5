//! Camera, microphone, screen and their settings, in calls and in rooms, and what the page says about its
//! connections.
//!
//! Decoded frames and sound are counted, never assumed.

mod connections;
mod devices;
mod interruptions;
mod relaying;
mod rooms_sight;
mod screen;
mod seeing_and_hearing;
mod settings;
