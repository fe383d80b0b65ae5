//! The addresses of this host: which it has, and at which others reach it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tincan_turn::Family;

use crate::lan;

/// Returns the addresses that the system lists. A peer at one of them would be this host.
///
/// They are looked up once: one that is added later is protected only if it is private.
pub(super) fn of_this_host() -> Vec<IpAddr> {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let mut addresses = local_in_fib_trie(&read("/proc/net/fib_trie"));
    addresses.extend(in_if_inet6(&read("/proc/net/if_inet6")));
    addresses.extend([Family::V4, Family::V6].into_iter().filter_map(outgoing));
    addresses.sort();
    addresses.dedup();
    addresses
}

/// Returns the address by which packets to the Internet leave. For IPv4, the host itself if there is none;
/// for IPv6 only one that is good everywhere.
pub(super) fn outgoing(family: Family) -> Option<IpAddr> {
    let mut of_routes = lan::addresses().into_iter();
    match family {
        Family::V4 => Some(of_routes.find(IpAddr::is_ipv4).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))),
        Family::V6 => of_routes.find(IpAddr::is_ipv6).filter(|ip| is_global(*ip)),
    }
}

/// Returns whether an address may be reached from everywhere.
pub(super) fn is_global(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && (64..128).contains(&second);
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || shared)
        }
        IpAddr::V6(ip) => ip.segments()[0] & 0xE000 == 0x2000,
    }
}

/// Reads `/proc/net/fib_trie`, where each address of this host is a leaf with a line `/32 host LOCAL`.
fn local_in_fib_trie(text: &str) -> Vec<IpAddr> {
    let mut leaf: Option<IpAddr> = None;
    let mut addresses = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            leaf = address.parse().ok();
        } else if line == "/32 host LOCAL" {
            addresses.extend(leaf);
        }
    }
    addresses
}

/// Reads `/proc/net/if_inet6`, where each line begins with an address in 32 digits.
fn in_if_inet6(text: &str) -> Vec<IpAddr> {
    let digits = text.lines().filter_map(|line| line.split_whitespace().next());
    digits
        .filter_map(|digits| u128::from_str_radix(digits, 16).ok())
        .map(|it| Ipv6Addr::from(it).into())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_lists_is_read() {
        let trie = [
            "Main:",
            "  +-- 0.0.0.0/0 3 0 5",
            "     |-- 0.0.0.0",
            "        /0 universe UNICAST",
            "Local:",
            "        |-- 127.0.0.0",
            "           /8 host LOCAL",
            "        |-- 127.0.0.1",
            "           /32 host LOCAL",
            "     |-- 203.0.113.7",
            "        /32 host LOCAL",
            "     |-- 203.0.113.255",
            "        /32 link BROADCAST",
        ]
        .join("\n");
        let expected: [IpAddr; 2] = ["127.0.0.1", "203.0.113.7"].map(|ip| ip.parse().unwrap());
        assert_eq!(local_in_fib_trie(&trie), expected);
        let inet6 = "00000000000000000000000000000001 01 80 10 80       lo\n\
                     2a000000000000000000000000000005 02 40 00 00     eth0\nnonsense\n";
        let expected: [IpAddr; 2] = ["::1", "2a00::5"].map(|ip| ip.parse().unwrap());
        assert_eq!(in_if_inet6(inet6), expected);
    }

    #[test]
    fn this_host_has_addresses() {
        let addresses = of_this_host();
        assert!(addresses.contains(&outgoing(Family::V4).unwrap()), "{addresses:?}");
        assert!(addresses.iter().any(IpAddr::is_loopback), "{addresses:?}");
    }
}
