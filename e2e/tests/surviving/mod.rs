//! Calls and rooms outlive the server, and connections that break.

mod ice_restarts;
mod reload;
mod server;
