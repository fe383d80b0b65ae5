//! Files from browser to browser: offering and accepting, going on after a cut, and the rules that protect
//! both sides.
//!
//! How fast files are is measured in `measurements/`.

mod resuming;
mod rules;
mod saving;
mod transfers;
