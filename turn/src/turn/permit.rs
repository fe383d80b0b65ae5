//! CreatePermission and ChannelBind requests (RFC 8656, sections 10.2 and 12.2).

use std::net::{IpAddr, SocketAddr};

use stun_types::attribute::{AttributeStaticType as _, ErrorCode};
use turn_types::attribute::ChannelNumber;

use super::{Code, Request, Turn};
use crate::allocation::Family;
use crate::channels::CannotBind;
use crate::client::Client;
use crate::outputs::Outputs;

impl Turn {
    pub(super) fn create_permission(&mut self, request: Request<'_>, out: &mut Outputs) -> Result<(), Code> {
        let Request { now_ms, transaction, login, incoming } = request;
        let client = transaction.client;
        self.own_allocation(client, login)?;
        let most = self.limits.permissions;
        let mut peers: Vec<IpAddr> = Vec::new();
        for peer in incoming.peers() {
            let peer = peer.ok_or(ErrorCode::BAD_REQUEST)?;
            self.check_peer(client, peer)?;
            if !peers.contains(&peer.ip()) {
                peers.push(peer.ip());
            }
            // Who asks for more than there may ever be is not looked at to the end.
            if peers.len() > most {
                return Err(ErrorCode::INSUFFICIENT_CAPACITY);
            }
        }
        if peers.is_empty() {
            return Err(ErrorCode::BAD_REQUEST);
        }
        let permissions = &mut self.own_allocation(client, login)?.permissions;
        if !permissions.have_room_for(&peers, now_ms, most) {
            return Err(ErrorCode::INSUFFICIENT_CAPACITY);
        }
        for peer in peers {
            permissions.add(peer, now_ms);
        }
        transaction.succeed(Some(&login.key), &[], out);
        Ok(())
    }

    pub(super) fn channel_bind(&mut self, request: Request<'_>, out: &mut Outputs) -> Result<(), Code> {
        let Request { now_ms, transaction, login, incoming } = request;
        let client = transaction.client;
        self.own_allocation(client, login)?;
        let number = incoming.number(ChannelNumber::TYPE).ok_or(ErrorCode::BAD_REQUEST)?;
        let peer = incoming.peers().next().flatten().ok_or(ErrorCode::BAD_REQUEST)?;
        self.check_peer(client, peer)?;
        let (most_channels, most_permissions) = (self.limits.channels, self.limits.permissions);
        let allocation = self.own_allocation(client, login)?;
        // The other two bytes are reserved.
        let number = (number >> 16) as u16;
        allocation.channels.check(number, peer, now_ms, most_channels).map_err(|reason| match reason {
            CannotBind::BadRequest => ErrorCode::BAD_REQUEST,
            CannotBind::TooMany => ErrorCode::INSUFFICIENT_CAPACITY,
        })?;
        if !allocation.permissions.have_room_for(&[peer.ip()], now_ms, most_permissions) {
            return Err(ErrorCode::INSUFFICIENT_CAPACITY);
        }
        allocation.channels.bind(number, peer, now_ms);
        allocation.permissions.add(peer.ip(), now_ms);
        transaction.succeed(Some(&login.key), &[], out);
        Ok(())
    }

    /// Checks that data may be relayed there at all.
    fn check_peer(&mut self, client: Client, peer: SocketAddr) -> Result<(), Code> {
        let allocation = self.allocations.get(client).ok_or(ErrorCode::ALLOCATION_MISMATCH)?;
        if allocation.relay(Family::of(peer)).is_none() {
            return Err(ErrorCode::PEER_ADDRESS_FAMILY_MISMATCH);
        }
        if !self.filter.may_be_permitted(peer.ip()) {
            self.counters.forbidden_peer += 1;
            return Err(ErrorCode::FORBIDDEN);
        }
        Ok(())
    }
}
