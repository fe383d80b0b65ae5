//! What two browsers say to each other about their peer connection after its first offer and answer: in one
//! numbered stream, over whichever way is open. Nothing in here knows which way that is.

#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod stream;
mod wire;

use tincan_shared::{Description, IceCandidate, LeaveReason};

pub(crate) use stream::SignalStream;
pub(crate) use wire::{Content, SignalFrame, TAG};

/// One thing that is said, once and in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Description(Description),
    /// `None` after the last.
    Candidate(Option<IceCandidate>),
    /// Asks the other side to restart ICE.
    Restart,
    /// The call is over, or the room was left.
    Leave(LeaveReason),
    /// Of a later version. It has its number all the same.
    Nothing,
}
