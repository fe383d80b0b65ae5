//! A STUN server (RFC 8489) and TURN server (RFC 8656) that does no I/O: datagrams, the time and what became
//! of sockets come in, and what to send and which sockets to open go out.
//!
//! [`Turn`] is the whole of it. Whoever drives it owns the sockets, and the clock.
//!
//! - Nothing is remembered of whoever has not authenticated: nonces are computed (`nonce.rs`), and
//!   the answers to one source are limited by a table of fixed size.
//! - Credentials are computed too ([`Credentials`], the "REST API" scheme), and expire. No allocation
//!   outlives the credential it was made with.
//! - It relays to the public Internet and to its own relayed addresses, and to nothing else unless
//!   [`Config::allowed_peers`] names it.
//! - What a user may cost is in [`Limits`].

mod allocation;
mod answer;
mod authentication;
mod budget;
mod channels;
mod client;
mod counters;
mod credentials;
mod limits;
mod message;
mod nonce;
mod outputs;
mod packet;
mod peer_filter;
mod permissions;
mod source_limit;
mod stream_frames;
mod turn;
mod users;

pub use allocation::{Family, RelayId};
pub use client::{Client, Link};
pub use counters::Counters;
pub use credentials::{Credential, Credentials};
pub use limits::Limits;
pub use outputs::{Data, Output, Outputs};
pub use packet::PacketBuffer;
pub use stream_frames::{LONGEST_FRAME, NotTurn, frame_length};
pub use turn::{Config, OpenError, Turn};
