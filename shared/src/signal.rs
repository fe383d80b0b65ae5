//! What two browsers say to each other about their peer connection after its first offer and answer: over
//! their data channel, or past it as the text of a `signal`.

use serde::Serializer;

use crate::frame::{Fielded, Fields, Frame, Writer};
use crate::message::{Description, IceCandidate, LeaveReason};

/// One message of a stream. [`Frame::seq`] numbers it, where it has a number; [`Frame::ack`] says up to which
/// number everything of the other side's has been taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamMessage {
    /// Names the peer connection, and so the stream: what the first offer has in `stream`.
    pub stream: u64,
    /// What is said.
    pub signal: Signal,
}

/// One thing that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// An offer or an answer.
    Description(Description),
    /// A candidate; `None` after the last.
    Candidate(Option<IceCandidate>),
    /// Asks the other side to restart ICE.
    Restart,
    /// The page is going. If it is loaded anew, it will be back in a moment.
    Away,
    /// The call is over, or the room was left.
    Leave(LeaveReason),
    /// Asks for a sign of life. Has no number.
    Ping,
    /// The answer to it. Has no number.
    Pong,
    /// Nothing but its numbers; or something of a later version.
    Nothing,
}

impl Signal {
    /// The tag `t` of every such message among those of a data channel.
    pub const TAG: &str = "signal";
}

/// Decodes a message of a stream. Returns `None` if it is none.
pub fn decode_signal(text: &str) -> Option<Frame<StreamMessage>> {
    Fields::read(text)
        .ok()?
        .frame(|fields| Ok(StreamMessage { stream: fields.required("stream")?, signal: signal(fields) }))
        .ok()
}

/// Returns what is said. What can't be read still has its number, and must not hold up the next.
fn signal(fields: &Fields<'_>) -> Signal {
    if let Ok(description) = fields.payload("description") {
        return Signal::Description(description);
    }
    if let Ok(candidate) = fields.nullable_payload("candidate") {
        return Signal::Candidate(candidate);
    }
    if let Ok(reason) = fields.required("leave") {
        return Signal::Leave(reason);
    }
    match fields.required::<String>("do").as_deref() {
        Ok("restart") => Signal::Restart,
        Ok("away") => Signal::Away,
        Ok("ping") => Signal::Ping,
        Ok("pong") => Signal::Pong,
        _ => Signal::Nothing,
    }
}

impl Fielded for StreamMessage {
    fn write<S: Serializer>(&self, to: &mut Writer<S>) -> Result<(), S::Error> {
        to.field("t", Signal::TAG)?;
        to.field("stream", &self.stream)?;
        match &self.signal {
            Signal::Description(description) => to.field("description", description),
            Signal::Candidate(candidate) => to.field("candidate", candidate),
            Signal::Leave(reason) => to.field("leave", reason),
            Signal::Restart => to.field("do", "restart"),
            Signal::Away => to.field("do", "away"),
            Signal::Ping => to.field("do", "ping"),
            Signal::Pong => to.field("do", "pong"),
            Signal::Nothing => Ok(()),
        }
    }
}
