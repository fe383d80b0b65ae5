//! Calls and rooms outlive the server, and connections that break.

mod ice_restarts;
mod relay;
mod reload;
mod server;
mod sleep;
