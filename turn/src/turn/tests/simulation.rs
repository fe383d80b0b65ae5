//! Several clients on a bad network: messages are lost, come twice, come late and out of order; time passes,
//! credentials expire, sockets can't be had. What must hold is stated by a model that is much simpler than
//! the server.
//!
//! `TURN_SEEDS` says how many runs there are.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use stun_types::AddressFamily;
use turn_types::attribute::{AdditionalAddressFamily, ChannelNumber, Lifetime};
use turn_types::channel::ChannelData;

use super::world::{START_MS, received, relayed, send, signed_as, udp};
use super::*;

const STEPS: usize = 1000;
const USERS: [&str; 3] = ["anna", "bell", "cher"];
const LIMITS: Limits = Limits {
    allocations: 8,
    user_allocations: 3,
    user_bytes_per_second: 300,
    user_burst_bytes: 2000,
    permissions: 4,
    channels: 3,
    default_lifetime_s: 600,
    longest_lifetime_s: 3600,
    unauthenticated_per_second: 50,
    unauthenticated_burst: 50,
};

struct Random(fastrand::Rng);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// What a request was about. Known to whoever sent it, by its id.
#[derive(Clone, Debug)]
enum Asked {
    Allocate { expires_at_ms: u64, user: usize },
    Refresh { lifetime: u32 },
    Permission(IpAddr),
    Channel(u16, SocketAddr),
}

/// What the clients know from successful answers, and what follows from it.
#[derive(Default)]
struct Model {
    /// By client: who has what, no later than when.
    owners: HashMap<Client, (usize, u64)>,
    relayed: HashMap<SocketAddr, Client>,
    permissions: HashMap<(Client, IpAddr), u64>,
    /// By the number or by the peer: what it stands for, and since when no more.
    channels: HashMap<(Client, u16), (SocketAddr, u64)>,
    /// How many bytes each user has had relayed, since when.
    relayed_bytes: [u64; USERS.len()],
}

struct Simulation {
    random: Random,
    world: World,
    model: Model,
    clients: Vec<Client>,
    peers: Vec<SocketAddr>,
    nonces: HashMap<Client, String>,
    asked: HashMap<(Client, u128), Asked>,
    /// On their way to the server.
    in_flight: Vec<(Client, Vec<u8>)>,
    /// What data may arrive where. Each datagram says who sent it, through which address, and whereto.
    successes: usize,
    delivered: usize,
}

/// What a datagram says of itself, so that whoever gets it can tell whether it should.
fn label(from: usize, to: impl Display) -> Vec<u8> {
    let mut text = format!("{from}>{to}|").into_bytes();
    text.resize(text.len() + from * 7, b'.');
    text
}

impl Simulation {
    fn new(seed: u64) -> Simulation {
        let clients = vec![v4(1), v4(2), v4(3), v6(4), v6(5)];
        let peers = ["1.1.1.1:7000", "1.1.1.1:7001", "1.1.1.2:7000", "[2a00:7::7]:7000", "10.0.0.1:80"];
        let mut world = World::new(LIMITS);
        world.at_once = false;
        Simulation {
            random: Random(fastrand::Rng::with_seed(seed)),
            world,
            model: Model::default(),
            clients,
            peers: peers.iter().map(|peer| peer.parse().unwrap()).collect(),
            nonces: HashMap::new(),
            asked: HashMap::new(),
            in_flight: Vec::new(),
            successes: 0,
            delivered: 0,
        }
    }

    /// Returns where a client may want to send to: peers and each other.
    fn targets(&self) -> Vec<SocketAddr> {
        let mut relayed: Vec<_> = self.model.relayed.keys().copied().collect();
        relayed.sort();
        self.peers.iter().copied().chain(relayed).collect()
    }

    fn user_of(&self, client: Client) -> usize {
        self.clients.iter().position(|it| *it == client).unwrap() % USERS.len()
    }

    fn step(&mut self) {
        match self.random.below(60) {
            0..=11 => self.ask(),
            12..=22 => self.send(),
            23..=29 => self.peer_sends(),
            30..=52 => self.arrive(),
            53..=56 => {
                self.world.sockets = self.random.below(8) > 0;
                let events = self.world.open_all();
                self.take(events);
            }
            57..=58 => {
                let ms = self.random.pick(&[1, 100, 1_000, 5_000, 20_000, 60_000, 200_000, 301_000, 700_000]);
                self.pass(ms);
            }
            _ => {
                let client = self.random.pick(&self.clients);
                if client.is_stream() && self.random.below(4) == 0 {
                    self.world.disconnect(client);
                    self.model.lost(client);
                    // A stream that ended brings nothing more.
                    self.in_flight.retain(|(from, _)| *from != client);
                }
            }
        }
        self.check();
    }

    fn ask(&mut self) {
        let client = self.random.pick(&self.clients);
        let user = match self.random.below(12) {
            0 => self.random.below(USERS.len()),
            _ => self.user_of(client),
        };
        let expires_at_ms =
            self.world.now_ms + self.random.pick(&[0, 1_000, 400_000, 900_000, 2_000_000, 5_000_000]);
        let credential = self.world.turn.credentials().issue(USERS[user], expires_at_ms);
        let expires_at_ms = expires_at_ms / 1000 * 1000;
        let nonce = self.nonces.get(&client).cloned().unwrap_or_default();
        let id = TransactionId::from(
            u128::from(self.random.below(usize::MAX) as u64) << 8 | 0x2112_A442u128 << 96,
        );
        let target = self.random.pick(&self.targets());
        let lifetime = self.random.pick(&[0, 1, 1, 700, 700, 100_000]);
        let lifetime_attribute = Lifetime::new(lifetime);
        let additional = AdditionalAddressFamily::new(AddressFamily::IPV6);
        let (asked, request) = match self.random.below(7) {
            0 | 1 => {
                let mut attributes: Vec<&dyn AttributeWrite> = vec![];
                let transport = udp();
                attributes.push(&transport);
                if self.random.below(2) == 0 {
                    attributes.push(&additional);
                }
                attributes.push(&lifetime_attribute);
                let request = signed_as(id, ALLOCATE, &attributes, None, &credential, &nonce);
                (Asked::Allocate { expires_at_ms, user }, request)
            }
            2 => {
                let request = signed_as(id, REFRESH, &[&lifetime_attribute], None, &credential, &nonce);
                (Asked::Refresh { lifetime }, request)
            }
            3 => {
                let request = signed_as(id, CREATE_PERMISSION, &[], Some(target), &credential, &nonce);
                (Asked::Permission(target.ip()), request)
            }
            _ => {
                let number = 0x4000 + self.random.below(4) as u16;
                let channel = ChannelNumber::new(number);
                let request = signed_as(id, CHANNEL_BIND, &[&channel], Some(target), &credential, &nonce);
                (Asked::Channel(number, target), request)
            }
        };
        let id = Message::from_bytes(&request).unwrap().transaction_id();
        self.asked.insert((client, id.into()), asked);
        self.launch(client, request);
    }

    fn launch(&mut self, client: Client, message: Vec<u8>) {
        let copies = if client.is_stream() { 1 } else { self.random.pick(&[0, 1, 1, 1, 2]) };
        for _ in 0..copies {
            self.in_flight.push((client, message.clone()));
        }
    }

    fn send(&mut self) {
        let client = self.random.pick(&self.clients);
        let index = self.clients.iter().position(|it| *it == client).unwrap();
        let mut target = self.random.pick(&self.targets());
        let mut permitted = self.targets();
        permitted.retain(|it| self.may_reach(client, it.ip()));
        if !permitted.is_empty() && self.random.below(4) > 0 {
            target = self.random.pick(&permitted);
        }
        let message = if self.random.below(2) == 0 {
            send(target, &label(index, target))
        } else {
            let number = 0x4000 + self.random.below(4) as u16;
            let data = label(index, number);
            let mut bytes = vec![0; 4 + data.len()];
            ChannelData::new(number, &data).write_into_unchecked(&mut bytes);
            bytes
        };
        self.launch(client, message);
    }

    fn peer_sends(&mut self) {
        let peer = self.random.pick(&self.peers);
        let mut open: Vec<_> = self.world.open.values().copied().collect();
        open.sort();
        if open.is_empty() {
            return;
        }
        let to = self.random.pick(&open);
        let text = format!("{peer}>{to}|");
        let events = self.world.peer_sends(peer, to, text.as_bytes());
        self.take(events);
    }

    /// A message on its way arrives, not always the first. Streams keep the order.
    fn arrive(&mut self) {
        if self.in_flight.is_empty() {
            return;
        }
        let mut index = self.random.below(self.in_flight.len());
        if self.in_flight[index].0.is_stream() {
            let client = self.in_flight[index].0;
            index = self.in_flight.iter().position(|(from, _)| *from == client).unwrap();
        }
        let (client, message) = self.in_flight.remove(index);
        let events = self.world.client_sends(client, &message);
        self.take(events);
    }

    fn pass(&mut self, ms: u64) {
        self.world.pass(ms);
        let now = self.world.now_ms;
        let over: Vec<_> =
            self.model.owners.iter().filter(|(_, it)| it.1 <= now).map(|(client, _)| *client).collect();
        for client in over {
            assert!(!self.world.turn.has_allocation(client), "it has outlived its time");
        }
        let gone: Vec<_> = self.model.owners.keys().copied().collect();
        for client in gone.into_iter().filter(|client| !self.world.turn.has_allocation(*client)) {
            self.model.lost(client);
        }
    }

    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::ToPeer(from, peer, data) => self.reaches_peer(from, peer, &data),
                Event::ToClient(client, bytes) => self.reaches_client(client, &bytes),
            }
        }
    }

    fn reaches_peer(&mut self, from: SocketAddr, peer: SocketAddr, data: &[u8]) {
        // Every address is learnt from an answer, and every answer arrives here.
        let owner = self.model.relayed[&from];
        let text = String::from_utf8(data.to_vec()).unwrap();
        let (sender, rest) = text.split_once('>').unwrap();
        let sender = self.clients[sender.parse::<usize>().unwrap()];
        assert_eq!(sender, owner, "{text} left by another's address");
        assert_eq!(self.target(owner, rest), peer, "{text} went there");
        assert!(self.may_reach(owner, peer.ip()), "{text} without a permission");
        assert_ne!(peer, "10.0.0.1:80".parse().unwrap(), "an inner service");
        self.spend(owner, data.len());
        self.delivered += 1;
    }

    fn reaches_client(&mut self, client: Client, bytes: &[u8]) {
        if bytes[0] >= 0x40 {
            let channel = ChannelData::parse(bytes).unwrap();
            assert!(client.is_stream() || bytes.len() == 4 + channel.data().len(), "padding of a datagram");
            assert!(bytes.len().is_multiple_of(4) || !client.is_stream(), "no padding in a stream");
            let (peer, until) = self.model.channels[&(client, channel.id())];
            assert!(self.world.now_ms < until, "a channel that has expired");
            return self.data_reaches(client, peer, channel.data());
        }
        let message = Message::from_bytes(bytes).unwrap();
        match message.class() {
            MessageClass::Indication => {
                let (peer, data) = received(bytes);
                self.data_reaches(client, peer, &data);
            }
            MessageClass::Error => {
                if let Ok(nonce) = message.attribute::<Nonce>() {
                    self.nonces.insert(client, nonce.nonce().to_owned());
                }
            }
            MessageClass::Success => {
                let asked = self.asked[&(client, message.transaction_id().into())].clone();
                self.granted(client, asked, bytes);
            }
            MessageClass::Request => panic!("the server asks nothing"),
        }
    }

    fn data_reaches(&mut self, client: Client, peer: SocketAddr, data: &[u8]) {
        let text = String::from_utf8(data.to_vec()).unwrap();
        let (sender, _) = text.split_once('>').unwrap();
        assert!(self.may_reach(client, peer.ip()), "{text} reached {client:?} without its permission");
        match sender.parse::<usize>() {
            // From another client: by its relayed address, and with its permission.
            Ok(sender) => {
                let sender = self.clients[sender];
                assert_eq!(self.model.relayed.get(&peer), Some(&sender), "{text} from {peer}");
                let own = self.target(sender, text.split_once('>').unwrap().1);
                assert_eq!(self.model.relayed.get(&own), Some(&client), "{text} reached {client:?}");
                assert!(self.may_reach(sender, own.ip()), "{text} without the sender's permission");
                self.spend(sender, data.len());
            }
            Err(_) => assert_eq!(sender, peer.to_string()),
        }
        self.spend(client, data.len());
        self.delivered += 1;
    }

    /// Returns where a datagram of `sender` goes that is labelled so: to an address, or by a channel.
    fn target(&self, sender: Client, label: &str) -> SocketAddr {
        let (to, _) = label.split_once('|').unwrap();
        match to.parse() {
            Ok(number) => {
                let (peer, until) = self.model.channels[&(sender, number)];
                assert!(self.world.now_ms < until, "{label} by a channel that has expired");
                peer
            }
            Err(_) => to.parse().unwrap(),
        }
    }

    fn may_reach(&self, client: Client, peer: IpAddr) -> bool {
        self.model.permissions.get(&(client, peer)).is_some_and(|until| self.world.now_ms < *until)
    }

    fn spend(&mut self, client: Client, bytes: usize) {
        let (user, _) = self.model.owners[&client];
        self.model.relayed_bytes[user] += bytes as u64;
        let seconds = (self.world.now_ms - START_MS) / 1000 + 1;
        let most = LIMITS.user_burst_bytes + seconds * LIMITS.user_bytes_per_second;
        assert!(self.model.relayed_bytes[user] <= most, "{} has relayed too much", USERS[user]);
    }

    fn granted(&mut self, client: Client, asked: Asked, answer: &[u8]) {
        self.successes += 1;
        let now = self.world.now_ms;
        match asked {
            Asked::Allocate { expires_at_ms, user } => {
                for address in relayed(answer) {
                    let known = self.model.relayed.insert(address, client);
                    assert!(known.is_none_or(|it| it == client), "{address} is two clients'");
                }
                self.model.owners.entry(client).or_insert((user, expires_at_ms));
            }
            Asked::Refresh { lifetime: 0 } => self.model.lost(client),
            Asked::Refresh { .. } => {
                // The credential of the refresh may be newer, so the bound is what the longest gives.
                let (_, until) = self.model.owners.get_mut(&client).unwrap();
                *until = (*until).max(now + 5_000_000);
            }
            Asked::Permission(peer) => {
                self.model.permissions.insert((client, peer), now + 300_000);
            }
            Asked::Channel(number, peer) => {
                let known = self.model.channels.insert((client, number), (peer, now + 600_000));
                assert!(
                    known.is_none_or(|(other, until)| other == peer || until + 300_000 <= now),
                    "the channel was another peer's"
                );
                self.model.permissions.insert((client, peer.ip()), now + 300_000);
            }
        }
    }

    fn check(&self) {
        let open = self.world.open.len() + self.world.to_open.len();
        assert_eq!(open, self.world.turn.relay_count(), "every relayed address has a socket, and no other");
        assert!(open <= LIMITS.allocations, "{open} relayed addresses");
        let mut of_user = [0; USERS.len()];
        for address in self.world.open.values() {
            if let Some(client) = self.model.relayed.get(address) {
                of_user[self.model.owners[client].0] += 1;
            }
        }
        assert!(of_user.iter().all(|it| *it <= LIMITS.user_allocations), "{of_user:?}");
        let alive: HashSet<_> = self.world.open.values().collect();
        assert!(self.model.owners.keys().all(|client| {
            !self.world.turn.has_allocation(*client)
                || self.model.relayed.iter().any(|(address, it)| it == client && alive.contains(address))
        }));
    }

    fn end(mut self) -> (usize, usize) {
        let events = self.world.open_all();
        self.take(events);
        self.world.pass(3_600_000);
        self.world.pass(60_000);
        assert!(self.world.turn.is_empty() && self.world.open.is_empty(), "something is kept for ever");
        (self.successes, self.delivered)
    }
}

impl Model {
    fn lost(&mut self, client: Client) {
        self.owners.remove(&client);
        self.relayed.retain(|_, it| *it != client);
        self.permissions.retain(|(it, _), _| *it != client);
        self.channels.retain(|(it, _), _| *it != client);
    }
}

#[test]
fn holds() {
    let seeds = std::env::var("TURN_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(150);
    let (mut successes, mut delivered) = (0, 0);
    for seed in 0..seeds {
        let run = std::panic::catch_unwind(|| {
            let mut simulation = Simulation::new(seed);
            for _ in 0..STEPS {
                simulation.step();
            }
            simulation.end()
        });
        let Ok(run) = run else { panic!("seed {seed}") };
        (successes, delivered) = (successes + run.0, delivered + run.1);
    }
    // Nothing would hold either where nothing happens.
    assert!(successes > 20 * seeds as usize && delivered > 5 * seeds as usize, "{successes}, {delivered}");
}
