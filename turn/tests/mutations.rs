//! Real messages, changed at random, to a server that is in use. Nothing panics; whoever has no credential
//! leaves nothing behind and is answered little; and nothing gets to this host or to an inner network.
//!
//! `TURN_FUZZ_ROUNDS` says how many rounds, each of a hundred messages; `TURN_FUZZ_FROM` the first of them.
#![allow(clippy::unwrap_used)] // A test may.

use std::env;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use stun_types::attribute::{Attribute as _, AttributeWrite, Nonce, Realm, Username};
use stun_types::message::{
    BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWriteVec,
    Method, TransactionId,
};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};
use tincan_turn::{
    Client, Config, Credential, Family, LONGEST_FRAME, Limits, Link, Output, Outputs, PacketBuffer, Turn,
    frame_length,
};
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

const ROUNDS: u64 = 200;
const MESSAGES: usize = 100;
const NOW_MS: u64 = 1_700_000_000_000;
const RELAYED: ([u8; 4], u16) = ([6, 6, 6, 6], 50_000);

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Peers that are asked for: one of the Internet, this host, and one of an inner network.
fn peers() -> [SocketAddr; 3] {
    [[1, 1, 1, 1], [6, 6, 6, 6], [10, 0, 0, 1]].map(|ip| SocketAddr::from((ip, 7000)))
}

/// What reaches the server over UDP.
const UDP: Link = Link::Datagram { socket: 0, asked: IpAddr::V4(Ipv4Addr::new(6, 6, 6, 6)) };

fn user() -> Client {
    Client { link: UDP, address: SocketAddr::from(([8, 8, 8, 1], 4000)) }
}

fn stranger() -> Client {
    Client { link: Link::Stream(7), address: SocketAddr::from(([8, 8, 8, 2], 4000)) }
}

/// A message of each kind, about this peer.
fn corpus(credential: &Credential, nonce: &str, peer: SocketAddr) -> Vec<Vec<u8>> {
    let write =
        |class: MessageClass, method: Method, attributes: &[&dyn AttributeWrite], to: bool, signs: bool| {
            let id = TransactionId::generate();
            let mut message =
                Message::builder(MessageType::from_class_method(class, method), id, MessageWriteVec::new());
            for attribute in attributes {
                message.add_attribute(*attribute).unwrap();
            }
            if to {
                message.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
            }
            if signs {
                message.add_attribute(&Username::new(&credential.username).unwrap()).unwrap();
                message.add_attribute(&Realm::new("tincan").unwrap()).unwrap();
                message.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
                message.add_message_integrity(&key(credential), IntegrityAlgorithm::Sha1).unwrap();
            }
            message.finish()
        };
    let request = MessageClass::Request;
    let udp = RequestedTransport::new(RequestedTransport::UDP);
    vec![
        write(request, BINDING, &[], false, false),
        write(request, ALLOCATE, &[&udp], false, false),
        write(request, ALLOCATE, &[&udp, &Lifetime::new(900)], false, true),
        write(request, REFRESH, &[&Lifetime::new(900)], false, true),
        write(request, CREATE_PERMISSION, &[], true, true),
        write(request, CHANNEL_BIND, &[&ChannelNumber::new(0x4000)], true, true),
        write(MessageClass::Indication, SEND, &[&Data::new(b"data")], true, false),
        b"\x40\x00\x00\x05data.".to_vec(),
    ]
}

fn key(credential: &Credential) -> stun_types::message::MessageIntegrityCredentials {
    let Credential { username, password } = credential.clone();
    LongTermKeyCredentials::new(username, password, "tincan".to_owned()).into()
}

/// Changes some bytes, the length, or both.
fn change(random: &mut fastrand::Rng, message: &mut Vec<u8>) {
    for _ in 0..random.usize(1..5) {
        let at = random.usize(..message.len().max(1));
        match random.u32(..8) {
            _ if message.is_empty() => {}
            0 => message.truncate(at),
            1 => {
                let length = message.len() + random.usize(..12);
                message.resize_with(length, || random.u8(..));
            }
            2 => message.insert(at, random.u8(..)),
            3 => drop(message.remove(at)),
            4 => message[at] ^= 1 << random.u32(..8),
            5 => message[at] = [0, 1, 0x7F, 0x80, 0xFF][random.usize(..5)],
            // An attribute twice, or somewhere else.
            6 => message.extend_from_within(at..(at + random.usize(..24)).min(message.len())),
            _ => message[at] = random.u8(..),
        }
    }
    // Otherwise most would go no further than the length.
    if random.bool() && message.len() >= 20 && message[0] < 0x40 {
        message.resize(message.len().next_multiple_of(4), 0);
        let length = u16::try_from(message.len() - 20).unwrap();
        message[2..4].copy_from_slice(&length.to_be_bytes());
    }
}

/// Signs what a message's attributes are now, if it has any sense.
fn signed_again(message: &[u8], credential: &Credential, nonce: &str) -> Option<Vec<u8>> {
    let parsed = Message::from_bytes(message).ok()?;
    let mut again = Message::builder_request(parsed.method(), MessageWriteVec::new());
    for (_, attribute) in parsed.iter_attributes() {
        if ![0x06, 0x08, 0x14, 0x15, 0x1C, 0x8028].contains(&attribute.get_type().value()) {
            again.add_attribute(&attribute.into_owned()).ok()?;
        }
    }
    again.add_attribute(&Username::new(&credential.username).ok()?).ok()?;
    again.add_attribute(&Realm::new("tincan").ok()?).ok()?;
    again.add_attribute(&Nonce::new(nonce).ok()?).ok()?;
    again.add_message_integrity(&key(credential), IntegrityAlgorithm::Sha1).ok()?;
    Some(again.finish())
}

struct World {
    turn: Turn,
    packet: PacketBuffer,
}

impl World {
    /// Returns what goes to clients and to peers.
    fn send(&mut self, client: Client, message: &[u8]) -> Vec<(Option<Client>, Option<SocketAddr>, Vec<u8>)> {
        let mut out = Outputs::default();
        self.packet.copy_from(message);
        self.turn.received(NOW_MS, client, &mut self.packet, &mut out);
        self.act(&out)
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
                    self.turn.relay_opened(NOW_MS, *relay, Ok(RELAYED.into()), &mut opened);
                    sent.extend(self.act(&opened));
                }
                Output::CloseRelay { .. } => {}
            }
        }
        sent
    }
}

fn round(seed: u64) -> usize {
    let mut random = fastrand::Rng::with_seed(seed);
    let config = Config {
        families: vec![Family::V4],
        allowed_peers: Vec::new(),
        own_addresses: vec![IpAddr::from([6, 6, 6, 6])],
        limits: Limits { unauthenticated_burst: u32::MAX, ..Limits::default() },
    };
    let mut world = World { turn: Turn::new(config, b"north"), packet: PacketBuffer::new(LONGEST_FRAME) };
    let credential = world.turn.credentials().issue("anna", NOW_MS + 86_400_000);
    let challenge = world.send(user(), &corpus(&credential, "", peers()[0])[1]);
    let challenge = Message::from_bytes(&challenge[0].2).unwrap();
    let nonce = challenge.attribute::<Nonce>().unwrap().nonce().to_owned();
    let corpora = peers().map(|peer| corpus(&credential, &nonce, peer));
    let mut succeeded = 0;
    for _ in 0..MESSAGES {
        let corpus = &corpora[[0, 0, 0, 0, 1, 2][random.usize(..6)]];
        let mut message = corpus[random.usize(..corpus.len())].clone();
        if random.u32(..4) > 0 {
            change(&mut random, &mut message);
        }
        // Whatever it is, it is a message, or a beginning, or none.
        let _ = frame_length(&message);
        // A stranger doesn't know the nonce of another's address, so nothing of this is theirs.
        let before = world.turn.relay_count();
        for (to, peer, answer) in world.send(stranger(), &message) {
            assert!(to == Some(stranger()) && peer.is_none(), "seed {seed}: {message:?}");
            assert!(answer.len() <= 3 * message.len(), "seed {seed}: {message:?}");
        }
        assert!(!world.turn.has_allocation(stranger()), "seed {seed}: {message:?}");
        assert_eq!(world.turn.relay_count(), before, "seed {seed}: {message:?}");
        if let Some(again) = signed_again(&message, &credential, &nonce).filter(|_| random.bool()) {
            message = again;
        }
        for (to, peer, answer) in world.send(user(), &message) {
            assert!(to.is_none_or(|to| to == user()), "seed {seed}: {message:?}");
            // What goes to a peer was in the message, and isn't what an earlier one left in the buffer.
            let was_said = answer.is_empty() || message.windows(answer.len()).any(|part| part == answer);
            assert!(peer.is_none() || was_said, "seed {seed}: {message:?}");
            // Changed addresses are of the Internet or refused; the host itself is never one.
            assert!(peer.is_none_or(|peer| !is_inner(peer.ip())), "seed {seed}: {message:?}");
            let is_success =
                |answer: &[u8]| Message::from_bytes(answer).unwrap().class() == MessageClass::Success;
            succeeded += usize::from(to.is_some() && is_success(&answer));
        }
    }
    let mut out = Outputs::default();
    world.turn.expire(NOW_MS + 2 * 86_400_000, &mut out);
    world.turn.expire(NOW_MS + 3 * 86_400_000, &mut out);
    assert_eq!((world.turn.relay_count(), world.turn.next_timeout_ms()), (0, None), "seed {seed}");
    succeeded
}

fn is_inner(ip: IpAddr) -> bool {
    let IpAddr::V4(v4) = ip.to_canonical() else { return ip.is_loopback() };
    v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4 == std::net::Ipv4Addr::from([6, 6, 6, 6])
}

#[test]
fn changed_messages_do_no_harm() {
    let (from, rounds) =
        (number("TURN_FUZZ_FROM").unwrap_or(0), number("TURN_FUZZ_ROUNDS").unwrap_or(ROUNDS));
    let succeeded: usize = (from..from + rounds).map(round).sum();
    // Or nothing would get far.
    assert!(succeeded as u64 > 10 * rounds, "{succeeded} requests were granted in {rounds} rounds");
}
