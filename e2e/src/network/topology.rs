//! What a network is, as a value.

/// One of the two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    A,
    B,
}

impl Side {
    /// Both.
    pub const BOTH: [Side; 2] = [Side::A, Side::B];
}

/// Two people, each with a way to the Internet, where the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topology {
    /// Of side A and of side B.
    pub ways: [Way; 2],
    /// Whether both are behind the gateway of side A. No multicast passes between them.
    pub share_a_gateway: bool,
}

/// What stands between somebody and the Internet: a gateway, and the line to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub nat: Nat,
    pub family: Family,
    pub outward: Outward,
    /// How many packets of a hundred are lost, in each direction.
    pub loss_percent: u8,
    /// How fast the line is, in each direction.
    pub kbit_per_second: Option<u32>,
}

/// How a gateway translates addresses (RFC 4787). One that does lets in only what was asked for, by address
/// and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// It routes.
    None,
    /// Endpoint-independent mapping: a socket has one port outside, whomever it sends to.
    EndpointIndependent,
    /// Address and port-dependent mapping, also known as symmetric: a socket has another port outside for
    /// each it sends to, and nobody else can tell which.
    Symmetric,
}

/// Which addresses somebody has. The server has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

/// What a gateway lets out. The rest vanishes, and nobody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outward {
    Everything,
    NoUdp,
    /// TCP to port 443.
    HttpsAlone,
}

impl Way {
    /// Routed, and free of all troubles.
    pub const OPEN: Way = Way {
        nat: Nat::None,
        family: Family::V4,
        outward: Outward::Everything,
        loss_percent: 0,
        kbit_per_second: None,
    };

    /// Behind this NAT.
    pub const fn behind(nat: Nat) -> Way {
        Way { nat, ..Way::OPEN }
    }
}

impl Topology {
    /// Each behind a gateway of their own.
    pub const fn of(a: Way, b: Way) -> Topology {
        Topology { ways: [a, b], share_a_gateway: false }
    }

    pub(super) fn way(&self, side: Side) -> &Way {
        &self.ways[side as usize]
    }

    /// Returns whose gateway somebody is behind.
    pub(super) fn gateway_of(&self, side: Side) -> Side {
        if self.share_a_gateway { Side::A } else { side }
    }
}
