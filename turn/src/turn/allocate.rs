//! Allocate requests (RFC 8656, section 7.2).

use std::net::SocketAddr;

use stun_types::AddressFamily;
use stun_types::attribute::{AttributeStaticType as _, AttributeWrite, ErrorCode, XorMappedAddress};
use turn_types::attribute::{
    AdditionalAddressFamily, AddressErrorCode, EvenPort, Lifetime, RequestedAddressFamily,
    RequestedTransport, ReservationToken, XorRelayedAddress,
};

use super::{Code, OpenError, Request, Turn};
use crate::allocation::{Allocation, Family, RelayId, Unanswered};
use crate::answer::Transaction;
use crate::authentication::Login;
use crate::channels::Channels;
use crate::message::Incoming;
use crate::outputs::{Output, Outputs};
use crate::permissions::Permissions;

/// What an Allocate request asks for.
struct Wanted {
    first: Family,
    additional: Option<Family>,
    even_port: bool,
}

impl Turn {
    pub(super) fn allocate(&mut self, request: Request<'_>, out: &mut Outputs) -> Result<(), Code> {
        let Request { now_ms, transaction, login, incoming } = request;
        let client = transaction.client;
        if let Some(allocation) = self.allocations.get(client) {
            let again =
                allocation.made_by == transaction.id && self.users.is_named(allocation.user, login.user);
            return match (again, &allocation.unanswered) {
                (false, _) => Err(ErrorCode::ALLOCATION_MISMATCH),
                // The answer is on its way.
                (true, Some(_)) => Ok(()),
                (true, None) => {
                    answer(now_ms, allocation, transaction, login, out);
                    Ok(())
                }
            };
        }
        let wanted = self.wanted(incoming)?;
        let missing = wanted.additional.filter(|family| !self.families.contains(family));
        let families = [Some(wanted.first), wanted.additional.filter(|_| missing.is_none())];
        let number = families.iter().flatten().count();
        if self.users.relays_of(login.user) + number > self.limits.user_allocations {
            self.counters.too_many += 1;
            return Err(ErrorCode::ALLOCATION_QUOTA_REACHED);
        }
        if self.allocations.relay_count() + number > self.limits.allocations {
            self.counters.too_many += 1;
            return Err(ErrorCode::INSUFFICIENT_CAPACITY);
        }
        let expires_at_ms = self.expiry(now_ms, incoming, login.expires_at_ms);
        let allocation = Allocation {
            user: self.users.add(login.user, number, now_ms),
            credential_expires_at_ms: login.expires_at_ms,
            made_by: transaction.id,
            unanswered: Some(Unanswered { transaction, key: login.key.clone() }),
            relays: Vec::with_capacity(number),
            missing,
            permissions: Permissions::default(),
            channels: Channels::default(),
        };
        self.allocations.add(client, allocation);
        for family in families.into_iter().flatten() {
            if let Some(relay) = self.allocations.add_relay(client, family, expires_at_ms) {
                out.push(Output::OpenRelay { relay, family, even_port: wanted.even_port });
            }
        }
        Ok(())
    }

    fn wanted(&self, incoming: &Incoming<'_>) -> Result<Wanted, Code> {
        match incoming.value(RequestedTransport::TYPE) {
            Some([RequestedTransport::UDP, ..]) => {}
            Some([_, ..]) => return Err(ErrorCode::UNSUPPORTED_TRANSPORT_PROTOCOL),
            _ => return Err(ErrorCode::BAD_REQUEST),
        }
        let requested = incoming.value(RequestedAddressFamily::TYPE);
        let additional = incoming.value(AdditionalAddressFamily::TYPE);
        let even_port = incoming.value(EvenPort::TYPE);
        let token = incoming.has(ReservationToken::TYPE);
        if (token && (even_port.is_some() || requested.is_some() || additional.is_some()))
            || (requested.is_some() && additional.is_some())
        {
            return Err(ErrorCode::BAD_REQUEST);
        }
        // Pairs of ports are for RTP beside RTCP, which browsers put into one. So the next port is not kept.
        let keeps_next = even_port.is_some_and(|value| value.first().is_none_or(|flags| flags & 0x80 != 0));
        if keeps_next || token {
            return Err(ErrorCode::INSUFFICIENT_CAPACITY);
        }
        let additional = match additional.map(|value| value.first().and_then(|byte| Family::numbered(*byte)))
        {
            None => None,
            Some(Some(Family::V6)) => Some(Family::V6),
            Some(_) => return Err(ErrorCode::BAD_REQUEST),
        };
        let first = match requested.map(|value| value.first().and_then(|byte| Family::numbered(*byte))) {
            // Without one, it is IPv4.
            None => Family::V4,
            Some(family) => family.ok_or(ErrorCode::ADDRESS_FAMILY_NOT_SUPPORTED)?,
        };
        if !self.families.contains(&first) {
            return Err(ErrorCode::ADDRESS_FAMILY_NOT_SUPPORTED);
        }
        Ok(Wanted { first, additional, even_port: even_port.is_some() })
    }

    /// Returns until when an allocation lives whose client asks for this: no longer than is usual here, and
    /// never longer than the credential.
    pub(super) fn expiry(&self, now_ms: u64, incoming: &Incoming<'_>, credential_expires_at_ms: u64) -> u64 {
        let least = self.limits.default_lifetime_s.min(self.limits.longest_lifetime_s);
        let wanted = incoming.number(Lifetime::TYPE).unwrap_or(least);
        let seconds = wanted.clamp(least, self.limits.longest_lifetime_s);
        now_ms.saturating_add(u64::from(seconds) * 1000).min(credential_expires_at_ms)
    }

    /// The driver has opened a socket for a relayed address, or can't. `address` is where peers reach it.
    pub fn relay_opened(
        &mut self,
        now_ms: u64,
        relay: RelayId,
        address: Result<SocketAddr, OpenError>,
        out: &mut Outputs,
    ) {
        out.clear();
        let Some(client) = self.allocations.client_of(relay) else {
            // The client has gone meanwhile.
            out.push(Output::CloseRelay { relay });
            return;
        };
        match address {
            Ok(address) if self.allocations.set_address(relay, address) => {
                self.filter.relays_at(address.ip());
            }
            _ => {
                self.counters.no_socket += 1;
                // What becomes of the request is looked at below, so the allocation mustn't go with its last
                // relayed address.
                if self.fail_to_open(now_ms, relay, out) {
                    return;
                }
            }
        }
        let Some(allocation) = self.allocations.get_mut(client) else { return };
        if allocation.relays.iter().any(|relay| relay.address.is_none()) {
            return;
        }
        if let Some(Unanswered { transaction, key }) = allocation.unanswered.take() {
            let login = Login { user: "", expires_at_ms: 0, key };
            answer(now_ms, allocation, transaction, &login, out);
        }
    }

    /// A socket can't be had. Returns whether that was the last, so that the client gets nothing.
    fn fail_to_open(&mut self, now_ms: u64, relay: RelayId, out: &mut Outputs) -> bool {
        let Some(client) = self.allocations.client_of(relay) else { return true };
        let Some(allocation) = self.allocations.get_mut(client) else { return true };
        allocation.missing = allocation.relays.iter().find(|it| it.id == relay).map(|it| it.family);
        let unanswered = if allocation.relays.len() == 1 { allocation.unanswered.take() } else { None };
        let is_last = allocation.relays.len() == 1;
        self.remove_relay(now_ms, relay, out);
        if let Some(Unanswered { transaction, key }) = unanswered {
            transaction.fail(ErrorCode::INSUFFICIENT_CAPACITY, Some(&key), &[], out);
        }
        is_last
    }
}

/// Tells a client what it has.
fn answer(
    now_ms: u64,
    allocation: &Allocation,
    transaction: Transaction,
    login: &Login<'_>,
    out: &mut Outputs,
) {
    let addresses = allocation.relays.iter().filter_map(|relay| relay.address);
    let relayed: Vec<_> = addresses.map(|it| XorRelayedAddress::new(it, transaction.id)).collect();
    let lifetime = Lifetime::new(allocation.seconds_left(now_ms));
    let mapped = XorMappedAddress::new(transaction.client.address, transaction.id);
    let missing = allocation.missing.and_then(|family| {
        let (family, code) = match family {
            Family::V4 => (AddressFamily::IPV4, ErrorCode::INSUFFICIENT_CAPACITY),
            Family::V6 => (AddressFamily::IPV6, ErrorCode::ADDRESS_FAMILY_NOT_SUPPORTED),
        };
        Some(AddressErrorCode::new(family, ErrorCode::new(code, "").ok()?))
    });
    let mut attributes: Vec<&dyn AttributeWrite> = Vec::new();
    attributes.extend(relayed.iter().map(|it| it as &dyn AttributeWrite));
    attributes.push(&lifetime);
    attributes.push(&mapped);
    attributes.extend(missing.iter().map(|it| it as &dyn AttributeWrite));
    transaction.succeed(Some(&login.key), &attributes, out);
}
