//! What a Tincan client and server say to each other over the WebSocket, and the validated names and ids in it.
//!
//! The protocol is a superset of the classic WebRTC tutorial protocol (`login`, `offer`, `answer`, `candidate`,
//! `leave`): `docs/PROTOCOL.md` is its description, and the golden JSON in `tests/golden.rs` its proof.
//! Nothing here does I/O.

#![warn(missing_docs)]

mod call_id;
mod frame;
mod message;
mod name;
mod room;
mod sequence;

pub use call_id::{CallId, CallIdError};
pub use frame::{DecodeError, Frame, Numbers, Payload, decode_client, decode_server};
pub use message::{
    ClientMessage, Description, DescriptionKind, ErrorCode, FileNotice, IceCandidate, IceServer, LeaveReason,
    Login, LoginAnswer, LoginRefusal, Resume, ServerMessage,
};
pub use name::{MAX_NAME_CHARS, Name, NameError};
pub use room::{MAX_ROOM_NAME_CHARS, Member, ROOM_LIMIT, RoomAnswer, RoomName, RoomNameError, RoomRefusal};
pub use sequence::{Arrival, Inbox, Outbox, OutboxFull};

/// The version of the protocol that this crate speaks. Told by both sides at `login`; it changes only when
/// a message changes its meaning, since unknown fields and types are ignored.
pub const PROTOCOL_VERSION: u32 = 1;

/// The longest frame either side accepts, in bytes. A session description of a call with video is about a tenth.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;

/// How long a lost connection may stay away before its user counts as gone, in milliseconds.
pub const RESUME_GRACE_MS: u64 = 20_000;

/// After so many numbered frames at the latest, the receiver acknowledges them.
pub const ACKNOWLEDGE_EVERY: u64 = 16;

/// The WebSocket close code of a client that will be back and resume. Any other orderly close is a goodbye.
pub const CLOSE_TO_RESUME: u16 = 4000;
