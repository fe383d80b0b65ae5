//! Some dozens of clients do thousands of things at random, over real sockets, in step with a model of what a
//! server should make of it. Afterwards nothing is left.
//!
//! The hub alone is tried in more ways, and faster, by `src/hub/tests/random.rs`. Here are the sockets, the
//! tasks and the queues between them. `TINCAN_RANDOM_STEPS` and `TINCAN_RANDOM_SEED` do more, or others.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use support::{Client, TIMEOUT, run};
use tincan_server::hub::{Census, Limits, Rate};
use tincan_server::{Config, Observer, Server};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

const CLIENTS: usize = 36;
/// Fewer than clients, so that they get into each other's way.
const NAMES: usize = 24;
const ROOMS: usize = 5;
const ROOM_LIMIT: usize = 4;
const STEPS: usize = 3_000;
const GRACE_MS: u64 = 300;

fn number(name: &str, default: usize) -> usize {
    env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// What a server should know. Users who are away may come back, or not: that is time's doing.
#[derive(Debug, Default)]
struct Model {
    /// Who is signed in, by name, and on which client.
    online: BTreeMap<usize, usize>,
    /// Who is away, and by which token they come back.
    away: BTreeMap<usize, String>,
    /// Who is in which room.
    rooms: BTreeMap<usize, usize>,
    /// Who has a call with whom, the lower number first, and which.
    calls: BTreeMap<(usize, usize), String>,
}

impl Model {
    fn call(&self, one: usize, other: usize) -> Option<&String> {
        self.calls.get(&pair(one, other))
    }

    fn gone(&mut self, name: usize) {
        self.online.remove(&name);
        self.away.remove(&name);
        self.rooms.remove(&name);
        self.calls.retain(|(one, other), _| *one != name && *other != name);
    }

    fn members(&self, room: usize) -> usize {
        self.rooms.values().filter(|it| **it == room).count()
    }

    fn has_calls(&self, name: usize) -> usize {
        self.calls.keys().filter(|(one, other)| *one == name || *other == name).count()
    }
}

fn pair(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// One client, and who it is.
struct Peer {
    client: Client,
    name: Option<usize>,
    token: Option<String>,
    received: u64,
}

struct World {
    port: u16,
    random: StdRng,
    peers: Vec<Option<Peer>>,
    model: Model,
    observer: Observer,
    last_call: usize,
    /// How often each thing was done.
    done: BTreeMap<&'static str, usize>,
}

fn name(number: usize) -> String {
    format!("Person {number}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_do_as_they_like_and_leave_nothing() {
    let seed = number("TINCAN_RANDOM_SEED", 1) as u64;
    let limits = Limits {
        grace_ms: GRACE_MS,
        room_members: ROOM_LIMIT,
        rings: Rate { burst: 1_000_000, per_minute: 0 },
        frames: Rate { burst: 1_000_000, per_minute: 0 },
        ..Limits::default()
    };
    let server = Server::bind(Config { limits, ..Config::default() }).await.unwrap();
    let observer = server.observer();
    let server = run(server);
    let mut world = World {
        port: server.port,
        random: StdRng::seed_from_u64(seed),
        peers: (0..CLIENTS).map(|_| None).collect(),
        model: Model::default(),
        observer,
        last_call: 0,
        done: BTreeMap::new(),
    };
    for step in 0..number("TINCAN_RANDOM_STEPS", STEPS) {
        let who = world.random.random_range(0..CLIENTS);
        world.step(who).await;
        if step % 200 == 0 {
            world.compare().await;
        }
    }
    world.compare().await;
    // Each kind of thing was done, or this would show less than it says.
    for what in
        ["sign in", "resume", "taken", "call", "answer", "speak", "hang up", "join", "full", "leave room"]
    {
        assert!(world.done.get(what).is_some_and(|times| *times > 5), "{what}: {:?}", world.done);
    }
    // Some say goodbye, and some are gone without a word.
    for (number, peer) in world.peers.iter_mut().enumerate() {
        let Some(peer) = peer.take() else { continue };
        if number % 2 == 0 {
            close(peer.client, 1000).await;
        }
    }
    until("something is left", || {
        (world.observer.census(), world.observer.tasks_and_streams()) == (Census::default(), (0, 0))
    })
    .await;
    server.stop().await;
}

/// Waits until it is so.
async fn until(otherwise: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < TIMEOUT, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn close(mut client: Client, code: u16) {
    let frame = CloseFrame { code: code.into(), reason: "".into() };
    client.socket.send(Message::Close(Some(frame))).await.unwrap();
    // Until the server has seen it.
    while client.next().await.is_some() {}
}

impl World {
    fn did(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }

    /// Has one client do something, and waits until the server has done its part.
    async fn step(&mut self, who: usize) {
        let Some(peer) = &mut self.peers[who] else {
            let client = Client::connect(self.port, "/ws").await;
            self.peers[who] = Some(Peer { client, name: None, token: None, received: 0 });
            return;
        };
        let Some(me) = peer.name else { return self.sign_in(who).await };
        match self.random.random_range(0..12) {
            0 => self.go(who, me).await,
            1..=2 => self.call(who, me).await,
            3..=5 => self.answer_or_speak(who, me).await,
            6 => self.hang_up(who, me).await,
            7..=8 => self.join(who, me).await,
            9 => self.leave_room(who, me).await,
            10 => self.talk_nonsense(who).await,
            _ => {
                self.ask(who, json!({"type": "ping"})).await;
            }
        }
    }

    /// Says something. Returns what comes before the answer to a ping that follows, in which nothing else has
    /// to be: others speak to this client, too.
    async fn ask(&mut self, who: usize, frame: Value) -> Vec<Value> {
        let peer = self.peers[who].as_mut().unwrap();
        peer.client.say(frame.clone()).await;
        if frame["type"] != "ping" {
            peer.client.say(json!({"type": "ping", "ack": peer.received})).await;
        }
        let mut heard = Vec::new();
        loop {
            let frame = peer.client.hear().await;
            if let Some(seq) = frame["seq"].as_u64() {
                assert_eq!(seq, peer.received + 1, "{frame}");
                peer.received = seq;
            }
            if frame["type"] == "login" && frame["resumed"] != true {
                peer.received = 0;
            }
            if frame["type"] == "pong" {
                return heard;
            }
            heard.push(frame);
        }
    }

    async fn sign_in(&mut self, who: usize) {
        // Mostly by a free name, or one's own.
        let away: Vec<usize> = self.model.away.keys().copied().collect();
        let me = match away.len() {
            many @ 1.. if self.random.random_bool(0.5) => away[self.random.random_range(0..many)],
            _ => self.random.random_range(0..NAMES),
        };
        let token = self.model.away.get(&me).filter(|_| self.random.random_bool(0.8)).cloned();
        let (token, received) = match token {
            Some(token) => {
                let (token, received) = token.split_once(' ').unwrap();
                (token.to_owned(), received.parse::<u64>().unwrap())
            }
            None => (format!("{:032x}", self.random.random::<u128>()), 0),
        };
        let login = json!({"type": "login", "name": name(me), "resume": token, "received": received});
        let knows = self.model.away.get(&me).is_some_and(|kept| kept.starts_with(&token));
        self.peers[who].as_mut().unwrap().received = received;
        let heard = self.ask(who, login).await;
        let answer = heard.iter().find(|frame| frame["type"] == "login").unwrap();
        let (success, resumed) = (answer["success"] == true, answer["resumed"] == true);
        if self.model.online.contains_key(&me) {
            assert!(!success, "{me} is signed in twice");
            assert_eq!(answer["reason"], "in-use");
            self.did("taken");
            return self.give_up(who).await;
        }
        if !self.model.away.contains_key(&me) {
            assert!(success && !resumed, "a free name: {answer}");
        } else if !success {
            assert!(!knows, "the owner is shut out: {answer}");
            self.did("kept");
            return self.give_up(who).await;
        }
        if resumed {
            assert!(knows, "somebody else came back");
            self.model.away.remove(&me);
            self.did("resume");
        } else {
            // The grace was over.
            self.model.gone(me);
            self.did("sign in");
        }
        self.model.online.insert(me, who);
        let peer = self.peers[who].as_mut().unwrap();
        (peer.name, peer.token) = (Some(me), Some(token));
    }

    /// Closes a connection on which nobody is signed in: only so many logins may be refused on one.
    async fn give_up(&mut self, who: usize) {
        close(self.peers[who].take().unwrap().client, 1000).await;
    }

    /// Goes away, for good or not.
    async fn go(&mut self, who: usize, me: usize) {
        let peer = self.peers[who].take().unwrap();
        let kept = format!("{} {}", peer.token.unwrap(), peer.received);
        match self.random.random_range(0..3) {
            0 => {
                close(peer.client, 1000).await;
                self.model.gone(me);
            }
            1 => {
                close(peer.client, 4000).await;
                self.model.online.remove(&me);
                self.model.away.insert(me, kept);
            }
            _ => {
                // Nothing tells when the server has seen it, but that there is one task less.
                let before = self.observer.tasks_and_streams().0;
                drop(peer.client);
                until("a task outlives its connection", || self.observer.tasks_and_streams().0 < before)
                    .await;
                self.model.online.remove(&me);
                self.model.away.insert(me, kept);
            }
        }
    }

    async fn call(&mut self, who: usize, me: usize) {
        let other = self.random.random_range(0..NAMES);
        self.last_call += 1;
        let new = format!("c-{}", self.last_call);
        let call = self.model.call(me, other).cloned().unwrap_or(new);
        let frame = json!({"type": "offer", "name": name(other), "offer": {}, "call": call});
        let heard = self.ask(who, frame).await;
        let of_call = |it: &&Value| it["call"] == call.as_str();
        let leave = heard.iter().filter(of_call).find(|it| it["type"] == "leave");
        let reason = leave.map(|it| it["reason"].as_str().unwrap());
        let is_there = self.model.online.contains_key(&other);
        if other == me {
            assert_eq!(reason, Some("yourself"));
        } else if !is_there && !self.model.away.contains_key(&other) {
            assert_eq!(reason, Some("unavailable"), "{other} isn't there");
        } else if reason.is_none() && !heard.iter().any(|it| it["type"] == "error") {
            self.model.calls.insert(pair(me, other), call);
            self.did("call");
        } else if self.model.call(me, other).is_none() && is_there {
            assert_eq!(reason, Some("busy"), "{heard:?}");
            self.did("busy");
        }
    }

    /// Answers who calls, or says something to whom one talks to.
    async fn answer_or_speak(&mut self, who: usize, me: usize) {
        let calls: Vec<_> = self.model.calls.keys().copied().filter(|(a, b)| *a == me || *b == me).collect();
        let other = match calls.len() {
            0 => self.random.random_range(0..NAMES),
            many => {
                let (one, other) = calls[self.random.random_range(0..many)];
                if one == me { other } else { one }
            }
        };
        let call = self.model.call(me, other).map_or("c-none", String::as_str);
        let kind = if self.random.random_bool(0.5) { "answer" } else { "candidate" };
        let frame = json!({"type": kind, "name": name(other), kind: {}, "call": call});
        let heard = self.ask(who, frame).await;
        let refused = heard.iter().any(|it| it["type"] == "error" || it["type"] == "leave");
        if self.model.call(me, other).is_none() && self.model.online.contains_key(&other) && other != me {
            let in_one_room =
                self.model.rooms.get(&me).is_some_and(|it| self.model.rooms.get(&other) == Some(it));
            assert!(refused || in_one_room, "{me} spoke to {other}, a stranger: {heard:?}");
        } else if !refused && kind == "answer" {
            self.did("answer");
        } else if !refused {
            self.did("speak");
        }
    }

    async fn hang_up(&mut self, who: usize, me: usize) {
        let mine = |(a, b): &&(usize, usize)| *a == me || *b == me;
        let Some(&(one, other)) = self.model.calls.keys().find(mine) else { return };
        let other = if one == me { other } else { one };
        let call = self.model.calls.remove(&pair(me, other));
        self.ask(who, json!({"type": "leave", "name": name(other), "call": call})).await;
        self.did("hang up");
    }

    async fn join(&mut self, who: usize, me: usize) {
        let room = self.random.random_range(0..ROOMS);
        let heard = self.ask(who, json!({"type": "join", "room": format!("room-{room}")})).await;
        let answer = heard.iter().rev().find(|it| it["type"] == "room").unwrap();
        let expected = match self.model.rooms.get(&me) {
            Some(mine) if *mine == room => None,
            Some(_) => Some("elsewhere"),
            // Who is away may be gone by now.
            None if self.model.members(room) >= ROOM_LIMIT && answer["success"] == false => Some("full"),
            None => None,
        };
        assert_eq!(answer["reason"].as_str(), expected, "{answer}");
        if expected.is_none() {
            self.model.rooms.insert(me, room);
            self.did("join");
        } else if expected == Some("full") {
            self.did("full");
        }
    }

    async fn leave_room(&mut self, who: usize, me: usize) {
        let heard = self.ask(who, json!({"type": "leave-room"})).await;
        let refused = heard.iter().any(|it| it["code"] == "not-in-room");
        assert_eq!(refused, self.model.rooms.remove(&me).is_none());
        if !refused {
            self.did("leave room");
        }
    }

    async fn talk_nonsense(&mut self, who: usize) {
        let nonsense = [json!({"type": "dance"}), json!([]), json!({"type": "offer"}), json!(7)];
        let frame = nonsense[self.random.random_range(0..nonsense.len())].clone();
        let heard = self.ask(who, frame).await;
        assert!(heard.iter().any(|it| it["type"] == "error"), "{heard:?}");
    }

    /// Compares what the server holds with what it should.
    async fn compare(&mut self) {
        // Those whose grace is over are gone; nobody can say when, so they are let go here.
        tokio::time::sleep(Duration::from_millis(GRACE_MS)).await;
        let online = self.model.online.len();
        until("somebody is away for ever", || self.observer.census().users <= online).await;
        for name in self.model.away.keys().copied().collect::<Vec<_>>() {
            self.model.gone(name);
        }
        let census = self.observer.census();
        assert_eq!((census.users, census.tokens), (online, online));
        let rooms: BTreeSet<usize> = self.model.rooms.values().copied().collect();
        assert_eq!(census.rooms, rooms.len());
        assert_eq!(census.connections, self.peers.iter().flatten().count());
        assert_eq!(census.connections, self.observer.tasks_and_streams().0);
        for name in self.model.online.keys() {
            assert!(self.model.has_calls(*name) <= Limits::default().pairs);
        }
        assert!(census.pairs >= 2 * self.model.calls.len(), "a call is forgotten: {census:?}");
    }
}
