//! Where a connection comes from, for limits by address.

use std::net::{IpAddr, Ipv6Addr};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::hub::ClientAddress;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Returns the address of whoever is connected as `peer`. A trusted proxy is believed about whom it
/// forwards: each proxy appends where its connection came from, so the last address that is no trusted
/// proxy is the client's.
pub(crate) fn address_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> ClientAddress {
    if !is_proxy(peer, trusted) {
        return known(peer.to_canonical());
    }
    let values = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok());
    let forwarded: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    for text in forwarded.iter().rev() {
        match text.parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(address) if is_proxy(address, trusted) => {}
            Ok(address) => return known(address),
            Err(_) => return ClientAddress::Unknown,
        }
    }
    ClientAddress::Unknown
}

/// Returns whether this is a proxy that is believed.
pub(crate) fn is_proxy(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address.to_canonical()))
}

fn known(address: IpAddr) -> ClientAddress {
    ClientAddress::Known(match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str]) -> ClientAddress {
        let headers = forwarded.iter().map(|value| (FORWARDED_FOR, value.parse().unwrap()));
        let trusted = ["127.0.0.1/32", "::1/128", "10.0.0.0/8"].map(|net| net.parse().unwrap());
        address_of(peer.parse().unwrap(), &HeaderMap::from_iter(headers), &trusted)
    }

    fn at(address: &str) -> ClientAddress {
        ClientAddress::Known(address.parse().unwrap())
    }

    #[test]
    fn who_is_no_proxy_is_believed_nothing() {
        for peer in ["192.0.2.1", "::ffff:192.0.2.1"] {
            assert_eq!(of(peer, &[]), at("192.0.2.1"));
            assert_eq!(of(peer, &["198.51.100.7"]), at("192.0.2.1"));
        }
        assert_eq!(of("127.0.0.2", &[]), at("127.0.0.2"));
    }

    #[test]
    fn a_proxy_says_for_whom_it_speaks() {
        assert_eq!(of("127.0.0.1", &["198.51.100.7"]), at("198.51.100.7"));
        assert_eq!(of("::1", &["203.0.113.9, 198.51.100.7, 10.1.2.3"]), at("198.51.100.7"));
        let headers = HeaderMap::from_iter([(FORWARDED_FOR, "203.0.113.9".parse().unwrap())]);
        let mut more = headers;
        more.append(FORWARDED_FOR, "198.51.100.7".parse().unwrap());
        let trusted = ["127.0.0.1/32".parse().unwrap()];
        assert_eq!(address_of("127.0.0.1".parse().unwrap(), &more, &trusted), at("198.51.100.7"));
    }

    #[test]
    fn where_a_proxy_says_nothing_nobody_is_known() {
        for forwarded in [&[] as &[&str], &[""], &["unknown"], &["203.0.113.9, _hidden"], &["10.0.0.1"]] {
            assert_eq!(of("127.0.0.1", forwarded), ClientAddress::Unknown, "{forwarded:?}");
        }
    }

    #[test]
    fn one_subscriber_has_one_address() {
        assert_eq!(of("2001:db8::1", &[]), of("2001:db8::ffff:1", &[]));
        assert_ne!(of("2001:db8::1", &[]), of("2001:db8:0:1::1", &[]));
    }
}
