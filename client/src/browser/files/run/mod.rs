//! One run of a transfer: a file on its way over one data channel. `pipe` is what both its ends share.
//!
//! The bytes go from the worker (`worker/`) into the channel, and from the channel into the worker. The page
//! only hands on what it holds already, and bounds how much that may be. What goes over the channel:
//!
//! | who | what | means |
//! | --- | --- | --- |
//! | sender | binary | the next bytes, from the offset on that was agreed on before |
//! | sender | text, 64 hexadecimal digits | that was all, and this is the BLAKE3 hash of the whole |
//! | receiver | text, a number | so many bytes of the whole are written |
//! | receiver | `ok`, `mismatch`, `full` | how it ended |

mod event;
mod pipe;
mod receiver;
mod sender;
mod throttle;

pub(crate) use event::RunEvent;
pub(crate) use receiver::FileReceiver;
pub(crate) use sender::FileSender;

/// The largest window, in bytes. A receiver never holds more than twice this that isn't written.
const LARGEST_WINDOW: u64 = 4 << 20;
