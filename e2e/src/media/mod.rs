//! What is seen and heard: decoded frames and sound are counted, never assumed.
//!
//! `pictures.rs` looks at what the page shows and at everything that comes in, `streams.rs` at what comes
//! from and goes to each person by name.

mod pictures;
mod streams;

pub use pictures::Picture;
pub(crate) use streams::SCRIPT;
pub use streams::{Sent, each_with_each, everyone_meets_everyone, everyone_sees_everyone};
