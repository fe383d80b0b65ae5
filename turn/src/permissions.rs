//! Which peers an allocation may exchange data with (RFC 8656, section 9).

use std::net::IpAddr;

/// How long a permission is good, by the RFC.
const LIFETIME_MS: u64 = 300 * 1000;

/// Few, so a list is faster than a map.
#[derive(Debug, Default)]
pub(crate) struct Permissions {
    list: Vec<Permission>,
}

#[derive(Debug)]
struct Permission {
    peer: IpAddr,
    expires_at_ms: u64,
}

impl Permissions {
    pub(crate) fn has(&self, peer: IpAddr, now_ms: u64) -> bool {
        self.list.iter().any(|permission| permission.peer == peer && now_ms < permission.expires_at_ms)
    }

    /// Returns whether these can all be added. Forgets those that have expired.
    pub(crate) fn have_room_for(&mut self, peers: &[IpAddr], now_ms: u64, most: usize) -> bool {
        self.list.retain(|permission| now_ms < permission.expires_at_ms);
        let new = peers.iter().enumerate().filter(|(index, peer)| {
            !peers[..*index].contains(peer) && !self.list.iter().any(|known| known.peer == **peer)
        });
        self.list.len() + new.count() <= most
    }

    /// Adds a permission, or makes it last anew.
    pub(crate) fn add(&mut self, peer: IpAddr, now_ms: u64) {
        let expires_at_ms = now_ms.saturating_add(LIFETIME_MS);
        match self.list.iter_mut().find(|permission| permission.peer == peer) {
            Some(permission) => permission.expires_at_ms = expires_at_ms,
            None => self.list.push(Permission { peer, expires_at_ms }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_each() {
        let [one, two, three]: [IpAddr; 3] =
            ["192.0.2.1", "192.0.2.2", "2001:db8::1"].map(|ip| ip.parse().unwrap());
        let mut permissions = Permissions::default();
        assert!(permissions.have_room_for(&[one, two, one], 0, 2));
        assert!(!permissions.have_room_for(&[one, two, three], 0, 2));
        permissions.add(one, 0);
        permissions.add(two, 1000);
        assert!(permissions.has(one, 299_999) && !permissions.has(one, 300_000));
        assert!(!permissions.has(three, 0));
        assert!(permissions.have_room_for(&[one], 299_999, 2));
        assert!(!permissions.have_room_for(&[three], 299_999, 2));
        permissions.add(one, 299_999);
        assert!(permissions.has(one, 300_000));
        assert!(permissions.have_room_for(&[three], 301_000, 2), "the other has expired");
    }
}
