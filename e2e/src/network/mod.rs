//! Real networks on this machine: two people, what stands between each of them and the Internet, and the
//! server, each in a network namespace of its own (network_namespaces(7)).
//!
//! `topology.rs` says what there is, as a value, and `commands.rs` by which commands it is built and changed;
//! both are pure. `namespaces.rs` runs them and removes what was made, also what a run before this one left.
//! `connector.rs` reaches a browser's driver in its namespace.
//!
//! No address, route or rule is outside of these namespaces.

mod commands;
mod connector;
mod namespaces;
mod topology;

pub(crate) use connector::DriverConnector;
pub(crate) use namespaces::command_in;
pub use namespaces::{Network, Place, remove_abandoned};
pub use topology::{Family, Nat, Outward, Side, Topology, Way};
