//! Files, over a data channel each.
//!
//! The bytes go from the worker (`worker/`) into the channel and from the channel into the worker; the page
//! only hands on what is in its hands already, and knows how much that may be. What goes over the channel:
//!
//! | who | what | means |
//! | --- | --- | --- |
//! | sender | binary | the next bytes, from the offset on that was agreed on before |
//! | sender | text, 64 hexadecimal digits | that were all, and this is the BLAKE3 of the whole |
//! | receiver | text, a number | so many bytes of the whole are written |
//! | receiver | `ok`, `mismatch`, `full` | how it ended |

mod receiver;
mod sender;
mod throttle;

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{Event, RtcDataChannel};

pub(crate) use receiver::FileReceiver;
pub(crate) use sender::FileSender;

/// The largest window, in bytes. A receiver never holds more than twice this that isn't written.
const LARGEST_WINDOW: u64 = 4 << 20;

/// What becomes of a file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunEvent {
    /// It can begin: so many bytes are there already (received) or would be left out (sent), and this is the
    /// BLAKE3 of these, in hexadecimal digits. The two sides go on where they were only if both say the same.
    Opened {
        /// In bytes.
        offset: u64,
        /// 64 digits.
        hash: String,
    },
    /// So many bytes of the whole are written on the receiver's disk. Said at most four times a second.
    Progress {
        /// Of the whole file.
        bytes: u64,
    },
    /// All of it is there, and it is what was sent.
    Done,
    /// What arrived is not what was sent. The receiver has dropped it.
    Mismatch,
    /// The receiver's disk, or what the browser grants of it, is full. What is written stays.
    Full,
    /// The file that is sent is no longer the one that was chosen, or can't be read.
    Changed,
    /// The channel has closed before the end. It can go on over another channel.
    Closed,
    /// The other side said what it may not. It isn't listened to any more.
    Broken,
    /// This browser can't read or store it: the worker doesn't start, there is no place, or another tab is at
    /// it.
    Unavailable,
}

/// Has `act` hear what comes of a channel, for as long as somebody else holds `this`.
fn hear<T: 'static>(
    this: &Rc<T>,
    channel: &RtcDataChannel,
    name: &'static str,
    act: fn(&T, &Event),
) -> EventListener {
    let this = Rc::downgrade(this);
    EventListener::new(channel, name, move |event| {
        if let Some(this) = this.upgrade() {
            act(&this, event);
        }
    })
}
