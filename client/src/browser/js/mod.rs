//! What the other folders are built on: JavaScript's values and promises, tasks, the clock, randomness, and
//! the channel that takes events to the session.
//!
//! Nothing here knows a part of the page or of a call, and nothing here names another folder of `browser/`.

mod clock;
mod events;
mod fetch;
mod interop;
mod random;
mod task;

pub(crate) use clock::now;
pub(crate) use events::Events;
pub(crate) use fetch::{fetch, text_of};
pub(crate) use interop::{call, call_async, call_quietly, get, is_true, number, set, text};
pub(crate) use random::lower_case;
pub use random::random_bits;
pub(crate) use task::Task;
