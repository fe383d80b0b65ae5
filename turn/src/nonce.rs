//! Nonces that nobody has to remember: the time, and a MAC of it and of the client's address.
//!
//! A nonce shows that its client receives at the address that it sends from, so a forged source address gets
//! no further than the first answer. It is short, so that this answer is, too.

use std::net::{IpAddr, SocketAddr};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use sha1::Sha1;

use crate::credentials::{digest, keyed};

/// A nonce is good in the period in which it was made, and in the next.
const PERIOD_MS: u64 = 10 * 60 * 1000;
const PERIOD_BYTES: usize = 3;
const MAC_BYTES: usize = 9;

pub(crate) struct Nonces {
    mac: Hmac<Sha1>,
}

impl Nonces {
    pub(crate) fn new(secret: &[u8]) -> Nonces {
        // A key of its own. No user name begins like this, so nobody is ever told this digest as a password.
        Nonces { mac: keyed(&digest(&keyed(secret), &[b"\0nonce"])) }
    }

    pub(crate) fn issue(&self, now_ms: u64, address: SocketAddr) -> String {
        self.of_period(now_ms / PERIOD_MS, address)
    }

    pub(crate) fn is_good(&self, nonce: &str, now_ms: u64, address: SocketAddr) -> bool {
        let period = now_ms / PERIOD_MS;
        // Which of the two it is, and how much of it is right, is worth nothing to whoever guesses: it is
        // looked at only once the password was right.
        nonce == self.of_period(period, address)
            || period.checked_sub(1).is_some_and(|earlier| nonce == self.of_period(earlier, address))
    }

    fn of_period(&self, period: u64, address: SocketAddr) -> String {
        let ip = match address.ip() {
            IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
            IpAddr::V6(ip) => ip.octets(),
        };
        let period = period.to_be_bytes();
        let mac = digest(&self.mac, &[&period, &ip, &address.port().to_be_bytes()]);
        let mut bytes = [0; PERIOD_BYTES + MAC_BYTES];
        bytes[..PERIOD_BYTES].copy_from_slice(&period[period.len() - PERIOD_BYTES..]);
        bytes[PERIOD_BYTES..].copy_from_slice(&mac[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_for_its_address_in_two_periods() {
        let nonces = Nonces::new(b"north");
        let address: SocketAddr = "192.0.2.1:5000".parse().unwrap();
        let at = 7 * PERIOD_MS + 5;
        let nonce = nonces.issue(at, address);
        assert_eq!(nonce.len(), 16);
        assert!(nonces.is_good(&nonce, at, address));
        assert!(nonces.is_good(&nonce, 9 * PERIOD_MS - 1, address));
        assert!(!nonces.is_good(&nonce, 9 * PERIOD_MS, address), "too late");
        assert!(!nonces.is_good(&nonce, 7 * PERIOD_MS - 1, address), "too early");
        for other in ["192.0.2.1:5001", "192.0.2.2:5000", "[2001:db8::1]:5000"] {
            assert!(!nonces.is_good(&nonce, at, other.parse().unwrap()), "{other}");
        }
        assert!(!Nonces::new(b"south").is_good(&nonce, at, address));
        assert!(!nonces.is_good("", at, address) && !nonces.is_good("", 0, address));
    }
}
