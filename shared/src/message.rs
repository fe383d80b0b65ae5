//! The messages themselves. How they stand in JSON is `frame.rs`.

use serde::{Deserialize, Serialize};

use crate::{CallId, Member, NameError, RoomAnswer, RoomRefusal};

/// What a client says. `D` and `C` are how session descriptions and candidates are held: parsed in a client,
/// as the untouched JSON in the server, which only passes them on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientMessage<D = Description, C = IceCandidate> {
    /// Take a name.
    Login(Login),
    /// Ring `name`, or renegotiate a running call with them.
    Offer {
        /// Whom.
        name: String,
        /// The session description.
        offer: D,
        /// Which call; the classic protocol has none.
        call: Option<CallId>,
        /// What will be handed over, where that is what the call is for.
        files: Option<FileNotice>,
    },
    /// Accept an offer.
    Answer {
        /// Whom.
        name: String,
        /// The session description.
        answer: D,
        /// Which call.
        call: Option<CallId>,
    },
    /// A way to reach this side.
    Candidate {
        /// Whom.
        name: String,
        /// The candidate; `None` after the last.
        candidate: Option<C>,
        /// Which call.
        call: Option<CallId>,
    },
    /// Decline, cancel or end a call.
    Leave {
        /// Whom. The classic protocol may leave it out: then everyone this connection is in a call with.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
        /// Why.
        reason: Option<LeaveReason>,
    },
    /// Go into a room. Answered by a [`ServerMessage::Room`]. A guest says so in the [`Login`].
    Join {
        /// Which.
        room: String,
    },
    /// Leave the room that one is in.
    LeaveRoom,
    /// The connection to a member of one's room is beyond repair: have both begin anew, under a new call id. Answered
    /// by a [`ServerMessage::Joined`], to both; not at all where `call` isn't the one that the server knows of, as when
    /// both ask.
    Reconnect {
        /// Their address.
        name: String,
        /// Which call is no more.
        call: CallId,
    },
    /// Asks for a [`ServerMessage::Pong`]: a sign of life, and the carrier of an acknowledgement.
    Ping,
}

/// The first message of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The name, as typed.
    pub name: String,
    /// Whether, and which, connection is to be resumed.
    pub resume: Option<Resume>,
    /// The room of which this is a guest. Then the name need be unique only there, and a [`ServerMessage::Room`] follows
    /// the answer.
    pub room: Option<String>,
    /// How far the server's numbered frames were received, when resuming.
    pub received: u64,
    /// The protocol version that the client speaks.
    pub version: Option<u32>,
}

/// What a login asks of `resume`. On the wire `true`, or the token as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Resume {
    /// Grant me a token, so that I can come back. (`false` is as good as no field at all.)
    Ask(bool),
    /// I am the one with this token.
    Token(String),
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerMessage<D = Description, C = IceCandidate> {
    /// The answer to a login.
    Login(LoginAnswer),
    /// `name` rings, or renegotiates.
    Offer {
        /// The session description.
        offer: D,
        /// Who.
        name: String,
        /// Which call.
        call: Option<CallId>,
        /// What will be handed over, where that is what the call is for.
        files: Option<FileNotice>,
    },
    /// The offer was accepted.
    Answer {
        /// The session description.
        answer: D,
        /// Who.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
    },
    /// A way to reach `name`.
    Candidate {
        /// The candidate; `None` after the last.
        candidate: Option<C>,
        /// Who.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
    },
    /// The call is declined, cancelled or over, or never came about.
    Leave {
        /// Who.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
        /// Why.
        reason: Option<LeaveReason>,
    },
    /// The offer of `call` was handed to `name`. Only for clients that gave their call an id.
    Ringing {
        /// Whom, as they write their name.
        name: String,
        /// Which call.
        call: CallId,
    },
    /// What became of a wish to join a room.
    Room(RoomAnswer),
    /// Somebody has come into one's room; or the call with a member is to begin anew, under this new id.
    Joined(Member),
    /// Somebody has left one's room, and the call with them is over.
    Left {
        /// Their address.
        name: String,
        /// Which call.
        call: CallId,
        /// Why.
        reason: Option<LeaveReason>,
    },
    /// A guest of one's room, perhaps oneself, gave way to somebody who has signed in with that name.
    Renamed {
        /// Their address.
        name: String,
        /// What they are called from now on.
        display_name: String,
    },
    /// A frame of the client's could not be acted on.
    Error {
        /// In English, for people who write clients.
        message: String,
        /// The same for programs.
        code: Option<ErrorCode>,
        /// The call that the frame was about.
        call: Option<CallId>,
    },
    /// The answer to a ping, and the carrier of an acknowledgement.
    Pong,
}

/// The answer to a login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginAnswer {
    /// Whether the name is now the client's.
    pub success: bool,
    /// The name as the server holds it; a guest's address.
    pub name: Option<String>,
    /// What a guest is called in the room.
    pub display_name: Option<String>,
    /// Why not, when refused.
    pub reason: Option<LoginRefusal>,
    /// The token to come back with, when asked for.
    pub resume: Option<String>,
    /// Whether an earlier connection goes on. Otherwise everything the server knew of the client is gone.
    pub resumed: bool,
    /// How far the client's numbered frames were received, when resumed.
    pub received: u64,
    /// What to hand to `RTCPeerConnection` as `iceServers`.
    pub ice_servers: Vec<IceServer>,
    /// The protocol version that the server speaks.
    pub version: Option<u32>,
}

/// Why a login was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoginRefusal {
    /// Somebody else has it.
    InUse,
    /// See [`NameError::Empty`].
    Empty,
    /// See [`NameError::TooLong`].
    TooLong,
    /// See [`NameError::ControlCharacter`].
    ControlCharacter,
    /// The server holds as many users as it may.
    ServerFull,
    /// See [`RoomRefusal::Full`].
    RoomFull,
    /// See [`RoomRefusal::Name`].
    RoomName,
    /// One that this version doesn't know.
    #[serde(other)]
    Other,
}

impl From<NameError> for LoginRefusal {
    fn from(error: NameError) -> LoginRefusal {
        match error {
            NameError::Empty => LoginRefusal::Empty,
            NameError::TooLong => LoginRefusal::TooLong,
            NameError::ControlCharacter => LoginRefusal::ControlCharacter,
        }
    }
}

impl From<RoomRefusal> for LoginRefusal {
    fn from(refusal: RoomRefusal) -> LoginRefusal {
        match refusal {
            RoomRefusal::Full => LoginRefusal::RoomFull,
            RoomRefusal::Name => LoginRefusal::RoomName,
            RoomRefusal::Elsewhere | RoomRefusal::Other => LoginRefusal::Other,
        }
    }
}

/// Why a call ended, or never began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeaveReason {
    /// Whoever was called doesn't want to.
    Declined,
    /// Whoever was called is in another call.
    Busy,
    /// Nobody accepted in time.
    NoAnswer,
    /// Nobody of that name is signed in. Said by the server.
    Unavailable,
    /// One can't call oneself. Said by the server.
    Yourself,
    /// The caller gave up before it was accepted.
    Cancelled,
    /// Hung up.
    Hangup,
    /// The side that is gone lost its connection to the server. Said by the server.
    Lost,
    /// The two could not be connected, or not any more.
    Failed,
    /// One that this version doesn't know.
    #[serde(other)]
    Other,
}

/// What was wrong with a client's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// Not JSON.
    NotJson,
    /// JSON, but no object.
    NotAnObject,
    /// A field is missing or of the wrong type.
    BadMessage,
    /// Nothing of that `type`.
    UnknownType,
    /// Longer than [`crate::MAX_FRAME_BYTES`].
    TooLarge,
    /// A binary frame.
    Binary,
    /// Anything before `login`.
    LoginFirst,
    /// A second `login`.
    AlreadySignedIn,
    /// Nobody of that name is signed in, or there is no call with them.
    Unavailable,
    /// One has to be in a room for that.
    NotInRoom,
    /// Too much waits to be sent to that name.
    QueueFull,
    /// Too many frames too fast.
    TooFast,
    /// A numbered frame came without the one before it.
    OutOfOrder,
    /// The connection was resumed by another one.
    Replaced,
    /// One that this version doesn't know.
    #[serde(other)]
    Other,
}

/// The files that a call is made for, so that whoever is called knows what they would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNotice {
    /// What the first is called: the caller's word, unchecked.
    pub name: String,
    /// How many there are.
    pub count: u32,
    /// How large they are together, in bytes.
    pub bytes: u64,
}

/// `RTCSessionDescriptionInit` (W3C WebRTC, section 4.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: DescriptionKind,
    /// The description: opaque to everything but the browser.
    pub sdp: String,
}

/// `RTCSdpType`, as far as it goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DescriptionKind {
    /// Opens a negotiation.
    Offer,
    /// Closes it.
    Answer,
}

/// `RTCIceCandidateInit` (W3C WebRTC, section 4.8.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IceCandidate {
    /// The candidate attribute of RFC 8839, section 5.1; empty after the last of a generation.
    #[serde(default)]
    pub candidate: String,
    /// The media section's id.
    pub sdp_mid: Option<String>,
    /// The media section's index.
    pub sdp_m_line_index: Option<u16>,
    /// The ICE generation it belongs to.
    pub username_fragment: Option<String>,
}

/// `RTCIceServer` (W3C WebRTC, section 4.2.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:`, `stuns:`, `turn:` or `turns:` URLs.
    pub urls: Vec<String>,
    /// TURN's user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// TURN's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}
