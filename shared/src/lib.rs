//! The messages between a Tincan client and server over the WebSocket, and the validated names and ids in
//! them.
//!
//! The protocol is a superset of the classic WebRTC tutorial protocol (`login`, `offer`, `answer`,
//! `candidate`, `leave`). `docs/PROTOCOL.md` describes it, and `tests/golden.rs` has the exact JSON of every
//! message. Nothing here does I/O, and nothing here names a browser type, a runtime or a clock.

#![warn(missing_docs)]

mod call_id;
mod frame;
mod message;
mod name;
mod room;
mod sequence;
mod signal;

pub use call_id::{CallId, CallIdError};
pub use frame::{BadFrame, DecodeError, Frame, Numbers, Payload, decode_client, decode_server};
pub use message::{
    Claim, ClientMessage, Description, DescriptionKind, ErrorCode, FileNotice, IceCandidate, IceServer,
    LeaveReason, Login, LoginAnswer, LoginRefusal, MAX_CLAIMS, Resume, ServerMessage,
};
pub use name::{MAX_NAME_CHARS, Name, NameError};
pub use room::{
    MAX_ROOM_NAME_CHARS, ROOM_LIMIT, RoomAnswer, RoomMember, RoomName, RoomNameError, RoomRefusal,
    is_guest_address,
};
pub use sequence::{Arrival, Inbox, Outbox, OutboxFull};
pub use signal::{Signal, StreamMessage, decode_signal};

/// The version of the protocol that this crate speaks. Both sides say theirs at `login`. It changes only when
/// a message changes its meaning, since unknown fields are ignored.
pub const PROTOCOL_VERSION: u32 = 1;

/// The longest frame that either side accepts, in bytes. A session description of a video call takes about a
/// tenth.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;

/// How long the server keeps a user whose connection is lost, in milliseconds. Then the user counts as gone.
pub const RESUME_GRACE_MS: u64 = 20_000;

/// After how many numbered frames, at the latest, a receiver acknowledges them.
pub const ACKNOWLEDGE_EVERY: u64 = 16;

/// The WebSocket close code of a client that will come back and resume (RFC 6455, section 7.4.2: private
/// use). After any other orderly close the user is gone at once.
pub const CLOSE_TO_RESUME: u16 = 4000;
