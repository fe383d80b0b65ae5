//! Refresh requests (RFC 8656, section 8.2).

use stun_types::attribute::{AttributeStaticType as _, ErrorCode};
use turn_types::attribute::{Lifetime, RequestedAddressFamily};

use super::{Code, Request, Turn};
use crate::allocation::{Allocation, Family, RelayId};
use crate::authentication::Login;
use crate::client::Client;
use crate::outputs::Outputs;

impl Turn {
    pub(super) fn refresh(&mut self, request: Request<'_>, out: &mut Outputs) -> Result<(), Code> {
        let Request { now_ms, transaction, login, incoming } = request;
        let client = transaction.client;
        let allocation = self.own_allocation(client, login)?;
        let family = match incoming.value(RequestedAddressFamily::TYPE) {
            None => None,
            Some(value) => {
                let family = value.first().and_then(|byte| Family::numbered(*byte));
                let known = family.filter(|family| allocation.relay(*family).is_some());
                Some(known.ok_or(ErrorCode::PEER_ADDRESS_FAMILY_MISMATCH)?)
            }
        };
        // Whoever has a newer credential meanwhile shows it here.
        let credential_expires_at_ms = allocation.credential_expires_at_ms.max(login.expires_at_ms);
        allocation.credential_expires_at_ms = credential_expires_at_ms;
        let meant = allocation.relays.iter().filter(|relay| family.is_none_or(|it| it == relay.family));
        let meant: Vec<RelayId> = meant.map(|relay| relay.id).collect();
        if incoming.number(Lifetime::TYPE) == Some(0) {
            for relay in meant {
                self.remove_relay(now_ms, relay, out);
            }
            transaction.succeed(Some(&login.key), &[&Lifetime::new(0)], out);
            return Ok(());
        }
        let expires_at_ms = self.expiry(now_ms, incoming, credential_expires_at_ms);
        for relay in meant {
            self.allocations.set_expiry(relay, expires_at_ms);
        }
        let seconds = expires_at_ms.saturating_sub(now_ms).div_ceil(1000);
        let lifetime = Lifetime::new(u32::try_from(seconds).unwrap_or(u32::MAX));
        transaction.succeed(Some(&login.key), &[&lifetime], out);
        Ok(())
    }

    /// Returns the client's allocation, if it was made by the same user. The credential may be another: it
    /// may have been renewed.
    pub(super) fn own_allocation(
        &mut self,
        client: Client,
        login: &Login<'_>,
    ) -> Result<&mut Allocation, Code> {
        // Until its client knows of it, there is none.
        let answered = self.allocations.get_mut(client).filter(|it| it.unanswered.is_none());
        let allocation = answered.ok_or(ErrorCode::ALLOCATION_MISMATCH)?;
        if !self.users.is_named(allocation.user, login.user) {
            return Err(ErrorCode::WRONG_CREDENTIALS);
        }
        Ok(allocation)
    }
}
