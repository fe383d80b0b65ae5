//! Somebody else's client (`turn-client-proto`) with this server.

use stun_types::TransportType;
use turn_client_proto::api::{Transmit, TurnClientApi, TurnConfig, TurnEvent, TurnRecvRet};
use turn_client_proto::tcp::TurnClientTcp;
use turn_client_proto::types::{Instant, TurnCredentials};
use turn_client_proto::udp::TurnClientUdp;

use super::*;
use crate::client::Link;
use crate::stream_frames::frame_length;

/// A client, the network between it and the server, and what it got to know.
struct Foreign<C> {
    client: C,
    who: Client,
    world: World,
    /// Every so many datagrams are lost.
    loses_every: Option<u32>,
    carried: u32,
    events: Vec<TurnEvent>,
    data: Vec<(SocketAddr, Vec<u8>)>,
    to_peer: Vec<Vec<u8>>,
}

const PEER: &str = "1.1.1.1:7000";
const SERVER: &str = "6.6.6.6:3478";
const STEP_MS: u64 = 50;

impl<C: TurnClientApi> Foreign<C> {
    fn new(who: Client, loses_every: Option<u32>, begin: impl FnOnce(TurnConfig) -> C) -> Foreign<C> {
        let world = World::new(Limits::default());
        let Credential { username, password } = world.credential("anna");
        let client = begin(TurnConfig::new(TurnCredentials::new(&username, &password)));
        let (events, data, to_peer) = (Vec::new(), Vec::new(), Vec::new());
        Foreign { client, who, world, loses_every, carried: 0, events, data, to_peer }
    }

    fn now(&self) -> Instant {
        Instant::from_nanos(i64::try_from(self.world.now_ms * 1_000_000).unwrap())
    }

    fn is_lost(&mut self) -> bool {
        self.carried += 1;
        self.loses_every.is_some_and(|every| self.carried % every == 0)
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
        self.world.pass(ms);
    }

    /// Brings bytes of the client to the server, and back what comes of them.
    fn carry(&mut self, bytes: Vec<u8>) {
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let length = if self.who.is_stream() { frame_length(rest).unwrap().unwrap() } else { rest.len() };
            let message;
            (message, rest) = rest.split_at(length);
            if !self.is_lost() {
                let events = self.world.client_sends(self.who, message);
                self.take(events);
            }
        }
    }

    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::ToPeer(_, peer, bytes) => {
                    assert_eq!(peer, PEER.parse().unwrap());
                    self.to_peer.push(bytes);
                }
                Event::ToClient(to, bytes) => {
                    assert_eq!(to, self.who);
                    if self.is_lost() {
                        continue;
                    }
                    let transport = self.client.transport();
                    let (from, to) = (SERVER.parse().unwrap(), self.who.address);
                    let now = self.now();
                    match self.client.recv(Transmit::new(bytes, transport, from, to), now) {
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
            }
        }
    }

    fn exchange(&mut self, text: &str) {
        let peer: SocketAddr = PEER.parse().unwrap();
        let (_, relayed) = self.client.relayed_addresses().next().unwrap();
        (self.to_peer.clear(), self.data.clear());
        for _ in 0..3 {
            let transmit = self.client.send_to(TransportType::Udp, peer, text.as_bytes(), self.now());
            if let Some(transmit) = transmit.unwrap() {
                self.carry(transmit.build().data);
            }
            let events = self.world.peer_sends(peer, relayed, text.as_bytes());
            self.take(events);
        }
        assert!(self.to_peer.iter().any(|bytes| bytes == text.as_bytes()), "{text}");
        assert!(self.data.contains(&(peer, text.as_bytes().to_vec())), "{text}");
    }

    fn story(mut self) {
        let peer: SocketAddr = PEER.parse().unwrap();
        self.until("allocated", |it| it.client.relayed_addresses().next().is_some());
        let (_, relayed) = self.client.relayed_addresses().next().unwrap();
        assert!(self.world.open.values().any(|address| *address == relayed));
        self.client.create_permission(TransportType::Udp, peer.ip(), self.now()).unwrap();
        self.until("permitted", |it| it.client.have_permission(TransportType::Udp, peer.ip()));
        self.exchange("by indications");
        self.client.bind_channel(TransportType::Udp, peer, self.now()).unwrap();
        self.until("bound", |it| it.events.iter().any(|it| matches!(it, TurnEvent::ChannelCreated(..))));
        self.exchange("by a channel");
        // Two hours, in which everything has to be refreshed.
        let end = self.world.now_ms + 2 * 3600 * 1000;
        while self.world.now_ms < end {
            self.step(1000);
        }
        // A multiple of four bytes like the others: over TCP, this client leaves the padding out.
        self.exchange("still on");
        self.client.delete(self.now()).unwrap();
        self.until("deleted", |it| it.world.open.is_empty());
        self.world.pass(60_000);
        assert!(self.world.turn.is_empty());
    }
}

#[test]
fn over_udp() {
    let begin = |config| TurnClientUdp::allocate(v4(1).address, SERVER.parse().unwrap(), config);
    Foreign::new(v4(1), None, begin).story();
}

#[test]
fn over_udp_that_loses_some() {
    for every in [3, 4, 7] {
        let begin = |config| TurnClientUdp::allocate(v4(1).address, SERVER.parse().unwrap(), config);
        Foreign::new(v4(1), Some(every), begin).story();
    }
}

#[test]
fn over_tcp() {
    let who = Client { link: Link::Stream(1), address: v4(1).address };
    let begin = |config| TurnClientTcp::allocate(who.address, SERVER.parse().unwrap(), config);
    Foreign::new(who, None, begin).story();
}
