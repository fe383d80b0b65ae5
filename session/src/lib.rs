//! The session: a state machine that makes every decision of Tincan's page, and carries none of them out.
//!
//! [`Session::handle`] takes one [`Input`] (what a user wants, a frame from the server, an event of the
//! browser, the passing of time) and returns the [`Effect`]s to carry out. [`Session::view`] is what the
//! screen shows. There is no clock, no randomness and no I/O in here: the same inputs always give the same
//! effects, so `tests/simulation` can run several sessions and the server's hub over a network that it
//! controls.
//!
//! Each part uses only those before it in this list (`cargo xtask check` enforces it):
//!
//! - `ids`, `time`, `device`: the types that everything else names;
//! - `chat`: what is said over one data channel, and the lines of a conversation;
//! - [`files`]: the machine for files;
//! - `view`, `input`, `effect`: what goes in and out;
//! - `envelope`: tells the messages of the chat from those about files;
//! - `random`: the source of randomness; `names`: how names are compared;
//! - `over`, `rings`: what is remembered of calls that are over, and of calls that rang;
//! - `media`: the local devices; `signaling`: one login, kept alive;
//! - `context`: all of that in one struct, which everything below works with;
//! - `member`: somebody else, with negotiation and health of the peer connection to them;
//! - `group_chat`: one conversation with all members;
//! - `call`, `room`: the two ways to be with others;
//! - `place`: where the user is: nowhere, in a call, or at a room;
//! - `local_devices`: turns devices on and off, and sends their tracks to every member;
//! - `file_sharing`: tells the machine for files who is there, and what they say;
//! - `session`: takes each input, and hands it to the part that it concerns.

mod call;
mod chat;
mod clock;
mod context;
mod device;
mod effect;
mod envelope;
mod file_sharing;
pub mod files;
mod group_chat;
mod ids;
mod input;
mod local_devices;
mod media;
mod member;
mod names;
mod over;
mod place;
mod random;
mod rings;
mod room;
mod session;
mod signal;
mod signaling;
mod system_mute;
mod time;
mod view;

pub use call::CALL_TIMEOUT_MS;
pub use chat::{
    Author, Body, Conversation, Delivery, Line, MAX_LINE_BYTES, Reaction, Reactor, Recipient, Reply,
};
pub use device::{
    CameraSettings, CaptureSettings, Captured, Device, DeviceError, Devices, MicrophoneSettings, PictureSize,
    TrackId,
};
pub use effect::{Effect, IceSettings, PeerEffect, SendLimits, SignalingEffect};
pub use ids::{CaptureId, Generation, LineId, MemberId, PeerConnectionId};
pub use input::{ConnectionState, Input, Intent, PeerEvent, Recipients, Shown, SignalingEvent};
pub use session::Session;
pub use time::Time;
pub use view::{
    CallKind, CallingStage, ConnectionView, DeviceView, EndReason, Kept, KeptCall, LineRefusal, Lobby,
    LobbyProblem, LocalMediaView, Meeting, MeetingKind, NoPath, Notice, Participant, PastConversation,
    RemoteMedia, Screen, Sent, ServerTrouble, ServerView, Side, StartProblem, View,
};

/// What must hold of whatever a peer sends, for the fuzz targets in `fuzz/`: what they are about is private.
#[cfg(feature = "fuzzing")]
pub mod fuzzing {
    pub use crate::chat::fuzzing::chat_text;
    pub use crate::files::fuzzing::{file_name, file_text};
}
