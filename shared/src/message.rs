//! The messages. Their JSON is in `frame.rs`.

use serde::{Deserialize, Serialize};

use crate::{CallId, NameError, RoomAnswer, RoomMember, RoomRefusal};

/// A message of a client. `D` and `C` are how session descriptions and candidates are held: parsed in a
/// client, and as untouched JSON in the server, which only passes them on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientMessage<D = Description, C = IceCandidate> {
    /// Signs in by a name, or as a guest of a room. Answered by [`ServerMessage::Login`].
    Login(Login),
    /// Rings `name`, or renegotiates a running call with them.
    Offer {
        /// With whom.
        name: String,
        /// The session description.
        offer: D,
        /// Which call. Classic clients leave it out.
        call: Option<CallId>,
        /// The files that the call is made for, if any.
        files: Option<FileNotice>,
        /// The number of the stream of signals that this begins, or goes on with: see
        /// [`ClientMessage::Signal`]. `None` where the sender has none.
        stream: Option<u64>,
    },
    /// Answers an offer: accepts the call, or completes a renegotiation.
    Answer {
        /// With whom.
        name: String,
        /// The session description.
        answer: D,
        /// Which call.
        call: Option<CallId>,
        /// The number of the stream of signals that this begins, or goes on with: see
        /// [`ClientMessage::Signal`]. `None` where the sender has none.
        stream: Option<u64>,
    },
    /// Tells `name` an ICE candidate of this side.
    Candidate {
        /// With whom.
        name: String,
        /// The candidate; `None` after the last.
        candidate: Option<C>,
        /// Which call.
        call: Option<CallId>,
    },
    /// Declines, cancels or ends a call.
    Leave {
        /// With whom. Classic clients may leave it out: then all calls of this client end.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
        /// Why.
        reason: Option<LeaveReason>,
    },
    /// Joins a room. Answered by [`ServerMessage::Room`]. A guest joins by [`Login::room`] instead.
    Join {
        /// The room's name, as typed.
        room: String,
    },
    /// Leaves the room.
    LeaveRoom,
    /// Asks for a new call id with a member of the room, because the peer connection can't be repaired. The
    /// server tells both [`ServerMessage::Joined`]. It doesn't answer if `call` isn't the present call of the
    /// two, as when both ask.
    Reconnect {
        /// The member's address.
        name: String,
        /// The call that failed.
        call: CallId,
    },
    /// Tells `name` what the data channel between the two can't, because it isn't open. Only within a call.
    Signal {
        /// With whom.
        name: String,
        /// Which call.
        call: CallId,
        /// What the data channel would carry. Opaque to the server.
        signal: String,
    },
    /// Says that a call goes on which the server may have forgotten. Once both sides have said so, each is
    /// told [`ServerMessage::Reachable`].
    Claim(Claim),
    /// Asks for a [`ServerMessage::Pong`]. Shows that the connection is alive, and carries an
    /// acknowledgement.
    Ping,
}

/// The first message of a client. It asks for a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The name, as typed. The server checks it as [`crate::Name`] does.
    pub name: String,
    /// Whether the client wants to resume later, or resumes now.
    pub resume: Option<Resume>,
    /// The room that the client joins as a guest. Then the name is only what the guest is called in the room,
    /// and a [`ServerMessage::Room`] follows the answer.
    pub room: Option<String>,
    /// The number of the last frame received from the server, when resuming; else 0.
    pub received: u64,
    /// The protocol version that the client speaks.
    pub version: Option<u32>,
    /// The calls that go on although the server may have forgotten them: see [`ClientMessage::Claim`]. At
    /// most [`MAX_CLAIMS`].
    pub calls: Vec<Claim>,
    /// The [`LoginAnswer::ticket`] that came last.
    pub ticket: Option<String>,
}

/// How many calls a client may claim at once: one with each other member of the largest room, and more.
pub const MAX_CLAIMS: usize = 64;

/// Says that the call with somebody goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The address of the other side.
    pub name: String,
    /// Which call.
    pub call: CallId,
}

/// The field `resume` of a login: on the wire a boolean, or the token as a string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Resume {
    /// Asks for a token, so that the client can come back. `false` means the same as no field.
    Ask(bool),
    /// Resumes the connection with this token; or, if no user has the token, asks for it as one's own.
    Token(String),
}

/// A message of the server. `D` and `C` are as in [`ClientMessage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerMessage<D = Description, C = IceCandidate> {
    /// The answer to a login.
    Login(LoginAnswer),
    /// `name` calls, or renegotiates a running call.
    Offer {
        /// The session description.
        offer: D,
        /// Who: the address of the other side.
        name: String,
        /// Which call.
        call: Option<CallId>,
        /// The files that the call is made for, if any.
        files: Option<FileNotice>,
        /// The number of the stream of signals that this begins, or goes on with: see
        /// [`ClientMessage::Signal`]. `None` where the sender has none.
        stream: Option<u64>,
    },
    /// The answer to an offer.
    Answer {
        /// The session description.
        answer: D,
        /// Who: the address of the other side.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
        /// The number of the stream of signals that this begins, or goes on with: see
        /// [`ClientMessage::Signal`]. `None` where the sender has none.
        stream: Option<u64>,
    },
    /// An ICE candidate of the other side.
    Candidate {
        /// The candidate; `None` after the last.
        candidate: Option<C>,
        /// Who: the address of the other side.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
    },
    /// The call was declined, cancelled or ended, or could not begin.
    Leave {
        /// Who: the address of the other side.
        name: Option<String>,
        /// Which call.
        call: Option<CallId>,
        /// Why.
        reason: Option<LeaveReason>,
    },
    /// The offer of `call` was passed on to `name`. The server says so only where the offer had a call id.
    Ringing {
        /// Who was called, spelled as they spell their name.
        name: String,
        /// Which call.
        call: CallId,
    },
    /// What `name` says in this call, past the data channel.
    Signal {
        /// Who: the address of the other side.
        name: String,
        /// Which call.
        call: CallId,
        /// See [`ClientMessage::Signal`].
        signal: String,
    },
    /// Both sides have claimed this call, so the server knows it again: what either says there is passed on.
    Reachable {
        /// With whom: the address of the other side.
        name: String,
        /// Which call.
        call: CallId,
    },
    /// The answer to joining a room.
    Room(RoomAnswer),
    /// Somebody joined the room; or the call with a member begins anew, under this new call id.
    Joined(RoomMember),
    /// Somebody left the room, and the call with them is over.
    Left {
        /// Who: the member's address.
        name: String,
        /// Which call.
        call: CallId,
        /// Why.
        reason: Option<LeaveReason>,
    },
    /// A guest in the room, perhaps the receiver, has a new display name, because somebody who is signed in
    /// has the guest's former one.
    Renamed {
        /// Who: the guest's address.
        name: String,
        /// The new display name.
        display_name: String,
    },
    /// A frame of the client was wrong or could not be passed on.
    Error {
        /// What was wrong, in English, for people who write clients.
        message: String,
        /// What was wrong, for programs.
        code: Option<ErrorCode>,
        /// The call that the frame was about.
        call: Option<CallId>,
    },
    /// The answer to [`ClientMessage::Ping`]. Carries an acknowledgement. The server also sends it unasked,
    /// with the acknowledgement of every 16th frame.
    Pong,
}

/// The answer to a login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginAnswer {
    /// Whether the client is signed in.
    pub success: bool,
    /// The client's address: the name as the server spells it or, for a guest, an address of the server's
    /// making.
    pub name: Option<String>,
    /// A guest's display name in the room.
    pub display_name: Option<String>,
    /// Why the login was refused.
    pub reason: Option<LoginRefusal>,
    /// The token to resume by, if the client asked for one.
    pub resume: Option<String>,
    /// Shows to the same server, after a restart, that the name was this client's: together with the token,
    /// and only for a while. `None` where the server keeps nothing by which to tell.
    pub ticket: Option<String>,
    /// Whether an earlier connection goes on. If not, the server knows nothing from before but what was
    /// claimed: see [`Login::calls`].
    pub resumed: bool,
    /// The number of the last frame received from the client, when resumed; else 0.
    pub received: u64,
    /// The `iceServers` of `RTCConfiguration` (W3C WebRTC, section 4.2.1).
    pub ice_servers: Vec<IceServer>,
    /// The protocol version that the server speaks.
    pub version: Option<u32>,
}

/// Why a login was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoginRefusal {
    /// Somebody else has the name.
    InUse,
    /// See [`NameError::Empty`].
    Empty,
    /// See [`NameError::TooLong`].
    TooLong,
    /// See [`NameError::ControlCharacter`].
    ControlCharacter,
    /// The server has as many users as it may.
    ServerFull,
    /// Somebody is signed in whose name looks the same.
    Confusable,
    /// Too many have signed in from the client's network address.
    TooMany,
    /// See [`RoomRefusal::Full`].
    RoomFull,
    /// See [`RoomRefusal::Name`].
    RoomName,
    /// A value that this version doesn't know.
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
            RoomRefusal::TooMany => LoginRefusal::TooMany,
            RoomRefusal::Elsewhere | RoomRefusal::Other => LoginRefusal::Other,
        }
    }
}

/// Why a call ended, or never began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeaveReason {
    /// The callee declined.
    Declined,
    /// The callee is in another call or room, or is being called.
    Busy,
    /// The callee did not answer in time.
    NoAnswer,
    /// Nobody of that name is signed in. Said by the server.
    Unavailable,
    /// The name is the caller's own. Said by the server.
    Yourself,
    /// The caller cancelled before the call was accepted.
    Cancelled,
    /// One side hung up, or closed its WebSocket.
    Hangup,
    /// The other side lost its connection to the server and did not come back. Said by the server.
    Lost,
    /// The two browsers found no way to each other.
    NoConnection,
    /// The peer connection was lost.
    Failed,
    /// A value that this version doesn't know.
    #[serde(other)]
    Other,
}

/// What was wrong with a client's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The frame is not JSON.
    NotJson,
    /// The frame is JSON, but no object.
    NotAnObject,
    /// A field is missing or of the wrong type.
    BadMessage,
    /// The `type` is unknown.
    UnknownType,
    /// The frame is longer than [`crate::MAX_FRAME_BYTES`].
    TooLarge,
    /// The frame is binary.
    Binary,
    /// The client has not signed in, or did not in time.
    LoginFirst,
    /// The client has signed in before.
    AlreadySignedIn,
    /// Nobody of that name is signed in, or there is no call with them.
    Unavailable,
    /// The client is in no room.
    NotInRoom,
    /// Too much waits to be sent to the receiver; the frame was not passed on.
    QueueFull,
    /// The client sent too many frames too fast, or doesn't read.
    TooFast,
    /// A numbered frame came, and the one before it didn't.
    OutOfOrder,
    /// Another connection resumed this one.
    Replaced,
    /// A value that this version doesn't know.
    #[serde(other)]
    Other,
}

/// The files that a call is made for. The callee sees them before accepting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNotice {
    /// The name of the first file. The caller's word, unchecked.
    pub name: String,
    /// The number of files.
    pub count: u32,
    /// The size of all files together, in bytes.
    pub bytes: u64,
}

/// `RTCSessionDescriptionInit` (W3C WebRTC, section 4.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Offer or answer.
    #[serde(rename = "type")]
    pub kind: DescriptionKind,
    /// The session description (RFC 8866). Opaque to everything but the browser.
    pub sdp: String,
}

/// `RTCSdpType` (W3C WebRTC, section 4.6), as far as it goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DescriptionKind {
    /// Begins a negotiation.
    Offer,
    /// Completes a negotiation.
    Answer,
}

/// `RTCIceCandidateInit` (W3C WebRTC, section 4.8.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IceCandidate {
    /// The candidate attribute (RFC 8839, section 5.1). Empty after the last candidate of a generation.
    #[serde(default)]
    pub candidate: String,
    /// The `mid` of the media section.
    pub sdp_mid: Option<String>,
    /// The index of the media section.
    pub sdp_m_line_index: Option<u16>,
    /// The ICE user name fragment, which tells the generation that the candidate belongs to.
    pub username_fragment: Option<String>,
}

/// `RTCIceServer` (W3C WebRTC, section 4.2.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// URLs of the schemes `stun`, `stuns` (RFC 7064), `turn` or `turns` (RFC 7065).
    pub urls: Vec<String>,
    /// The user name for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}
