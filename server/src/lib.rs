//! Tincan's server relays signaling from one browser to another, and serves the page.
//!
//! [`hub`] decides everything and does no I/O, so that it can be tested, and simulated together with the
//! clients' call machines, without a socket or a clock. Around it are a task for each WebSocket, and the
//! embedded page. STUN and TURN are built the same way: [`tincan_turn`] decides, `turn_io` has the sockets.

mod admission;
mod app;
mod assets;
mod base_path;
mod cli;
mod client_address;
mod external_turn;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod host;
pub mod hub;
mod ice_servers;
mod idle_timeout;
mod lan;
mod lan_address;
mod listener;
mod name_key;
mod names_key;
mod open_files;
mod open_streams;
mod origin;
mod pace;
mod paced_stream;
mod private_file;
mod readiness;
mod refusals;
mod security_headers;
mod serve;
mod server;
mod shared_hub;
mod socket;
mod tls;
mod turn_io;
mod turns;
mod wall_clock;
mod websocket;

pub use base_path::BasePath;
pub use cli::Args;
pub use external_turn::ExternalTurn;
pub use open_files::raise_limit as raise_open_files_limit;
#[doc(hidden)]
pub use server::Observer;
pub use server::{Config, Server, StartError};
pub use tls::{AcmeOptions, Backoff, Tls};
pub use turn_io::TurnOptions;
