//! Where the server relays to, and where it never does.
//!
//! Whoever may relay through a host stands in its network. So no peer is in a private or special network, nor
//! is it this host by any of its addresses, whatever form the address is written in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

#[derive(Debug)]
pub(crate) struct PeerFilter {
    /// What whoever runs the server allows.
    allowed: Vec<IpNet>,
    /// This host's addresses.
    own: Vec<IpAddr>,
    /// The addresses on which peers reach its clients.
    relaying: Vec<IpAddr>,
}

/// Special networks (the registries of RFC 6890), and where multicast and broadcast are.
const FORBIDDEN_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::BROADCAST, 32),
];

/// The same for IPv6. Forms that carry an IPv4 address are taken apart first.
const FORBIDDEN_V6: [(Ipv6Addr, u32); 9] = [
    // The unspecified address, loopback, and the IPv4-compatible and IPv4-mapped forms: a socket of both
    // families would send these over IPv4.
    (Ipv6Addr::UNSPECIFIED, 80),
    // For local translation to IPv4 (RFC 8215): only this network knows what is behind it.
    (Ipv6Addr::new(0x64, 0xFF9B, 1, 0, 0, 0, 0, 0), 48),
    // Only for discarding (RFC 6666).
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    // For protocols, with benchmarks, ORCHID and Teredo: it would lead on to an IPv4 address, and nobody
    // has it any more.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // For documentation.
    (Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3FFF, 0, 0, 0, 0, 0, 0, 0), 20),
    // Unique local, link-local and (formerly) site-local.
    (Ipv6Addr::new(0xFC00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xFE80, 0, 0, 0, 0, 0, 0, 0), 9),
    (Ipv6Addr::new(0xFF00, 0, 0, 0, 0, 0, 0, 0), 8),
];

impl PeerFilter {
    pub(crate) fn new(allowed: Vec<IpNet>, own: Vec<IpAddr>) -> PeerFilter {
        PeerFilter { allowed, own, relaying: Vec::new() }
    }

    /// Peers reach clients at `ip`.
    pub(crate) fn relays_at(&mut self, ip: IpAddr) {
        if !self.relaying.contains(&ip) {
            self.relaying.push(ip);
        }
    }

    /// Returns whether data may go to, and come from, `peer` through a socket.
    pub(crate) fn permits(&self, peer: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(&peer)) || !self.is_forbidden(peer)
    }

    /// Returns whether there may be a permission for `peer`. Other clients of this server are behind its own
    /// address, and are reached without a socket.
    pub(crate) fn may_be_permitted(&self, peer: IpAddr) -> bool {
        self.relaying.contains(&peer) || self.permits(peer)
    }

    fn is_forbidden(&self, peer: IpAddr) -> bool {
        if self.own.contains(&peer) || self.relaying.contains(&peer) {
            return true;
        }
        match peer {
            IpAddr::V4(ip) => FORBIDDEN_V4.iter().any(|(network, bits)| {
                let shift = u32::BITS - bits;
                ip.to_bits() >> shift == network.to_bits() >> shift
            }),
            IpAddr::V6(ip) => {
                let special = FORBIDDEN_V6.iter().any(|(network, bits)| {
                    let shift = u128::BITS - bits;
                    ip.to_bits() >> shift == network.to_bits() >> shift
                });
                special || carried(ip).is_some_and(|ip| self.is_forbidden(IpAddr::V4(ip)))
            }
        }
    }
}

/// Returns the IPv4 address that an IPv6 address carries, to which packets for it may be sent.
fn carried(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let (high, low) = match [a, b, c, d, e, f] {
        // NAT64 (RFC 6052), and its kin in SIIT (RFC 2765).
        [0x64, 0xFF9B, 0, 0, 0, 0] | [0, 0, 0, 0, 0xFFFF, 0] => (g, h),
        // 6to4 (RFC 3056).
        [0x2002, ..] => (b, c),
        // ISATAP (RFC 5214).
        [.., 0 | 0x200, 0x5EFE] => (g, h),
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "5.5.5.5";

    fn filter(allowed: &[&str]) -> PeerFilter {
        let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
        let mut filter = PeerFilter::new(allowed, vec![OWN.parse().unwrap(), "2a00:5::5".parse().unwrap()]);
        filter.relays_at("6.6.6.6".parse().unwrap());
        filter
    }

    #[test]
    fn the_internet_is_permitted() {
        let filter = filter(&[]);
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.88.98.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860::8888",
            "2a00:5::6",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(filter.permits(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn inner_and_special_networks_are_not() {
        let filter = filter(&[]);
        for ip in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            OWN,
            "6.6.6.6",
            "2a00:5::5",
            "::",
            "::1",
            "::127.0.0.1",
            "::1.1.1.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:1.1.1.1",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::5.5.5.5",
            "64:ff9b::6.6.6.6",
            "64:ff9b:1::1.1.1.1",
            "100::1",
            // Teredo, of which the client is 10.0.0.1.
            "2001:0:101:101::f5ff:fffe",
            "2001:1::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "2002:7f00:1::1",
            "2002:505:505::1",
            "2a00:6::5efe:10.0.0.1",
            "2a00:6::200:5efe:10.0.0.1",
            "3fff::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!filter.permits(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn what_is_allowed_is_permitted_and_nothing_beside() {
        let filter = filter(&["10.1.0.0/16", "5.5.5.5/32", "fd00::/64"]);
        for ip in ["10.1.2.3", OWN, "fd00::1"] {
            assert!(filter.permits(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["10.2.0.1", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1", "fd00:0:0:1::1"] {
            assert!(!filter.permits(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn other_clients_may_be_permitted() {
        let filter = filter(&[]);
        assert!(filter.may_be_permitted("6.6.6.6".parse().unwrap()));
        for ip in [OWN, "127.0.0.1", "::ffff:6.6.6.6"] {
            assert!(!filter.may_be_permitted(ip.parse().unwrap()), "{ip}");
        }
    }
}
