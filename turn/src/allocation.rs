//! The allocations (RFC 8656, section 5), and how they are found.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use stun_types::message::{IntegrityKey, TransactionId};

use crate::answer::Transaction;
use crate::channels::Channels;
use crate::client::Client;
use crate::permissions::Permissions;
use crate::users::UserId;

/// A relayed address, by a number that is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelayId(u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

impl Family {
    pub(crate) fn of(address: SocketAddr) -> Family {
        if address.is_ipv4() { Family::V4 } else { Family::V6 }
    }

    /// Returns the family of this number (RFC 8656, section 18.6).
    pub(crate) fn numbered(number: u8) -> Option<Family> {
        match number {
            1 => Some(Family::V4),
            2 => Some(Family::V6),
            _ => None,
        }
    }
}

/// What a client has allocated.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) user: UserId,
    pub(crate) credential_expires_at_ms: u64,
    /// The request that it was made by, which may come again.
    pub(crate) made_by: TransactionId,
    /// While not every relayed address is known. The answer waits for them.
    pub(crate) unanswered: Option<Unanswered>,
    /// One, or one of each family.
    pub(crate) relays: Vec<Relay>,
    /// The second family that the client asked for, and didn't get.
    pub(crate) missing: Option<Family>,
    pub(crate) permissions: Permissions,
    pub(crate) channels: Channels,
}

#[derive(Debug)]
pub(crate) struct Unanswered {
    pub(crate) transaction: Transaction,
    pub(crate) key: IntegrityKey,
}

#[derive(Debug)]
pub(crate) struct Relay {
    pub(crate) id: RelayId,
    pub(crate) family: Family,
    /// Known once its socket is open.
    pub(crate) address: Option<SocketAddr>,
    pub(crate) expires_at_ms: u64,
}

impl Allocation {
    pub(crate) fn relay(&self, family: Family) -> Option<&Relay> {
        self.relays.iter().find(|relay| relay.family == family)
    }

    /// Returns how many seconds are left, until its last relayed address expires.
    pub(crate) fn seconds_left(&self, now_ms: u64) -> u32 {
        let last = self.relays.iter().map(|relay| relay.expires_at_ms).max().unwrap_or(now_ms);
        u32::try_from(last.saturating_sub(now_ms).div_ceil(1000)).unwrap_or(u32::MAX)
    }
}

/// All of them, by what they are looked for with.
#[derive(Debug, Default)]
pub(crate) struct Allocations {
    by_client: HashMap<Client, Allocation>,
    client_of: HashMap<RelayId, Client>,
    by_address: HashMap<SocketAddr, Client>,
    expiries: BTreeSet<(u64, RelayId)>,
    last_relay: u64,
}

impl Allocations {
    pub(crate) fn get(&self, client: Client) -> Option<&Allocation> {
        self.by_client.get(&client)
    }

    pub(crate) fn get_mut(&mut self, client: Client) -> Option<&mut Allocation> {
        self.by_client.get_mut(&client)
    }

    pub(crate) fn client_of(&self, relay: RelayId) -> Option<Client> {
        self.client_of.get(&relay).copied()
    }

    /// Returns which client is reached at a relayed address.
    pub(crate) fn client_at(&self, address: SocketAddr) -> Option<Client> {
        self.by_address.get(&address).copied()
    }

    /// Returns how many relayed addresses there are.
    pub(crate) fn relay_count(&self) -> usize {
        self.client_of.len()
    }

    /// Adds an allocation, which has no relayed address yet. The client has none so far.
    pub(crate) fn add(&mut self, client: Client, allocation: Allocation) {
        self.by_client.insert(client, allocation);
    }

    pub(crate) fn add_relay(
        &mut self,
        client: Client,
        family: Family,
        expires_at_ms: u64,
    ) -> Option<RelayId> {
        let allocation = self.by_client.get_mut(&client)?;
        self.last_relay += 1;
        let id = RelayId(self.last_relay);
        allocation.relays.push(Relay { id, family, address: None, expires_at_ms });
        self.client_of.insert(id, client);
        self.expiries.insert((expires_at_ms, id));
        Some(id)
    }

    /// The socket of a relayed address is open. Returns whether the address is nobody else's.
    pub(crate) fn set_address(&mut self, id: RelayId, address: SocketAddr) -> bool {
        let Some(client) = self.client_of(id) else { return false };
        if self.by_address.contains_key(&address) {
            return false;
        }
        let relays = self.by_client.get_mut(&client).map(|allocation| &mut allocation.relays);
        let Some(relay) = relays.and_then(|relays| relays.iter_mut().find(|relay| relay.id == id)) else {
            return false;
        };
        relay.address = Some(address);
        self.by_address.insert(address, client);
        true
    }

    pub(crate) fn set_expiry(&mut self, id: RelayId, expires_at_ms: u64) {
        let Some(allocation) = self.client_of(id).and_then(|client| self.by_client.get_mut(&client)) else {
            return;
        };
        if let Some(relay) = allocation.relays.iter_mut().find(|relay| relay.id == id) {
            self.expiries.remove(&(relay.expires_at_ms, id));
            relay.expires_at_ms = expires_at_ms;
            self.expiries.insert((expires_at_ms, id));
        }
    }

    /// Removes a relayed address, and the allocation with its last. Returns whose it was.
    pub(crate) fn remove_relay(&mut self, id: RelayId) -> Option<UserId> {
        let client = self.client_of.remove(&id)?;
        let allocation = self.by_client.get_mut(&client)?;
        let user = allocation.user;
        if let Some(index) = allocation.relays.iter().position(|relay| relay.id == id) {
            let relay = allocation.relays.remove(index);
            self.expiries.remove(&(relay.expires_at_ms, id));
            if let Some(address) = relay.address {
                self.by_address.remove(&address);
            }
        }
        if allocation.relays.is_empty() {
            self.by_client.remove(&client);
        }
        Some(user)
    }

    /// Returns a relayed address that has expired.
    pub(crate) fn expired(&self, now_ms: u64) -> Option<RelayId> {
        self.expiries.first().filter(|(expiry, _)| *expiry <= now_ms).map(|(_, id)| *id)
    }

    pub(crate) fn next_expiry_ms(&self) -> Option<u64> {
        self.expiries.first().map(|(expiry, _)| *expiry)
    }

    /// Returns whether nothing is kept of anybody.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_client.is_empty()
            && self.client_of.is_empty()
            && self.by_address.is_empty()
            && self.expiries.is_empty()
    }
}
