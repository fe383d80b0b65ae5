//! Opens the sockets of relayed addresses.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tincan_turn::{Family, OpenError};
use tokio::net::UdpSocket;

use super::listeners::udp_socket;

pub(super) struct RelaySockets {
    /// Where peers reach this host: one address of each family that there is.
    addresses: Vec<IpAddr>,
    ports: RangeInclusive<u16>,
    random: Mutex<StdRng>,
}

const BUFFER_BYTES: usize = 512 * 1024;
/// How many ports are tried, one after the other from a random one on.
const ATTEMPTS: u16 = 256;

impl RelaySockets {
    pub(super) fn new(addresses: Vec<IpAddr>, ports: RangeInclusive<u16>, seed: u64) -> RelaySockets {
        RelaySockets { addresses, ports, random: Mutex::new(StdRng::seed_from_u64(seed)) }
    }

    /// Returns a socket, and where peers reach it: they hear from no other address of this host.
    pub(super) fn open(&self, family: Family, even_port: bool) -> Result<(UdpSocket, SocketAddr), OpenError> {
        let (first, last) = (*self.ports.start(), *self.ports.end());
        let number = u32::from(last.saturating_sub(first)) + 1;
        let any = match family {
            Family::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Family::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let external = self.addresses.iter().copied().find(|ip| ip.is_ipv4() == any.is_ipv4());
        let external = external.ok_or(OpenError)?;
        // Nobody shall guess the next one's address.
        let start = self.random.lock().unwrap_or_else(PoisonError::into_inner).random_range(0..number);
        for step in 0..u32::from(ATTEMPTS).min(number) {
            let port = first.saturating_add(u16::try_from((start + step) % number).unwrap_or(0));
            if even_port && port % 2 == 1 {
                continue;
            }
            let socket = udp_socket(SocketAddr::new(external, port), BUFFER_BYTES).or_else(|error| {
                // Behind a NAT, this host doesn't have the address.
                let elsewhere = error.kind() == io::ErrorKind::AddrNotAvailable;
                if elsewhere { udp_socket(SocketAddr::new(any, port), BUFFER_BYTES) } else { Err(error) }
            });
            match socket {
                Ok(socket) => return Ok((socket, SocketAddr::new(external, port))),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(_) => return Err(OpenError),
            }
        }
        Err(OpenError)
    }
}
