//! The machine for files: who offers what to whom, what was accepted, which transfer runs next, and how an
//! interrupted one goes on.
//!
//! `machine` takes each input, and a module beside it handles it: `presence` (who comes and goes), `frames`
//! (what they say), `intents` (what the user wants), `turns` (which transfers may run). `transfer`,
//! `outgoing` and `incoming` are one transfer and its states, `transfers` all of them, `context` what they
//! work with. Nothing in here knows of calls, rooms or chat, or touches a byte of a file; only `picture`
//! looks at the first, before one is drawn.

mod announced;
mod backoff;
mod context;
mod effect;
mod end;
mod frames;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod id;
mod incoming;
mod intents;
mod limits;
mod machine;
mod name;
mod outgoing;
mod people;
mod picture;
mod presence;
mod speed;
mod transfer;
mod transfers;
mod turns;
mod view;
mod wire;

pub use effect::{Direction, FileEffect, FileEvent, Remembered, SourceId};
pub use id::{ContentHash, Run, TransferId};
pub use intents::{FileIntent, OfferError, SourceFile};
pub use limits::{MAX_FILE_BYTES, MAX_OPEN, MAX_RUNNING, window_bytes};
pub use machine::{FileInput, FileMachine, Files};
pub use name::safe_name;
pub use picture::{PICTURE_HEAD_BYTES, is_drawable};
pub use view::{FileProblem, TransferState, TransferView};
pub use wire::FileText;

#[cfg(test)]
mod tests;
