//! What comes from one network address.

use std::collections::HashMap;
use std::net::IpAddr;

use super::Limits;
use super::token_bucket::TokenBucket;

/// The address that a connection counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientAddress {
    /// It comes from a trusted proxy that doesn't say for whom.
    Unknown,
    /// Of IPv6, where one subscriber has 2^64 addresses and more, the first 64 bits.
    Known(IpAddr),
}

/// What each address has open. One that is unknown, as behind a proxy that doesn't say whose connection it
/// is, has no limit of its own.
#[derive(Debug, Default)]
pub(super) struct Addresses(HashMap<ClientAddress, Usage>);

#[derive(Debug)]
struct Usage {
    connections: usize,
    users: usize,
    handshakes: TokenBucket,
    sign_ins: TokenBucket,
    refusals: TokenBucket,
    joins: TokenBucket,
}

impl Usage {
    fn new(limits: &Limits, now_ms: u64) -> Usage {
        Usage {
            connections: 0,
            users: 0,
            handshakes: TokenBucket::new(limits.address_handshakes, now_ms),
            sign_ins: TokenBucket::new(limits.address_sign_ins, now_ms),
            refusals: TokenBucket::new(limits.address_refusals, now_ms),
            joins: TokenBucket::new(limits.address_joins, now_ms),
        }
    }

    /// Returns whether it is as if nothing had ever come from there.
    fn is_like_new(&mut self, limits: &Limits, now_ms: u64) -> bool {
        self.connections == 0
            && self.users == 0
            && self.handshakes.is_full(limits.address_handshakes, now_ms)
            && self.sign_ins.is_full(limits.address_sign_ins, now_ms)
            && self.refusals.is_full(limits.address_refusals, now_ms)
            && self.joins.is_full(limits.address_joins, now_ms)
    }
}

/// How many addresses are kept before those of which nothing is left are looked for.
const SWEEP_FROM: usize = 1024;

impl Addresses {
    /// Returns whether another connection may come from there.
    pub(super) fn may_connect(&self, limits: &Limits, now_ms: u64, address: ClientAddress) -> bool {
        self.0.get(&address).is_none_or(|usage| {
            usage.connections < limits.address_connections
                && usage.handshakes.has(limits.address_handshakes, now_ms, 1)
        })
    }

    pub(super) fn connected(&mut self, limits: &Limits, now_ms: u64, address: ClientAddress) {
        if address == ClientAddress::Unknown {
            return;
        }
        if self.0.len() >= SWEEP_FROM && self.0.len() == self.0.capacity() {
            self.0.retain(|_, usage| !usage.is_like_new(limits, now_ms));
        }
        let usage = self.0.entry(address).or_insert_with(|| Usage::new(limits, now_ms));
        usage.connections += 1;
        // Whether there is one was asked before.
        usage.handshakes.take(limits.address_handshakes, now_ms, 1);
    }

    pub(super) fn disconnected(&mut self, address: ClientAddress) {
        if let Some(usage) = self.0.get_mut(&address) {
            usage.connections = usage.connections.saturating_sub(1);
        }
    }

    /// Returns whether another user may sign in from there, and if so, counts the user.
    pub(super) fn sign_in(&mut self, limits: &Limits, now_ms: u64, address: ClientAddress) -> bool {
        let Some(usage) = self.0.get_mut(&address) else { return true };
        let may =
            usage.users < limits.address_users && usage.sign_ins.take(limits.address_sign_ins, now_ms, 1);
        usage.users += usize::from(may);
        may
    }

    /// Returns whether a name may be tried from there.
    pub(super) fn may_try_name(&self, limits: &Limits, now_ms: u64, address: ClientAddress) -> bool {
        self.0.get(&address).is_none_or(|usage| usage.refusals.has(limits.address_refusals, now_ms, 1))
    }

    /// A login from there was refused.
    pub(super) fn refused(&mut self, limits: &Limits, now_ms: u64, address: ClientAddress) {
        if let Some(usage) = self.0.get_mut(&address) {
            usage.refusals.take(limits.address_refusals, now_ms, 1);
        }
    }

    /// Returns whether somebody there may go into a room, and if so, counts that.
    pub(super) fn join(&mut self, limits: &Limits, now_ms: u64, address: ClientAddress) -> bool {
        self.0.get_mut(&address).is_none_or(|usage| usage.joins.take(limits.address_joins, now_ms, 1))
    }

    pub(super) fn signed_out(&mut self, address: ClientAddress) {
        if let Some(usage) = self.0.get_mut(&address) {
            usage.users = usage.users.saturating_sub(1);
        }
    }

    pub(super) fn users(&self) -> usize {
        self.0.values().map(|usage| usage.users).sum()
    }

    pub(super) fn connections(&self) -> usize {
        self.0.values().map(|usage| usage.connections).sum()
    }
}
