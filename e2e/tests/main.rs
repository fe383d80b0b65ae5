//! What users do, in real browsers, against the real server. Run by `cargo xtask test e2e [NAME]`.

mod calling;
mod chat;
mod firefox;
mod going_away;
mod keyboard;
mod languages;
mod leaks;
mod media;
mod mid_call;
mod privacy;
mod signin;
mod tutorial;
