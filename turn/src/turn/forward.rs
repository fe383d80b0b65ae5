//! Data on its way: from clients to peers, and back (RFC 8656, sections 11 and 12).
//!
//! Nothing is allocated here, and no data is copied: the [`PacketBuffer`] has room for every header.

use std::net::SocketAddr;
use std::ops::Range;

use stun_types::attribute::AttributeStaticType as _;
use turn_types::attribute::Data as DataAttribute;

use super::Turn;
use crate::allocation::{Family, RelayId};
use crate::client::Client;
use crate::message::Incoming;
use crate::outputs::{Data, Output, Outputs};
use crate::packet::PacketBuffer;

/// What is longer doesn't fit into a Data indication, with an IPv6 address.
const MOST_INDICATED: usize = u16::MAX as usize - (24 + 4 + 3);
const CHANNEL_HEADER: usize = 4;

/// A Send indication.
pub(super) struct Send {
    peer: SocketAddr,
    /// Where in the message the data is.
    data: Range<usize>,
}

impl Send {
    /// Returns what an indication says. One that is not understood wholly is passed over.
    pub(super) fn read(incoming: &Incoming<'_>) -> Option<Send> {
        let peer = incoming.peers().next()??;
        let data = incoming.range(DataAttribute::TYPE)?;
        incoming.unknown().is_empty().then_some(Send { peer, data })
    }
}

impl Turn {
    pub(super) fn send(
        &mut self,
        now_ms: u64,
        client: Client,
        send: Send,
        packet: &mut PacketBuffer,
        out: &mut Outputs,
    ) {
        let data = packet.part(send.data);
        self.relay_to_peer(now_ms, client, send.peer, data, packet, out);
    }

    pub(super) fn channel_data(
        &mut self,
        now_ms: u64,
        client: Client,
        packet: &mut PacketBuffer,
        out: &mut Outputs,
    ) {
        let message = packet.message();
        let &[number_high, number_low, length_high, length_low, ref rest @ ..] = message else {
            self.counters.not_turn += 1;
            return;
        };
        let number = u16::from_be_bytes([number_high, number_low]);
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        // Up to three bytes of padding may follow.
        if !(length..length + 4).contains(&rest.len()) {
            self.counters.not_turn += 1;
            return;
        }
        let peer = self.allocations.get(client).and_then(|it| it.channels.peer(number, now_ms));
        let Some(peer) = peer else {
            self.counters.not_permitted += 1;
            return;
        };
        let data = packet.part(CHANNEL_HEADER..CHANNEL_HEADER + length);
        self.relay_to_peer(now_ms, client, peer, data, packet, out);
    }

    /// Relays `data`, a range of the buffer, to a peer.
    fn relay_to_peer(
        &mut self,
        now_ms: u64,
        client: Client,
        peer: SocketAddr,
        data: Range<usize>,
        packet: &mut PacketBuffer,
        out: &mut Outputs,
    ) {
        let Some(allocation) = self.allocations.get(client) else {
            self.counters.not_permitted += 1;
            return;
        };
        let relay = allocation.relay(Family::of(peer)).and_then(|it| Some((it.id, it.address?)));
        let Some((relay, own_address)) = relay.filter(|_| allocation.permissions.has(peer.ip(), now_ms))
        else {
            self.counters.not_permitted += 1;
            return;
        };
        let user = allocation.user;
        let other = self.allocations.client_at(peer);
        // Looked at once more, since what a permission was for may be another's address now.
        if other.is_none() && !self.filter.permits(peer.ip()) {
            self.counters.forbidden_peer += 1;
            return;
        }
        if !self.users.take(user, now_ms, data.len()) {
            self.counters.over_budget += 1;
            return;
        }
        self.count(data.len());
        match other {
            // Another client of this server: no socket is needed, and none would get there behind a NAT.
            Some(other) => self.relay_to_client(now_ms, other, own_address, data, packet, out),
            None => out.push(Output::ToPeer { relay, peer, data: Data::Packet(data) }),
        }
    }

    /// A datagram came from a peer to a relayed address.
    pub fn relay_received(
        &mut self,
        now_ms: u64,
        relay: RelayId,
        peer: SocketAddr,
        packet: &mut PacketBuffer,
        out: &mut Outputs,
    ) {
        out.clear();
        let Some(client) = self.allocations.client_of(relay) else { return };
        if !self.filter.permits(peer.ip()) {
            self.counters.forbidden_peer += 1;
            return;
        }
        let data = packet.part(0..packet.message().len());
        self.relay_to_client(now_ms, client, peer, data, packet, out);
    }

    /// Relays `data`, a range of the buffer, from a peer to a client.
    fn relay_to_client(
        &mut self,
        now_ms: u64,
        client: Client,
        peer: SocketAddr,
        data: Range<usize>,
        packet: &mut PacketBuffer,
        out: &mut Outputs,
    ) {
        let Some(allocation) = self.allocations.get(client) else { return };
        if allocation.unanswered.is_some() || !allocation.permissions.has(peer.ip(), now_ms) {
            self.counters.not_permitted += 1;
            return;
        }
        let channel = allocation.channels.number(peer, now_ms);
        if channel.is_none() && data.len() > MOST_INDICATED {
            return;
        }
        if !self.users.take(allocation.user, now_ms, data.len()) {
            self.counters.over_budget += 1;
            return;
        }
        self.count(data.len());
        let message = match channel {
            Some(number) => packet.wrap_in_channel(data, number, client.is_stream()),
            None => {
                self.next_transaction = self.next_transaction.wrapping_add(1);
                packet.wrap_in_indication(data, peer, self.next_transaction)
            }
        };
        out.push(Output::ToClient { client, data: Data::Packet(message) });
    }

    fn count(&mut self, bytes: usize) {
        self.counters.relayed_datagrams += 1;
        self.counters.relayed_bytes += bytes as u64;
    }
}
