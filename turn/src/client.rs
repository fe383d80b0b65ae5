//! Whom the server talks to.

use std::net::{IpAddr, SocketAddr};

/// What a client's messages come through, and the answers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Link {
    /// One of the driver's listening UDP sockets, and the address of this host that the client has asked: it
    /// takes answers from no other.
    Datagram { socket: u32, asked: IpAddr },
    /// A TCP or TLS connection, by a number that is never used twice.
    Stream(u64),
}

/// A client, as its "5-tuple" (RFC 8656, section 3): the link stands for the server's side and the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Client {
    pub link: Link,
    pub address: SocketAddr,
}

impl Client {
    /// Returns whether messages have to be told apart in a stream of bytes, and are padded for that.
    pub(crate) fn is_stream(self) -> bool {
        matches!(self.link, Link::Stream(_))
    }
}
