//! What each target checks.

pub(crate) mod hub;
pub(crate) mod links;
pub(crate) mod names;
pub(crate) mod peers;
pub(crate) mod session;
pub(crate) mod transport;
pub(crate) mod turn;
pub(crate) mod wire;
