//! The text chat of a call or room: how lines arrive, and what people do with lines.
//!
//! A conversation of ten thousand lines is in `measurements/`.

mod conversation;
mod text;
