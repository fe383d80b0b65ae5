//! Somebody else's server (`turn-server-proto`) beside this one: the same requests get the same answers, and
//! the same data comes through.
//!
//! What differs, and is left out:
//! - FINGERPRINT: this server answers with it whoever sends it, the other one often. Text in error codes.
//! - Where the other one's answer to a Binding request goes: to itself (`handle_stun_binding`).
//! - Realm and nonce in an answer to somebody who has authenticated, by the other one alone; and that it
//!   signs 401, once it knows the address (RFC 8489, section 9.2.4, says not to).
//! - An Allocate request of another user at the same address: 437 here (RFC 8656, section 7.2), 441 there.
//! - Which fault is named of a request with two: here that of its form, there that of its state.
//! - What is left of a request for several permissions of which one is refused: nothing here.
//! - A channel's number that is another peer's: 400 here (section 12.2), taken there. Here a channel rests
//!   for five minutes once it is over, there it doesn't.
//! - EVEN-PORT with a reserved port, and tokens: 508 here, overlooked there.
//! - An allocation's repeated request, which gets the same answer again here, and 437 there.
//! - TCP to peers (RFC 6062), which only the other one has.
//! - Peers that nobody may reach, and data between two clients, which has no way through a socket here.
#![allow(clippy::unwrap_used)] // A test may.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use stun_types::attribute::{
    AttributeStaticType as _, AttributeWrite, ErrorCode, MessageIntegrity, Nonce, RawAttribute, Realm,
    UnknownAttributes, Username, XorMappedAddress,
};
use stun_types::message::{
    BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWriteVec,
    Method, TransactionId,
};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};
use stun_types::{AddressFamily, TransportType};
use tincan_turn::{
    Client, Config, Credential, Family, Limits, Link, Output, Outputs, PacketBuffer, RelayId, Turn,
};
use turn_server_proto::api::{Transmit, TurnServerApi as _, TurnServerPollRet};
use turn_server_proto::server::TurnServer;
use turn_server_proto::types::Instant;
use turn_types::attribute::{
    ChannelNumber, Data, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress,
    XorRelayedAddress,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

const SERVER: ([u8; 4], u16) = ([6, 6, 6, 6], 3478);
const REALM: &str = "tincan";

/// What a message says, whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Answer {
        to: SocketAddr,
        code: u16,
        mapped: Option<SocketAddr>,
        relayed: Vec<SocketAddr>,
        lifetime: Option<u32>,
        unknown: bool,
        challenges: bool,
        signed: bool,
    },
    /// A Data indication.
    Indication {
        to: SocketAddr,
        peer: SocketAddr,
        data: Vec<u8>,
    },
    /// Data of a channel, with its header.
    Channel {
        to: SocketAddr,
        bytes: Vec<u8>,
    },
    ToPeer {
        relayed: SocketAddr,
        peer: SocketAddr,
        data: Vec<u8>,
    },
}

fn read(to: SocketAddr, bytes: &[u8]) -> Said {
    if bytes[0] >= 0x40 {
        return Said::Channel { to, bytes: bytes.to_vec() };
    }
    let message = Message::from_bytes(bytes).unwrap();
    let id = message.transaction_id();
    if message.class() == MessageClass::Indication {
        let peer = message.attribute::<XorPeerAddress>().unwrap().addr(id);
        return Said::Indication { to, peer, data: message.attribute::<Data<'_>>().unwrap().data().to_vec() };
    }
    let code = match message.class() {
        MessageClass::Success => 0,
        _ => message.attribute::<ErrorCode>().unwrap().code(),
    };
    let signed = code != 401 && message.raw_attribute(MessageIntegrity::TYPE).is_some();
    let relayed = (0..).map_while(|n| message.nth_attribute::<XorRelayedAddress>(n).ok());
    Said::Answer {
        to,
        code,
        mapped: message.attribute::<XorMappedAddress>().ok().map(|it| it.addr(id)),
        relayed: relayed.map(|it| it.addr(id)).collect(),
        lifetime: message.attribute::<Lifetime>().ok().map(|it| it.seconds()),
        unknown: message.attribute::<UnknownAttributes>().is_ok(),
        challenges: !signed && message.attribute::<Nonce>().is_ok() && message.attribute::<Realm>().is_ok(),
        signed,
    }
}

/// Returns the code of the one answer to a request.
fn code(said: &[Said]) -> u16 {
    let [Said::Answer { code, .. }] = said else { panic!("{said:?} is not an answer") };
    *code
}

/// A server with its sockets, which are given the same ports in both.
trait Server {
    fn receive(&mut self, now_ms: u64, from: SocketAddr, bytes: &[u8]) -> Vec<(SocketAddr, Vec<u8>)>;
    /// A peer sends to a relayed address.
    fn peer_sends(&mut self, now_ms: u64, peer: SocketAddr, relayed: SocketAddr, data: &[u8]) -> Vec<Said>;
    /// Everything that was relayed since.
    fn to_peers(&mut self) -> Vec<Said>;
    fn pass(&mut self, now_ms: u64);
}

fn relayed(number: u16, family: Family) -> SocketAddr {
    match family {
        Family::V4 => SocketAddr::from((SERVER.0, 50_000 + number)),
        Family::V6 => SocketAddr::from(([0x2a00, 6, 0, 0, 0, 0, 0, 6], 50_000 + number)),
    }
}

struct Ours {
    turn: Turn,
    open: BTreeMap<RelayId, SocketAddr>,
    opened: u16,
    to_peers: Vec<Said>,
    packet: PacketBuffer,
}

/// What reaches the server over UDP.
const UDP: Link = Link::Datagram { socket: 0, asked: IpAddr::V4(Ipv4Addr::new(6, 6, 6, 6)) };

impl Ours {
    fn client(address: SocketAddr) -> Client {
        Client { link: UDP, address }
    }

    fn act(&mut self, now_ms: u64, out: &Outputs) -> Vec<(SocketAddr, Vec<u8>)> {
        let mut said = Vec::new();
        for output in out.list() {
            match output {
                Output::ToClient { client, data } => {
                    said.push((client.address, out.bytes(&self.packet, data).to_vec()));
                }
                Output::ToPeer { relay, peer, data } => {
                    let data = out.bytes(&self.packet, data).to_vec();
                    self.to_peers.push(Said::ToPeer { relayed: self.open[relay], peer: *peer, data });
                }
                Output::OpenRelay { relay, family, .. } => {
                    self.opened += 1;
                    let address = relayed(self.opened, *family);
                    self.open.insert(*relay, address);
                    let mut opened = Outputs::default();
                    self.turn.relay_opened(now_ms, *relay, Ok(address), &mut opened);
                    said.extend(self.act(now_ms, &opened));
                }
                Output::CloseRelay { relay } => {
                    self.open.remove(relay);
                }
            }
        }
        said
    }
}

impl Server for Ours {
    fn receive(&mut self, now_ms: u64, from: SocketAddr, bytes: &[u8]) -> Vec<(SocketAddr, Vec<u8>)> {
        let mut out = Outputs::default();
        self.packet.copy_from(bytes);
        self.turn.received(now_ms, Ours::client(from), &mut self.packet, &mut out);
        self.act(now_ms, &out)
    }

    fn peer_sends(&mut self, now_ms: u64, peer: SocketAddr, relayed: SocketAddr, data: &[u8]) -> Vec<Said> {
        let relay = self.open.iter().find(|(_, address)| **address == relayed).map(|(relay, _)| *relay);
        let Some(relay) = relay else { return Vec::new() };
        let mut out = Outputs::default();
        self.packet.copy_from(data);
        self.turn.relay_received(now_ms, relay, peer, &mut self.packet, &mut out);
        self.act(now_ms, &out).iter().map(|(to, bytes)| read(*to, bytes)).collect()
    }

    fn to_peers(&mut self) -> Vec<Said> {
        std::mem::take(&mut self.to_peers)
    }

    fn pass(&mut self, now_ms: u64) {
        let mut out = Outputs::default();
        self.turn.expire(now_ms, &mut out);
        self.act(now_ms, &out);
    }
}

struct Theirs {
    server: TurnServer,
    open: Vec<SocketAddr>,
    opened: u16,
    to_peers: Vec<Said>,
}

fn instant(now_ms: u64) -> Instant {
    Instant::from_nanos(i64::try_from(now_ms * 1_000_000).unwrap())
}

impl Theirs {
    fn act(&mut self, now_ms: u64) -> Vec<(SocketAddr, Vec<u8>)> {
        let now = instant(now_ms);
        let mut said = Vec::new();
        loop {
            match self.server.poll(now) {
                TurnServerPollRet::AllocateSocket {
                    transport,
                    listen_addr,
                    client_addr,
                    allocation_transport,
                    family,
                } => {
                    self.opened += 1;
                    let of = if family == AddressFamily::IPV4 { Family::V4 } else { Family::V6 };
                    let address = relayed(self.opened, of);
                    self.open.push(address);
                    self.server.allocated_socket(
                        transport,
                        listen_addr,
                        client_addr,
                        allocation_transport,
                        family,
                        Ok(address),
                        now,
                    );
                }
                TurnServerPollRet::SocketClose { listen_addr, .. } => {
                    self.open.retain(|address| *address != listen_addr);
                }
                TurnServerPollRet::WaitUntil(_) => break,
                other => panic!("{other:?}"),
            }
        }
        while let Some(transmit) = self.server.poll_transmit(now) {
            said.push((transmit.to, transmit.data));
        }
        said
    }
}

impl Server for Theirs {
    fn receive(&mut self, now_ms: u64, client: SocketAddr, bytes: &[u8]) -> Vec<(SocketAddr, Vec<u8>)> {
        let transmit = Transmit::new(bytes.to_vec(), TransportType::Udp, client, SERVER.into());
        let answer = self.server.recv(transmit, instant(now_ms)).map(|it| it.build());
        let mut said = Vec::new();
        if let Some(Transmit { data, from, to, .. }) = answer {
            if from == SERVER.into() {
                // It would send the answer to a Binding request to itself.
                said.push((if to == from { client } else { to }, data));
            } else {
                self.to_peers.push(Said::ToPeer { relayed: from, peer: to, data });
            }
        }
        said.extend(self.act(now_ms));
        said
    }

    fn peer_sends(&mut self, now_ms: u64, peer: SocketAddr, relayed: SocketAddr, data: &[u8]) -> Vec<Said> {
        if !self.open.contains(&relayed) {
            return Vec::new();
        }
        let transmit = Transmit::new(data.to_vec(), TransportType::Udp, peer, relayed);
        let passed = self.server.recv(transmit, instant(now_ms)).map(|it| it.build());
        passed.iter().map(|it| read(it.to, &it.data)).collect()
    }

    fn to_peers(&mut self) -> Vec<Said> {
        std::mem::take(&mut self.to_peers)
    }

    fn pass(&mut self, now_ms: u64) {
        self.act(now_ms);
    }
}

/// How a request shows who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    Nothing,
    Password,
    WrongPassword,
    UnknownUser,
    OldNonce,
    /// MESSAGE-INTEGRITY, and not who it is of.
    IntegrityAlone,
}

/// A request, before each server's nonce is in it.
#[derive(Clone, Debug)]
struct Request {
    method: Method,
    shows: Shows,
    protocol: Option<u8>,
    family: Option<AddressFamily>,
    lifetime: Option<u32>,
    number: Option<u16>,
    peers: Vec<SocketAddr>,
    unknown: Option<u16>,
}

impl Request {
    fn of(method: Method) -> Request {
        let (protocol, family, lifetime, number, unknown) = (None, None, None, None, None);
        let shows = Shows::Password;
        Request { method, shows, protocol, family, lifetime, number, peers: Vec::new(), unknown }
    }

    fn write(&self, id: TransactionId, credential: &Credential, nonce: &str) -> Vec<u8> {
        let kind = MessageType::from_class_method(MessageClass::Request, self.method);
        let mut message = Message::builder(kind, id, MessageWriteVec::new());
        let protocol = self.protocol.map(RequestedTransport::new);
        let family = self.family.map(RequestedAddressFamily::new);
        let lifetime = self.lifetime.map(Lifetime::new);
        let number = self.number.map(ChannelNumber::new);
        let peers: Vec<_> = self.peers.iter().map(|peer| XorPeerAddress::new(*peer, id)).collect();
        let unknown = self.unknown.map(|kind| RawAttribute::new(kind.into(), &[0, 0, 0, 6]));
        let mut attributes: Vec<&dyn AttributeWrite> = Vec::new();
        attributes.extend(protocol.iter().map(|it| it as &dyn AttributeWrite));
        attributes.extend(family.iter().map(|it| it as &dyn AttributeWrite));
        attributes.extend(lifetime.iter().map(|it| it as &dyn AttributeWrite));
        attributes.extend(number.iter().map(|it| it as &dyn AttributeWrite));
        attributes.extend(peers.iter().map(|it| it as &dyn AttributeWrite));
        attributes.extend(unknown.iter().map(|it| it as &dyn AttributeWrite));
        for attribute in attributes {
            message.add_attribute(attribute).unwrap();
        }
        let Credential { mut username, mut password } = credential.clone();
        match self.shows {
            Shows::Nothing => return message.finish(),
            Shows::WrongPassword => password.push('x'),
            Shows::UnknownUser => username = "1000:nobody".to_owned(),
            _ => {}
        }
        if self.shows != Shows::IntegrityAlone {
            message.add_attribute(&Username::new(&username).unwrap()).unwrap();
            message.add_attribute(&Realm::new(REALM).unwrap()).unwrap();
            let nonce = if self.shows == Shows::OldNonce { "old" } else { nonce };
            message.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
        }
        let key = LongTermKeyCredentials::new(username, password, REALM.to_owned()).into();
        message.add_message_integrity(&key, IntegrityAlgorithm::Sha1).unwrap();
        message.finish()
    }
}

/// Both servers, and what happens to them.
struct Both {
    servers: [Box<dyn Server>; 2],
    credentials: [Credential; CLIENTS],
    now_ms: u64,
    random: fastrand::Rng,
    /// What happened, for whoever has to find out why it differs.
    story: Vec<String>,
    seed: u64,
    answers: usize,
    relayed: usize,
}

const CLIENTS: usize = 2;

fn client(number: usize) -> SocketAddr {
    SocketAddr::from(([8, 8, 8, 1 + u8::try_from(number).unwrap()], 4000))
}

fn peers() -> Vec<SocketAddr> {
    ["1.1.1.1:7000", "1.1.1.1:7001", "9.9.9.9:7000", "[2a00::1]:7000"].map(|it| it.parse().unwrap()).into()
}

impl Both {
    fn new(seed: u64) -> Both {
        let config = Config {
            families: vec![Family::V4, Family::V6],
            allowed_peers: Vec::new(),
            own_addresses: vec![IpAddr::from(SERVER.0)],
            limits: Limits { unauthenticated_burst: u32::MAX, ..Limits::default() },
        };
        let turn = Turn::new(config, b"north");
        let now_ms = 1_700_000_000_000;
        let credentials = ["anna", "bell"].map(|user| turn.credentials().issue(user, now_ms + 86_400_000));
        let mut server = TurnServer::new(TransportType::Udp, SERVER.into(), REALM.to_owned());
        for Credential { username, password } in &credentials {
            server.add_user(username.clone(), password.clone());
        }
        let packet = PacketBuffer::new(2000);
        let ours = Ours { turn, open: BTreeMap::new(), opened: 0, to_peers: Vec::new(), packet };
        let theirs = Theirs { server, open: Vec::new(), opened: 0, to_peers: Vec::new() };
        Both {
            servers: [Box::new(ours), Box::new(theirs)],
            credentials,
            now_ms,
            random: fastrand::Rng::with_seed(seed),
            story: Vec::new(),
            seed,
            answers: 0,
            relayed: 0,
        }
    }

    fn same<T: PartialEq + std::fmt::Debug>(&self, said: [T; 2]) -> T {
        let [ours, theirs] = said;
        let last = &self.story[self.story.len().saturating_sub(12)..];
        assert_eq!(ours, theirs, "ours and theirs, seed {}: {last:#?}", self.seed);
        ours
    }

    fn ask(&mut self, number: usize, request: &Request) -> u16 {
        let (address, id, now_ms) = (client(number), TransactionId::generate(), self.now_ms);
        self.story.push(format!("{} client {number}: {request:?}", now_ms % 100_000_000));
        let credential = self.credentials[number].clone();
        let said = self.servers.each_mut().map(|server| {
            let nonce = nonce_of(server.as_mut(), now_ms, address);
            let answers = server.receive(now_ms, address, &request.write(id, &credential, &nonce));
            let of_this = |bytes: &[u8]| Message::from_bytes(bytes).unwrap().transaction_id() == id;
            assert!(answers.iter().all(|(_, bytes)| of_this(bytes)));
            answers.iter().map(|(to, bytes)| read(*to, bytes)).collect::<Vec<_>>()
        });
        // Of two faults, either may be named.
        let codes = said.each_ref().map(|said| code(said));
        let bad_number = !request.number.is_some_and(|number| (0x4000..0x8000).contains(&number));
        if (request.unknown.is_some() && codes == [420, 437])
            || (request.method == CHANNEL_BIND && bad_number && codes == [400, 443])
        {
            return codes[0];
        }
        let said = self.same(said);
        let code = &code(&said);
        self.answers += usize::from(*code == 0);
        *code
    }

    fn tell(&mut self, number: usize, bytes: &[u8]) {
        let now_ms = self.now_ms;
        self.story.push(format!("{} client {number} sends {bytes:?}", now_ms % 100_000_000));
        for server in &mut self.servers {
            assert_eq!(server.receive(now_ms, client(number), bytes), []);
        }
        let sent = self.servers.each_mut().map(|server| server.to_peers());
        self.relayed += self.same(sent).len();
    }

    fn step(&mut self) {
        let number = self.random.usize(..CLIENTS);
        let peers = peers();
        let peer = self.random.usize(..peers.len());
        match self.random.u32(..10) {
            0 => {
                let shows = Shows::Nothing;
                let unknown = self.random.bool().then_some(0x0003);
                self.ask(number, &Request { shows, unknown, ..Request::of(BINDING) });
            }
            1 | 2 => self.request(number, ALLOCATE),
            3 => self.request(number, REFRESH),
            4 | 5 => self.request(number, CREATE_PERMISSION),
            6 => self.request(number, CHANNEL_BIND),
            7 => {
                let data = vec![7; self.random.usize(..9)];
                let bytes = if self.random.bool() {
                    let mut message = Message::builder_indication(SEND, MessageWriteVec::new());
                    let to = XorPeerAddress::new(peers[peer], message.transaction_id());
                    message.add_attribute(&to).unwrap();
                    message.add_attribute(&Data::new(&data)).unwrap();
                    message.finish()
                } else {
                    let length = u16::try_from(data.len()).unwrap();
                    [&channel_of(peer).to_be_bytes()[..], &length.to_be_bytes(), &data].concat()
                };
                self.tell(number, &bytes);
            }
            8 => {
                let family = if peers[peer].is_ipv4() { Family::V4 } else { Family::V6 };
                let to = relayed(self.random.u16(..20), family);
                let data = vec![8; self.random.usize(..9)];
                let now_ms = self.now_ms;
                self.story.push(format!("{} {} sends to {to}", now_ms % 100_000_000, peers[peer]));
                let said =
                    self.servers.each_mut().map(|server| server.peer_sends(now_ms, peers[peer], to, &data));
                self.relayed += self.same(said).len();
            }
            // Never to the very moment at which something ends, where both are right.
            _ => {
                self.now_ms += 1000 * self.random.u64(..250) + 137;
                let now_ms = self.now_ms;
                for server in &mut self.servers {
                    server.pass(now_ms);
                }
            }
        }
    }

    /// Sends a request that is right, or not quite.
    fn request(&mut self, number: usize, method: Method) {
        let peers = peers();
        let peer = self.random.usize(..peers.len());
        let mut request = Request::of(method);
        request.shows = match self.random.u32(..16) {
            0 => Shows::Nothing,
            1 => Shows::WrongPassword,
            2 => Shows::UnknownUser,
            3 => Shows::OldNonce,
            4 => Shows::IntegrityAlone,
            _ => Shows::Password,
        };
        let lifetimes = [None, Some(1), Some(700), Some(3600), Some(100_000)];
        match method {
            ALLOCATE => {
                request.protocol = [Some(17), Some(17), Some(17), Some(99), None][self.random.usize(..5)];
                let families = [None, Some(AddressFamily::IPV4), Some(AddressFamily::IPV6)];
                request.family = families[self.random.usize(..3)];
                request.lifetime = lifetimes[self.random.usize(..5)];
            }
            REFRESH => {
                request.lifetime = if self.random.u32(..4) == 0 { Some(0) } else { lifetimes[peer] };
            }
            CREATE_PERMISSION if self.random.u32(..4) == 0 => request.peers = vec![peers[3]],
            CREATE_PERMISSION => request.peers = peers[..self.random.usize(..4)].to_vec(),
            _ => {
                request.number = Some(channel_of(peer));
                request.peers = vec![peers[peer]];
                match self.random.u32(..8) {
                    0 => request.number = None,
                    1 => request.peers.clear(),
                    2 => request.number = Some([0x3FFF, 0x8000, 0][self.random.usize(..3)]),
                    _ => {}
                }
            }
        }
        if self.random.u32(..20) == 0 {
            request.unknown = Some(0x7777);
        }
        let code = self.ask(number, &request);
        if method == CHANNEL_BIND && code == 0 {
            request.number = Some(channel_of(peer) + 100);
            assert_eq!(self.ask(number, &request), 400, "a peer has one number");
        }
    }
}

/// Each peer has a number of its own.
fn channel_of(peer: usize) -> u16 {
    0x4000 + u16::try_from(peer).unwrap()
}

/// Returns the nonce that a server gives to a client.
fn nonce_of(server: &mut dyn Server, now_ms: u64, address: SocketAddr) -> String {
    let request = Message::builder_request(ALLOCATE, MessageWriteVec::new()).finish();
    let answers = server.receive(now_ms, address, &request);
    let message = Message::from_bytes(&answers[0].1).unwrap();
    message.attribute::<Nonce>().unwrap().nonce().to_owned()
}

#[test]
fn the_same_answers_and_the_same_data() {
    let (mut answers, mut relayed) = (0, 0);
    for seed in 0..1000 {
        let mut both = Both::new(seed);
        for _ in 0..150 {
            both.step();
        }
        answers += both.answers;
        relayed += both.relayed;
    }
    // Or it would compare refusals alone.
    assert!(answers > 20_000 && relayed > 1_500, "{answers} successes, {relayed} relayed");
}
