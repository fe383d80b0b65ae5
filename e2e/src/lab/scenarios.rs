//! The scenarios, as a table of values.

use crate::network::{Family, Nat, Outward, Topology, Way};

/// A call across a network, and what it has to show.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub topology: Topology,
    pub kind: Kind,
    pub expected: Expected,
}

/// How somebody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Video,
    /// No device is open, so that browsers tell no address of theirs but by a name for multicast DNS.
    Text,
}

/// What users have to feel.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub path: ExpectedPath,
    /// From `Accept` to both sides being connected, in the slowest of some calls.
    pub connected_within_ms: f64,
    /// Pictures decoded a second, on both sides.
    pub pictures_a_second: f64,
    /// The part of the sound that may be made up because it didn't come, on both sides.
    pub concealed: f64,
}

/// By which way a call goes, as the statistics of both browsers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedPath {
    /// From browser to browser, by UDP.
    Direct,
    /// By the server's TURN.
    Relayed,
    /// By the server's TURN, which side A reaches by this protocol alone.
    RelayedOver(&'static str),
}

impl Scenario {
    const fn video(name: &'static str, a: Way, b: Way, path: ExpectedPath) -> Scenario {
        Scenario { name, topology: Topology::of(a, b), kind: Kind::Video, expected: Expected::well(path) }
    }
}

impl Expected {
    /// What a network without troubles of its own has to show.
    const fn well(path: ExpectedPath) -> Expected {
        Expected { path, connected_within_ms: 5_000.0, pictures_a_second: 10.0, concealed: 0.05 }
    }
}

const OPEN: Way = Way::OPEN;
const INDEPENDENT: Way = Way::behind(Nat::EndpointIndependent);
const SYMMETRIC: Way = Way::behind(Nat::Symmetric);

const fn losing(loss_percent: u8) -> Way {
    Way { loss_percent, ..INDEPENDENT }
}

const fn lossy(name: &'static str, percent: u8, pictures_a_second: f64, concealed: f64) -> Scenario {
    let expected = Expected {
        pictures_a_second,
        concealed,
        connected_within_ms: 10_000.0,
        ..Expected::well(ExpectedPath::Direct)
    };
    Scenario { expected, ..Scenario::video(name, losing(percent), INDEPENDENT, ExpectedPath::Direct) }
}

/// Every scenario. The first is what the others' time to connect is compared with.
pub const SCENARIOS: [Scenario; 17] = [
    Scenario::video("open-open", OPEN, OPEN, ExpectedPath::Direct),
    Scenario::video("open-independent", OPEN, INDEPENDENT, ExpectedPath::Direct),
    Scenario::video("open-symmetric", OPEN, SYMMETRIC, ExpectedPath::Direct),
    Scenario::video("independent-independent", INDEPENDENT, INDEPENDENT, ExpectedPath::Direct),
    Scenario::video("independent-symmetric", INDEPENDENT, SYMMETRIC, ExpectedPath::Relayed),
    Scenario::video("symmetric-symmetric", SYMMETRIC, SYMMETRIC, ExpectedPath::Relayed),
    Scenario {
        topology: Topology { ways: [INDEPENDENT, INDEPENDENT], share_a_gateway: true },
        ..Scenario::video("one-nat-video", INDEPENDENT, INDEPENDENT, ExpectedPath::Direct)
    },
    Scenario {
        topology: Topology { ways: [INDEPENDENT, INDEPENDENT], share_a_gateway: true },
        kind: Kind::Text,
        ..Scenario::video("one-nat-text", INDEPENDENT, INDEPENDENT, ExpectedPath::Relayed)
    },
    Scenario {
        kind: Kind::Text,
        ..Scenario::video("independent-text", INDEPENDENT, INDEPENDENT, ExpectedPath::Direct)
    },
    Scenario::video("ipv6-one-side", Way { family: Family::V6, ..OPEN }, INDEPENDENT, ExpectedPath::Relayed),
    Scenario::video(
        "no-udp",
        Way { outward: Outward::NoUdp, ..INDEPENDENT },
        INDEPENDENT,
        ExpectedPath::RelayedOver("tcp"),
    ),
    Scenario::video(
        "https-alone",
        Way { outward: Outward::HttpsAlone, ..INDEPENDENT },
        INDEPENDENT,
        ExpectedPath::RelayedOver("tls"),
    ),
    Scenario::video(
        "https-alone-both",
        Way { outward: Outward::HttpsAlone, ..INDEPENDENT },
        Way { outward: Outward::HttpsAlone, ..INDEPENDENT },
        ExpectedPath::RelayedOver("tls"),
    ),
    lossy("loss-2", 2, 10.0, 0.10),
    lossy("loss-5", 5, 10.0, 0.15),
    lossy("loss-20", 20, 1.0, 0.40),
    Scenario {
        expected: Expected {
            pictures_a_second: 5.0,
            connected_within_ms: 10_000.0,
            ..Expected::well(ExpectedPath::Direct)
        },
        ..Scenario::video(
            "limit-500",
            Way { kbit_per_second: Some(500), ..INDEPENDENT },
            INDEPENDENT,
            ExpectedPath::Direct,
        )
    },
];

impl Scenario {
    /// # Panics
    /// If there is none of this name.
    pub fn named(name: &str) -> &'static Scenario {
        SCENARIOS.iter().find(|scenario| scenario.name == name).expect("the name of a scenario")
    }

    /// Whether the line itself is bad, so that what comes over it changes for a while.
    pub(super) fn has_a_bad_line(&self) -> bool {
        self.topology.ways.iter().any(|way| way.loss_percent > 0 || way.kbit_per_second.is_some())
    }
}
