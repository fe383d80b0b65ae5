//! The call machine: everything Tincan decides, and nothing it does.
//!
//! [`Session::handle`] takes one [`Input`] (what a user wants, a frame from the server, an event of the browser,
//! the passing of time) and answers the [`Effect`]s to carry out. [`Session::view`] is what the screen shows.
//! There is no clock, no randomness and no I/O in here, so the same inputs always give the same effects, and
//! `tests/simulation` can run several sessions and the server's hub over a network that it controls.
//!
//! Inside: `link` keeps one signaling connection alive, `negotiation` is the W3C's "perfect negotiation" for one
//! peer connection, `chat` the text over its data channel, `peer` joins those two with the watch over the
//! connection's health, `media` knows the local devices, and `session` is calling: ringing, accepting, ending.
//! [`files`] is the machine for files.

mod chat;
mod effect;
pub mod files;
mod ids;
mod input;
mod link;
mod media;
mod negotiation;
mod peer;
mod rng;
mod sending;
mod session;
mod time;
mod view;

pub use chat::{
    Author, Body, Conversation, Delivery, Line, MAX_LINE_BYTES, Reaction, Reactor, Recipient, Reply,
};
pub use effect::{Effect, LinkEffect, PeerEffect, SendLimits};
pub use ids::{CaptureId, Generation, LineId, MemberId, PeerConnectionId};
pub use input::{
    CameraSettings, CaptureSettings, Captured, ConnectionState, Device, DeviceError, Devices, Input, Intent,
    LinkEvent, MicrophoneSettings, PeerEvent, PictureSize, Shown, TrackId,
};
pub use rng::Seed;
pub use session::{CALL_TIMEOUT_MS, Session};
pub use time::Time;
pub use view::{
    CallKind, CallingStage, ConnectionView, DeviceView, EndReason, Lobby, LobbyProblem, LocalMediaView,
    Meeting, Notice, Participant, PastConversation, Place, RemoteMedia, Screen, ServerView, StartProblem,
    View,
};
