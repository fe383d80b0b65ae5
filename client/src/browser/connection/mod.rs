//! What connects this page to others: the signaling WebSocket, and each `RTCPeerConnection` with its
//! transceivers, its data channel and its statistics (W3C WebRTC).
//!
//! The data channels of files belong in `files`, which comes after this and fills [`FileSlot`]. Uses only
//! `js`, `page`, `media` and `devices`.

mod admission;
mod bindings;
mod file_effects;
mod lan_address;
mod monitor;
mod peer;
mod peer_events;
mod quality;
mod relay_check;
mod report;
mod sender_parameters;
mod server_check;
mod signaling;
mod statistics;
mod transceivers;

pub(crate) use file_effects::{FileEffects, FileSlot, FindConnection};
pub use lan_address::lan_address;
pub use monitor::{LevelWatch, Monitor, StatisticsWatch};
pub(crate) use peer::Peer;
pub(crate) use peer_events::max_message_bytes;
#[cfg(test)]
pub(crate) use quality::Quality;
pub use relay_check::{Gathered, RelayFault, Transport, check_relay, gather, relay_by};
pub use server_check::{ServerFault, check_server};
pub(crate) use signaling::SignalingSocket;
pub use statistics::{Picture, Statistics};
