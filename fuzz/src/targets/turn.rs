//! STUN and TURN: messages of somebody who has a credential, of a stranger, and of peers.
//!
//! A record is a byte of flags, two of length, and a message. Flags: 1 a stranger's, 2 signed by the user, 4
//! a peer's to the relayed address, 8 as a stream's, 16 time passes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use stun_types::attribute::{Attribute as _, Nonce, Realm, Username};
use stun_types::message::{
    IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWriteVec,
};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};
use tincan_turn::{
    Client, Config, Credential, Family, LONGEST_FRAME, Limits, Link, Output, Outputs, PacketBuffer, RelayId,
    Turn, frame_length,
};

const NOW_MS: u64 = 1_700_000_000_000;
const RELAYED: ([u8; 4], u16) = ([6, 6, 6, 6], 50_000);
/// How many records are read.
const MOST: usize = 40;

fn user(is_stream: bool) -> Client {
    let link = if is_stream {
        Link::Stream(3)
    } else {
        Link::Datagram { socket: 0, asked: IpAddr::from([192, 0, 2, 1]) }
    };
    Client { link, address: SocketAddr::from(([8, 8, 8, 1], 4000)) }
}

fn stranger() -> Client {
    Client { link: Link::Stream(7), address: SocketAddr::from(([8, 8, 8, 2], 4000)) }
}

struct World {
    turn: Turn,
    packet: PacketBuffer,
    now_ms: u64,
    relays: Vec<RelayId>,
}

pub(crate) fn check(bytes: &[u8]) {
    stream(bytes);
    let config = Config {
        families: vec![Family::V4],
        allowed_peers: Vec::new(),
        own_addresses: vec![IpAddr::from([6, 6, 6, 6])],
        limits: Limits { unauthenticated_burst: u32::MAX, ..Limits::default() },
    };
    let turn = Turn::new(config, b"north");
    let credential = turn.credentials().issue("anna", NOW_MS + 86_400_000);
    let packet = PacketBuffer::new(LONGEST_FRAME);
    let mut world = World { turn, packet, now_ms: NOW_MS, relays: Vec::new() };
    let mut rest = bytes;
    for _ in 0..MOST {
        let Some(([flags, high, low], more)) = rest.split_first_chunk() else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(more.len());
        let (message, after) = more.split_at(length);
        rest = after;
        world.record(*flags, message, &credential);
    }
    let mut out = Outputs::default();
    world.turn.expire(NOW_MS + 2 * 86_400_000, &mut out);
    world.turn.expire(NOW_MS + 3 * 86_400_000, &mut out);
    assert_eq!((world.turn.relay_count(), world.turn.next_timeout_ms()), (0, None));
}

/// Messages in a stream of bytes have a length, and it doesn't matter how many bytes are there to tell.
fn stream(bytes: &[u8]) {
    let whole = frame_length(bytes);
    for end in 0..bytes.len().min(24) {
        match frame_length(&bytes[..end]) {
            // The cookie may be still to come.
            Ok(Some(length)) => assert!(whole == Ok(Some(length)) || whole.is_err()),
            Err(_) => assert!(whole.is_err()),
            Ok(None) => {}
        }
    }
    if let Ok(Some(length)) = whole {
        assert!((4..=LONGEST_FRAME).contains(&length) && length % 4 == 0);
    }
}

impl World {
    fn record(&mut self, flags: u8, message: &[u8], credential: &Credential) {
        if flags & 16 != 0 {
            self.now_ms += 60_000 * message.len() as u64;
            let mut out = Outputs::default();
            self.turn.expire(self.now_ms, &mut out);
            self.act(&out);
        }
        if flags & 4 != 0 {
            return self.peer_sends(message);
        }
        if flags & 1 != 0 {
            let before = self.turn.relay_count();
            for (to, peer, answer) in self.send(stranger(), message) {
                assert!(to == Some(stranger()) && peer.is_none());
                assert!(answer.len() <= 3 * message.len(), "{} for {}", answer.len(), message.len());
            }
            assert!(!self.turn.has_allocation(stranger()));
            assert_eq!(self.turn.relay_count(), before);
            return;
        }
        let client = user(flags & 8 != 0);
        let signed = if flags & 2 != 0 { self.signed(client, message, credential) } else { None };
        let message = signed.as_deref().unwrap_or(message);
        for (to, peer, data) in self.send(client, message) {
            assert!(to.is_none_or(|to| [user(false), user(true)].contains(&to)));
            if let Some(peer) = peer {
                // What goes to a peer was in the message, and isn't what an earlier one left in the buffer.
                assert!(data.is_empty() || message.windows(data.len()).any(|part| part == data));
                assert!(!is_inner(peer.ip()), "{peer}");
            }
        }
    }

    /// Returns the message with the attributes that it has, signed; if it has any sense.
    fn signed(&mut self, client: Client, message: &[u8], credential: &Credential) -> Option<Vec<u8>> {
        let parsed = Message::from_bytes(message).ok()?;
        let kind = MessageType::from_class_method(MessageClass::Request, parsed.method());
        let mut again = Message::builder(kind, parsed.transaction_id(), MessageWriteVec::new());
        for (_, attribute) in parsed.iter_attributes() {
            if ![0x06, 0x08, 0x14, 0x15, 0x1C, 0x8028].contains(&attribute.get_type().value()) {
                again.add_attribute(&attribute.into_owned()).ok()?;
            }
        }
        let nonce = self.nonce(client)?;
        let Credential { username, password } = credential.clone();
        again.add_attribute(&Username::new(&username).ok()?).ok()?;
        again.add_attribute(&Realm::new("tincan").ok()?).ok()?;
        again.add_attribute(&Nonce::new(&nonce).ok()?).ok()?;
        let key = LongTermKeyCredentials::new(username, password, "tincan".to_owned());
        again.add_message_integrity(&key.into(), IntegrityAlgorithm::Sha1).ok()?;
        Some(again.finish())
    }

    /// Returns the nonce by which the server knows this client.
    fn nonce(&mut self, client: Client) -> Option<String> {
        const ALLOCATE: [u8; 20] =
            [0, 3, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        let (_, _, challenge) = self.send(client, &ALLOCATE).pop()?;
        let challenge = Message::from_bytes(&challenge).ok()?;
        Some(challenge.attribute::<Nonce>().ok()?.nonce().to_owned())
    }

    fn send(&mut self, client: Client, message: &[u8]) -> Vec<(Option<Client>, Option<SocketAddr>, Vec<u8>)> {
        let mut out = Outputs::default();
        self.packet.copy_from(message);
        self.turn.received(self.now_ms, client, &mut self.packet, &mut out);
        self.act(&out)
    }

    /// A peer of the Internet sends to each relayed address.
    fn peer_sends(&mut self, data: &[u8]) {
        for relay in self.relays.clone() {
            let mut out = Outputs::default();
            self.packet.copy_from(data);
            let peer = SocketAddr::from(([1, 1, 1, 1], 7000));
            self.turn.relay_received(self.now_ms, relay, peer, &mut self.packet, &mut out);
            for (to, peer, forwarded) in self.act(&out) {
                assert!(to.is_some() && peer.is_none());
                assert!(data.is_empty() || forwarded.windows(data.len()).any(|part| part == data));
            }
        }
    }

    fn act(&mut self, out: &Outputs) -> Vec<(Option<Client>, Option<SocketAddr>, Vec<u8>)> {
        let mut sent = Vec::new();
        for output in out.list() {
            match output {
                Output::ToClient { client, data } => {
                    sent.push((Some(*client), None, out.bytes(&self.packet, data).to_vec()));
                }
                Output::ToPeer { peer, data, .. } => {
                    sent.push((None, Some(*peer), out.bytes(&self.packet, data).to_vec()));
                }
                Output::OpenRelay { relay, .. } => {
                    let mut opened = Outputs::default();
                    self.relays.push(*relay);
                    self.turn.relay_opened(self.now_ms, *relay, Ok(RELAYED.into()), &mut opened);
                    sent.extend(self.act(&opened));
                }
                Output::CloseRelay { relay } => self.relays.retain(|open| open != relay),
            }
        }
        sent
    }
}

fn is_inner(ip: IpAddr) -> bool {
    let IpAddr::V4(v4) = ip.to_canonical() else { return ip.is_loopback() };
    v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4 == Ipv4Addr::from([6, 6, 6, 6])
}
