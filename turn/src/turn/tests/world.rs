//! A driver of the server without sockets: what a client sends, and what comes of it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use stun_types::attribute::{AttributeWrite, Nonce};
use stun_types::message::{Message, Method};
use turn_types::attribute::{ChannelNumber, Data, RequestedTransport, XorPeerAddress, XorRelayedAddress};

use super::*;
use crate::client::Link;

pub(in super::super) const START_MS: u64 = 1_700_000_000_000;
const SECRET: &[u8] = b"north";

pub(in super::super) struct World {
    pub(super) turn: Turn,
    pub(super) now_ms: u64,
    /// Whether a socket for a relayed address can be had.
    pub(super) sockets: bool,
    /// Asked for, and not reported yet. They open at once while `at_once`.
    pub(super) to_open: Vec<(RelayId, Family, bool)>,
    pub(super) at_once: bool,
    pub(super) open: HashMap<RelayId, SocketAddr>,
    next_port: u16,
    packet: PacketBuffer,
    out: Outputs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Event {
    ToClient(Client, Vec<u8>),
    /// From a relayed address to a peer.
    ToPeer(SocketAddr, SocketAddr, Vec<u8>),
}

/// What reaches the server over UDP.
const UDP: Link = Link::Datagram { socket: 0, asked: IpAddr::V4(Ipv4Addr::new(6, 6, 6, 6)) };

/// A client by its number.
pub(in super::super) fn v4(number: u8) -> Client {
    Client { link: UDP, address: SocketAddr::from(([8, 8, 8, number], 4000)) }
}

pub(in super::super) fn v6(number: u64) -> Client {
    let address = SocketAddr::from(([0x2a00, 1, 0, 0, 0, 0, 0, number as u16], 4000));
    Client { link: Link::Stream(number), address }
}

impl World {
    pub(super) fn new(limits: Limits) -> World {
        World::with(Config {
            families: vec![Family::V4, Family::V6],
            allowed_peers: Vec::new(),
            own_addresses: vec![IpAddr::from([5, 5, 5, 5])],
            limits,
        })
    }

    pub(super) fn with(config: Config) -> World {
        World {
            turn: Turn::new(config, SECRET),
            now_ms: START_MS,
            sockets: true,
            to_open: Vec::new(),
            at_once: true,
            open: HashMap::new(),
            next_port: 50_000,
            packet: PacketBuffer::new(70_000),
            out: Outputs::default(),
        }
    }

    pub(super) fn credential(&self, user: &str) -> Credential {
        self.turn.credentials().issue(user, START_MS + 86_400_000)
    }

    /// A client's message arrives.
    pub(super) fn client_sends(&mut self, client: Client, bytes: &[u8]) -> Vec<Event> {
        self.packet.copy_from(bytes);
        self.turn.received(self.now_ms, client, &mut self.packet, &mut self.out);
        self.happened()
    }

    /// A datagram arrives at a relayed address.
    pub(super) fn peer_sends(&mut self, peer: SocketAddr, relayed: SocketAddr, bytes: &[u8]) -> Vec<Event> {
        let Some((relay, _)) = self.open.iter().find(|(_, address)| **address == relayed) else {
            return Vec::new();
        };
        self.packet.copy_from(bytes);
        self.turn.relay_received(self.now_ms, *relay, peer, &mut self.packet, &mut self.out);
        self.happened()
    }

    pub(super) fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        self.turn.expire(self.now_ms, &mut self.out);
        assert_eq!(self.happened(), []);
        assert!(self.turn.next_timeout_ms().is_none_or(|timeout| timeout > self.now_ms));
    }

    pub(super) fn disconnect(&mut self, client: Client) {
        self.turn.disconnected(self.now_ms, client, &mut self.out);
        assert_eq!(self.happened(), []);
    }

    /// The sockets that were asked for open now.
    pub(super) fn open_all(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for (relay, family, even_port) in std::mem::take(&mut self.to_open) {
            let address = self.sockets.then(|| {
                self.next_port += if even_port { 2 - self.next_port % 2 } else { 1 };
                match family {
                    Family::V4 => SocketAddr::from(([6, 6, 6, 6], self.next_port)),
                    Family::V6 => SocketAddr::from(([0x2a00, 6, 0, 0, 0, 0, 0, 6], self.next_port)),
                }
            });
            self.open.extend(address.map(|address| (relay, address)));
            self.turn.relay_opened(self.now_ms, relay, address.ok_or(OpenError), &mut self.out);
            events.extend(self.happened());
        }
        events
    }

    fn happened(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for output in self.out.list() {
            match output {
                Output::ToClient { client, data } => {
                    events.push(Event::ToClient(*client, self.out.bytes(&self.packet, data).to_vec()));
                }
                Output::ToPeer { relay, peer, data } => {
                    let data = self.out.bytes(&self.packet, data).to_vec();
                    events.push(Event::ToPeer(self.open[relay], *peer, data));
                }
                Output::OpenRelay { relay, family, even_port } => {
                    self.to_open.push((*relay, *family, *even_port));
                }
                Output::CloseRelay { relay } => {
                    self.open.remove(relay);
                    self.to_open.retain(|(id, ..)| id != relay);
                }
            }
        }
        if self.at_once && !self.to_open.is_empty() {
            events.extend(self.open_all());
        }
        events
    }

    /// Returns the one answer to a request.
    pub(super) fn ask(&mut self, client: Client, request: &[u8]) -> Vec<u8> {
        match <[Event; 1]>::try_from(self.client_sends(client, request)) {
            Ok([Event::ToClient(to, answer)]) => {
                assert_eq!(to, client);
                answer
            }
            other => panic!("{other:?} is not an answer"),
        }
    }

    /// Returns the nonce that a client is given.
    pub(super) fn nonce(&mut self, client: Client) -> String {
        let answer = self.ask(client, &plain(ALLOCATE, &[&udp()]));
        assert_eq!(code(&answer), 401);
        Message::from_bytes(&answer).unwrap().attribute::<Nonce>().unwrap().nonce().to_owned()
    }

    /// Returns the answer to a request with all that belongs to it.
    pub(super) fn request(
        &mut self,
        client: Client,
        user: &str,
        method: Method,
        attributes: &[&dyn AttributeWrite],
    ) -> Vec<u8> {
        let credential = self.credential(user);
        self.request_with(client, &credential, method, attributes)
    }

    pub(super) fn request_with(
        &mut self,
        client: Client,
        credential: &Credential,
        method: Method,
        attributes: &[&dyn AttributeWrite],
    ) -> Vec<u8> {
        let nonce = self.nonce(client);
        self.ask(client, &signed(method, attributes, credential, &nonce))
    }

    /// Allocates a relayed address. Returns it.
    pub(super) fn allocate(&mut self, client: Client, user: &str) -> SocketAddr {
        let answer = self.request(client, user, ALLOCATE, &[&udp()]);
        relayed(&answer)[0]
    }

    pub(super) fn permit(&mut self, client: Client, user: &str, peer: SocketAddr) -> u16 {
        code(&self.request_for(client, user, peer))
    }

    fn request_for(&mut self, client: Client, user: &str, peer: SocketAddr) -> Vec<u8> {
        let nonce = self.nonce(client);
        let (request, credential) = (TransactionId::generate(), self.credential(user));
        self.ask(client, &signed_as(request, CREATE_PERMISSION, &[], Some(peer), &credential, &nonce))
    }

    pub(super) fn bind(&mut self, client: Client, user: &str, number: u16, peer: SocketAddr) -> u16 {
        let nonce = self.nonce(client);
        let (request, credential) = (TransactionId::generate(), self.credential(user));
        let number = ChannelNumber::new(number);
        code(
            &self.ask(client, &signed_as(request, CHANNEL_BIND, &[&number], Some(peer), &credential, &nonce)),
        )
    }
}

/// Writes a request with an id that the caller knows.
pub(super) fn signed_as(
    id: TransactionId,
    method: Method,
    attributes: &[&dyn AttributeWrite],
    peer: Option<SocketAddr>,
    credential: &Credential,
    nonce: &str,
) -> Vec<u8> {
    let peer = peer.map(|peer| XorPeerAddress::new(peer, id));
    let mut all = attributes.to_vec();
    all.extend(peer.iter().map(|it| it as &dyn AttributeWrite));
    let kind = stun_types::message::MessageType::from_class_method(MessageClass::Request, method);
    let mut message = Message::builder(kind, id, MessageWriteVec::new());
    for attribute in all {
        message.add_attribute(attribute).unwrap();
    }
    sign(message, credential, nonce)
}

pub(super) fn udp() -> RequestedTransport {
    RequestedTransport::new(RequestedTransport::UDP)
}

/// Returns the relayed addresses that an answer names.
pub(super) fn relayed(answer: &[u8]) -> Vec<SocketAddr> {
    let message = Message::from_bytes(answer).unwrap();
    assert_eq!(code(answer), 0);
    (0..)
        .map_while(|n| message.nth_attribute::<XorRelayedAddress>(n).ok())
        .map(|it| it.addr(message.transaction_id()))
        .collect()
}

/// Writes a Send indication.
pub(super) fn send(peer: SocketAddr, data: &[u8]) -> Vec<u8> {
    let mut message = Message::builder_indication(SEND, MessageWriteVec::new());
    let peer = XorPeerAddress::new(peer, message.transaction_id());
    message.add_attribute(&peer).unwrap();
    message.add_attribute(&Data::new(data)).unwrap();
    message.finish()
}

/// Reads a Data indication.
pub(super) fn received(bytes: &[u8]) -> (SocketAddr, Vec<u8>) {
    let message = Message::from_bytes(bytes).unwrap();
    assert!(message.has_class(MessageClass::Indication));
    let peer = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
    (peer, message.attribute::<Data<'_>>().unwrap().data().to_vec())
}
