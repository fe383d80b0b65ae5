//! STUN and TURN on real sockets. [`tincan_turn`] decides; here are its clock ([`driver`]), its listening
//! sockets ([`datagrams`], [`asked_address`], [`streams`]) and the sockets of its relayed addresses
//! ([`relay_sockets`]).
//!
//! A stream is anything that is read and written: over TLS, the port of HTTPS hands it over
//! ([`TurnStreams`]).

mod asked_address;
mod datagrams;
mod driver;
mod host_addresses;
mod listeners;
mod refused;
mod relay_sockets;
mod stream_queue;
mod streams;

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;

use ipnet::IpNet;
use rand::RngCore;
use rustix::process::{Resource, getrlimit};
use tincan_turn::{Config, Family, Limits, Turn};
use tokio::net::TcpListener;
use tracing::{info, warn};

use driver::Driver;
use host_addresses::{is_global, of_this_host, outgoing};
use listeners::Listeners;
use relay_sockets::RelaySockets;
pub(crate) use streams::TurnStreams;

use crate::hub::{TurnAccess, TurnPlace};
use crate::refusals::Refusals;

/// What whoever runs the server decides about STUN and TURN.
#[derive(Clone, Debug)]
pub struct TurnOptions {
    /// Where to listen: any addresses of both families.
    pub listen: Vec<IpAddr>,
    /// The port over UDP and TCP. 0 takes any free one.
    pub port: u16,
    /// Where relayed addresses are.
    pub relay_ports: RangeInclusive<u16>,
    /// Where others reach this host, if that is not at an address of its own: at most one of each family.
    pub external_ips: Vec<IpAddr>,
    /// Private networks to whose hosts may be relayed.
    pub allowed_peers: Vec<IpNet>,
    pub limits: Limits,
}

/// Listens, and doesn't answer yet.
pub(crate) struct TurnServer {
    driver: Arc<Driver>,
    streams: TurnStreams,
    refusals: Arc<Refusals>,
    tcp: Vec<TcpListener>,
    port: u16,
}

impl TurnServer {
    /// Starts to listen. Has to be called in the runtime.
    pub(crate) fn bind(
        options: TurnOptions,
        random: &mut dyn RngCore,
        refusals: Arc<Refusals>,
    ) -> std::io::Result<TurnServer> {
        let Listeners { udp, tcp, port } = Listeners::bind(&options.listen, options.port)?;
        let external = |family: Family| {
            let given = options.external_ips.iter().copied().find(|ip| family_of(*ip) == family);
            given.or_else(|| outgoing(family))
        };
        let addresses: Vec<IpAddr> = [Family::V4, Family::V6].into_iter().filter_map(external).collect();
        for address in addresses.iter().filter(|address| !is_global(**address)) {
            warn!(
                family = ?family_of(*address),
                "this host's address is a private one: TURN helps only in its network (see --external-ip)"
            );
        }
        // Each relayed address is an open file, and pages need some, too.
        let files = getrlimit(Resource::Nofile).current.and_then(|files| usize::try_from(files / 2).ok());
        let allocations = options.limits.allocations.min(files.unwrap_or(usize::MAX));
        let mut secret = [0; 32];
        random.fill_bytes(&mut secret);
        let config = Config {
            families: addresses.iter().map(|address| family_of(*address)).collect(),
            allowed_peers: options.allowed_peers,
            own_addresses: of_this_host(),
            limits: Limits { allocations, ..options.limits },
        };
        info!(port, "STUN and TURN");
        let relay_sockets = RelaySockets::new(addresses, options.relay_ports, random.next_u64());
        let driver = Arc::new(Driver::new(Turn::new(config, &secret), udp, relay_sockets));
        let streams = TurnStreams::new(driver.clone(), refusals.clone());
        Ok(TurnServer { driver, streams, refusals, tcp, port })
    }

    /// Returns the port, even if 0 was asked for.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Returns what serves the streams that another listener has accepted.
    pub(crate) fn streams(&self) -> TurnStreams {
        self.streams.clone()
    }

    /// Returns how logins are told of it. The hub's clock begins about now.
    pub(crate) fn access(&self, host: Option<String>, tls_port: Option<u16>) -> TurnAccess {
        TurnAccess {
            credentials: self.driver.credentials(),
            place: TurnPlace::Here { host, port: self.port, tls_port },
            started_ms: self.driver.now_ms(),
        }
    }

    /// Serves until it is dropped.
    pub(crate) async fn run(self) {
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..self.driver.listener_count() {
            tasks.spawn(datagrams::receive_from_clients(self.driver.clone(), index));
        }
        tasks.spawn(refused::keep_logging(self.driver.clone(), self.refusals));
        for listener in self.tcp {
            tasks.spawn(streams::accept(self.streams.clone(), listener));
        }
        // Sockets of relayed addresses are closed with this.
        let _closes = driver::CloseAll(self.driver.clone());
        self.driver.keep_expiring().await;
    }
}

fn family_of(ip: IpAddr) -> Family {
    if ip.is_ipv4() { Family::V4 } else { Family::V6 }
}
