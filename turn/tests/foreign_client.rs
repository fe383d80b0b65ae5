//! Somebody else's client (`turn-client-proto`) with this server.
#![allow(clippy::unwrap_used)] // A test may.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use stun_types::TransportType;
use stun_types::message::Message;
use tincan_turn::{
    Client, Config, Credential, Family, Limits, Link, Output, Outputs, PacketBuffer, RelayId, Turn,
    frame_length,
};
use turn_client_proto::api::{Transmit, TurnClientApi, TurnConfig, TurnEvent, TurnRecvRet};
use turn_client_proto::tcp::TurnClientTcp;
use turn_client_proto::types::{Instant, TurnCredentials};
use turn_client_proto::udp::TurnClientUdp;

/// A client, the network between it and the server, and what it got to know.
struct Foreign<C> {
    client: C,
    who: Client,
    turn: Turn,
    now_ms: u64,
    relay: Option<RelayId>,
    packet: PacketBuffer,
    /// Every so many datagrams are lost.
    loses_every: Option<u32>,
    carried: u32,
    events: Vec<TurnEvent>,
    data: Vec<(SocketAddr, Vec<u8>)>,
    to_peer: Vec<Vec<u8>>,
}

const CLIENT: ([u8; 4], u16) = ([8, 8, 8, 1], 4000);
const RELAYED: ([u8; 4], u16) = ([6, 6, 6, 6], 50_000);
const PEER: &str = "1.1.1.1:7000";
const SERVER: &str = "6.6.6.6:3478";
const STEP_MS: u64 = 50;

impl<C: TurnClientApi> Foreign<C> {
    fn new(who: Client, loses_every: Option<u32>, begin: impl FnOnce(TurnConfig) -> C) -> Foreign<C> {
        let config = Config {
            families: vec![Family::V4],
            allowed_peers: Vec::new(),
            own_addresses: vec![IpAddr::from([6, 6, 6, 6])],
            limits: Limits::default(),
        };
        let turn = Turn::new(config, b"north");
        let now_ms = 1_700_000_000_000;
        let Credential { username, password } = turn.credentials().issue("anna", now_ms + 86_400_000);
        let client = begin(TurnConfig::new(TurnCredentials::new(&username, &password)));
        let (events, data, to_peer) = (Vec::new(), Vec::new(), Vec::new());
        let packet = PacketBuffer::new(2000);
        Foreign {
            client,
            who,
            turn,
            now_ms,
            relay: None,
            packet,
            loses_every,
            carried: 0,
            events,
            data,
            to_peer,
        }
    }

    fn now(&self) -> Instant {
        Instant::from_nanos(i64::try_from(self.now_ms * 1_000_000).unwrap())
    }

    fn is_lost(&mut self) -> bool {
        self.carried += 1;
        self.loses_every.is_some_and(|every| self.carried.is_multiple_of(every))
    }

    /// Time passes until `done`.
    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        for _ in 0..2000 {
            if done(self) {
                return;
            }
            self.step(STEP_MS);
        }
        panic!("{what}: {:?}", self.events);
    }

    fn step(&mut self, ms: u64) {
        let now = self.now();
        self.client.poll(now);
        while let Some(event) = self.client.poll_event() {
            self.events.push(event);
        }
        while let Some(transmit) = self.client.poll_transmit(now) {
            self.carry(transmit.data.to_vec());
        }
        self.pass(ms);
    }

    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        let mut out = Outputs::default();
        self.turn.expire(self.now_ms, &mut out);
        self.act(&out);
    }

    /// Brings bytes of the client to the server, and back what comes of them.
    fn carry(&mut self, bytes: Vec<u8>) {
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let length = if matches!(self.who.link, Link::Stream(_)) {
                frame_length(rest).unwrap().unwrap()
            } else {
                rest.len()
            };
            let message;
            (message, rest) = rest.split_at(length);
            if !self.is_lost() {
                let mut out = Outputs::default();
                self.packet.copy_from(message);
                self.turn.received(self.now_ms, self.who, &mut self.packet, &mut out);
                self.act(&out);
            }
        }
    }

    /// Does what the server says.
    fn act(&mut self, out: &Outputs) {
        for output in out.list() {
            match output {
                Output::ToPeer { peer, data, .. } => {
                    assert_eq!(*peer, PEER.parse().unwrap());
                    self.to_peer.push(out.bytes(&self.packet, data).to_vec());
                }
                Output::ToClient { client, data } => {
                    assert_eq!(*client, self.who);
                    let bytes = out.bytes(&self.packet, data).to_vec();
                    if !self.is_lost() {
                        self.client_hears(bytes);
                    }
                }
                Output::OpenRelay { relay, .. } => {
                    let mut opened = Outputs::default();
                    self.relay = Some(*relay);
                    self.turn.relay_opened(self.now_ms, *relay, Ok(RELAYED.into()), &mut opened);
                    self.act(&opened);
                }
                Output::CloseRelay { .. } => self.relay = None,
            }
        }
    }

    fn client_hears(&mut self, bytes: Vec<u8>) {
        let now = self.now();
        let transmit = Transmit::new(bytes, self.client.transport(), SERVER.parse().unwrap(), CLIENT.into());
        match self.client.recv(transmit, now) {
            TurnRecvRet::PeerData(data) => self.data.push((data.peer, data.data().to_vec())),
            TurnRecvRet::Handled => {}
            // An answer to what it has sent twice.
            TurnRecvRet::Ignored(it) if Message::from_bytes(&it.data).unwrap().is_response() => {}
            other => panic!("{other:?}"),
        }
        while let Some(data) = self.client.poll_recv(now) {
            self.data.push((data.peer, data.data().to_vec()));
        }
    }

    fn exchange(&mut self, text: &str) {
        let peer: SocketAddr = PEER.parse().unwrap();
        self.to_peer.clear();
        self.data.clear();
        for _ in 0..3 {
            let transmit = self.client.send_to(TransportType::Udp, peer, text.as_bytes(), self.now());
            if let Some(transmit) = transmit.unwrap() {
                self.carry(transmit.build().data);
            }
            let mut out = Outputs::default();
            self.packet.copy_from(text.as_bytes());
            let relay = self.relay.unwrap();
            self.turn.relay_received(self.now_ms, relay, peer, &mut self.packet, &mut out);
            self.act(&out);
        }
        assert!(self.to_peer.iter().any(|bytes| bytes == text.as_bytes()), "{text}");
        assert!(self.data.contains(&(peer, text.as_bytes().to_vec())), "{text}");
    }

    fn story(mut self) {
        let peer: SocketAddr = PEER.parse().unwrap();
        self.until("allocated", |it| it.client.relayed_addresses().next().is_some());
        let (_, relayed) = self.client.relayed_addresses().next().unwrap();
        assert_eq!(relayed, RELAYED.into());
        self.client.create_permission(TransportType::Udp, peer.ip(), self.now()).unwrap();
        self.until("permitted", |it| it.client.have_permission(TransportType::Udp, peer.ip()));
        self.exchange("by indications");
        self.client.bind_channel(TransportType::Udp, peer, self.now()).unwrap();
        self.until("bound", |it| it.events.iter().any(|it| matches!(it, TurnEvent::ChannelCreated(..))));
        self.exchange("by a channel");
        // Two hours, in which everything has to be refreshed.
        let end = self.now_ms + 2 * 3600 * 1000;
        while self.now_ms < end {
            self.step(1000);
        }
        // A multiple of four bytes like the others: over TCP, this client leaves the padding out.
        self.exchange("still on");
        self.client.delete(self.now()).unwrap();
        self.until("deleted", |it| it.relay.is_none());
        self.pass(60_000);
        assert_eq!((self.turn.relay_count(), self.turn.next_timeout_ms()), (0, None));
    }
}

fn begin_udp(config: TurnConfig) -> TurnClientUdp {
    TurnClientUdp::allocate(CLIENT.into(), SERVER.parse().unwrap(), config)
}

/// What reaches the server over UDP.
const UDP: Link = Link::Datagram { socket: 0, asked: IpAddr::V4(Ipv4Addr::new(6, 6, 6, 6)) };

#[test]
fn over_udp() {
    let who = Client { link: UDP, address: CLIENT.into() };
    Foreign::new(who, None, begin_udp).story();
}

#[test]
fn over_udp_that_loses_some() {
    let who = Client { link: UDP, address: CLIENT.into() };
    for every in [3, 4, 7] {
        Foreign::new(who, Some(every), begin_udp).story();
    }
}

#[test]
fn over_tcp() {
    let who = Client { link: Link::Stream(1), address: CLIENT.into() };
    let begin = |config| TurnClientTcp::allocate(CLIENT.into(), SERVER.parse().unwrap(), config);
    Foreign::new(who, None, begin).story();
}
