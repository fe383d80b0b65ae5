//! Tests that record figures: the docs quote the figures with the command that measures them, such as
//! `cargo xtask test e2e rooms_five`. So the names of these modules stay as they are.
//!
//! Figures go to `target/e2e-numbers.jsonl`. The limits asserted here are far wider than what is usually
//! measured, since the machine may have other things to do.

mod files_numbers;
mod long_conversation;
mod rooms_five;
