//! Two machines, and what is between and around them: the connection, the data channels, the disks. Stricter
//! than a browser: what one would reject or do wrongly ends the test.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::guard::ReceiveGuard;
use super::machine::Machine;
use super::window::SendWindow;
use crate::envelope::{self, ChannelFrame};
use crate::files::*;
use crate::ids::{MemberId, PeerConnectionId};
use crate::time::Time;

/// What each calls the other.
pub(super) const WHO: MemberId = MemberId(4);
pub(super) const NAMES: [&str; 2] = ["Anna", "Bob"];

pub(super) struct World {
    pub(super) now: Time,
    pub(super) rng: fastrand::Rng,
    pub(super) sides: [Side; 2],
    connection: Option<PeerConnectionId>,
    connections: u32,
    control: [VecDeque<String>; 2],
    channels: Vec<Channel>,
    /// How often something was interrupted, after which some bytes may be sent again.
    pub(super) disruptions: u64,
    /// At times no channel can be opened, which only its sender sees.
    pub(super) unreliable: bool,
    /// How many bytes of each transfer went into channels.
    pub(super) sent: BTreeMap<TransferId, u64>,
}

#[derive(Default)]
pub(super) struct Side {
    pub(super) files: Machine,
    events: VecDeque<(TransferId, Run, FileEvent)>,
    pub(super) disk: BTreeMap<TransferId, Stored>,
    pub(super) outgoing: BTreeMap<TransferId, Remembered>,
    pub(super) sources: BTreeMap<SourceId, Rc<Vec<u8>>>,
    runs: BTreeMap<TransferId, RunningNow>,
    next_source: u32,
    pub(super) disk_bytes: Option<usize>,
}

#[derive(Default)]
pub(super) struct Stored {
    pub(super) record: Option<Remembered>,
    pub(super) data: Vec<u8>,
    acknowledged: usize,
}

struct RunningNow {
    run: Run,
    /// `None` while there is no need for one.
    peer_connection: Option<PeerConnectionId>,
    channel: String,
    kind: Kind,
}

enum Kind {
    Sending { window: SendWindow, content: Rc<Vec<u8>>, hashed: bool },
    Preparing,
    Receiving { guard: ReceiveGuard, unwritten: VecDeque<Vec<u8>> },
}

struct Channel {
    name: String,
    sender: usize,
    data: VecDeque<Message>,
    acks: VecDeque<String>,
    /// By whom.
    closed: [bool; 2],
}

enum Message {
    Binary(Vec<u8>),
    Text(String),
}

/// Stands in for BLAKE3.
pub(super) fn hash(bytes: &[u8]) -> ContentHash {
    let fnv = |sum: u64, &b: &u8| (sum ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    let sum = bytes.iter().fold(0xcbf2_9ce4_8422_2325, fnv);
    ContentHash::parse(&format!("{sum:016x}").repeat(4)).unwrap()
}

fn prefix(bytes: &[u8]) -> Option<ContentHash> {
    (!bytes.is_empty()).then(|| hash(bytes))
}

impl World {
    pub(super) fn new(seed: u64) -> World {
        World {
            now: Time(1_000_000),
            rng: fastrand::Rng::with_seed(seed),
            sides: Default::default(),
            connection: None,
            connections: 0,
            control: Default::default(),
            channels: Vec::new(),
            disruptions: 0,
            unreliable: false,
            sent: BTreeMap::new(),
        }
    }

    /// Two who are connected.
    pub(super) fn met(seed: u64) -> World {
        let mut world = World::new(seed);
        world.meet();
        world
    }

    /// Something happens to a side's machine. Does what it wants.
    pub(super) fn input(&mut self, side: usize, input: FileInput) {
        let files = &mut self.sides[side].files;
        let earlier = std::mem::take(&mut files.out);
        files.input(self.now, input);
        for effect in std::mem::replace(&mut files.out, earlier) {
            self.carry_out(side, effect);
        }
    }

    pub(super) fn wants(&mut self, side: usize, intent: FileIntent) {
        self.input(side, FileInput::Intent(intent));
    }

    pub(super) fn choose_again(&mut self, side: usize, id: TransferId, source: SourceId, size: u64) {
        self.wants(side, FileIntent::ChooseAgain { id, source, size });
    }

    pub(super) fn meet(&mut self) {
        if self.connection.is_some() {
            return;
        }
        self.connections += 1;
        let peer_connection = PeerConnectionId(self.connections);
        self.connection = Some(peer_connection);
        for side in 0..2 {
            let name = NAMES[1 - side].to_owned();
            self.input(side, FileInput::Opened { member: WHO, name, peer_connection });
        }
    }

    /// The connection is lost, with whatever was on its way.
    pub(super) fn cut(&mut self) {
        if self.connection.take().is_none() {
            return;
        }
        self.disruptions += 1;
        self.control = Default::default();
        self.channels.clear();
        for side in 0..2 {
            // The channels may be seen to close before the connection is.
            if self.rng.bool() {
                self.close_runs(side);
            }
            if self.rng.bool() {
                self.run_events(side);
            }
            self.input(side, FileInput::Closed(WHO));
        }
    }

    fn close_runs(&mut self, side: usize) {
        let side = &mut self.sides[side];
        let running: Vec<TransferId> = side.runs.keys().copied().collect();
        for id in running {
            if !matches!(side.runs[&id].kind, Kind::Preparing) {
                side.close_run(&id);
            }
        }
    }

    /// A side's page is loaded anew. What was written and not acknowledged may not have reached its disk.
    pub(super) fn reload(&mut self, side: usize) {
        self.cut();
        self.disruptions += 1;
        let old = std::mem::take(&mut self.sides[side]);
        let new = &mut self.sides[side];
        (new.disk, new.outgoing, new.next_source) = (old.disk, old.outgoing, old.next_source);
        new.disk_bytes = old.disk_bytes;
        for stored in new.disk.values_mut() {
            if stored.record.as_ref().is_some_and(|record| !record.whole) {
                stored.data.truncate(self.rng.usize(stored.acknowledged..=stored.data.len()));
            }
        }
        let kept = new.disk.values().filter_map(|stored| stored.record.clone());
        let kept = kept.chain(new.outgoing.values().cloned()).collect();
        new.files.input(self.now, FileInput::Kept(kept));
        // The other side may have noticed, or takes it for a broken connection.
        if self.rng.bool() {
            self.input(1 - side, FileInput::Left(WHO));
        }
    }

    /// One data channel is closed, and nothing else.
    pub(super) fn break_channel(&mut self) {
        if self.channels.is_empty() {
            return;
        }
        self.disruptions += 1;
        let channel = self.rng.usize(..self.channels.len());
        // One side sees it first, if it isn't both at once.
        let first = self.rng.usize(..3);
        if first < 2 {
            let channel = &mut self.channels[channel];
            channel.closed[first] = true;
            self.sides[first].channel_closed(&channel.name);
            return;
        }
        let Channel { name, .. } = self.channels.remove(channel);
        for side in 0..2 {
            self.sides[side].channel_closed(&name);
        }
    }

    pub(super) fn source(&mut self, side: usize, content: Vec<u8>) -> SourceId {
        let side = &mut self.sides[side];
        side.next_source += 1;
        side.sources.insert(SourceId(side.next_source), Rc::new(content));
        SourceId(side.next_source)
    }

    pub(super) fn offer(&mut self, side: usize, name: &str, content: Vec<u8>) -> TransferId {
        let (size, source) = (content.len() as u64, self.source(side, content));
        let file = SourceFile { source, name: name.to_owned(), size, mime: String::new() };
        let id = TransferId::from_random(self.rng.u128(..));
        self.input(side, FileInput::Offer { file, to: vec![(WHO, id)] });
        assert_eq!(self.sides[side].files.refused(), None);
        id
    }

    pub(super) fn state(&self, side: usize, id: &TransferId) -> Option<TransferState> {
        self.sides[side].files.view().into_iter().find(|it| it.id == *id).map(|it| it.state)
    }

    fn carry_out(&mut self, side: usize, effect: FileEffect) {
        let current = self.connection;
        let this = &mut self.sides[side];
        match effect {
            FileEffect::Control { peer_connection, text } => {
                assert!(text.len() < 16 * 1024);
                if current == Some(peer_connection) {
                    self.control[1 - side].push_back(text);
                }
            }
            FileEffect::Remember(record) => match record.direction {
                Direction::Incoming => {
                    let id = record.id;
                    this.disk.entry(id).or_default().record = Some(record);
                }
                Direction::Outgoing => drop(this.outgoing.insert(record.id, record)),
            },
            FileEffect::Forget { id } => drop(this.outgoing.remove(&id)),
            FileEffect::Discard { id } => {
                assert!(!this.runs.contains_key(&id), "deleted while it is written");
                this.disk.remove(&id);
            }
            FileEffect::Prepare { id, run, size } => {
                let stored = this.disk.get(&id).expect("remembered before it is prepared");
                let event = match this.disk_bytes {
                    Some(free) if free < size as usize => FileEvent::DiskFull,
                    _ => FileEvent::Stored { offset: stored.data.len() as u64, hash: prefix(&stored.data) },
                };
                this.begin(
                    id,
                    RunningNow { run, peer_connection: None, channel: String::new(), kind: Kind::Preparing },
                );
                this.events.push_back((id, run, event));
            }
            FileEffect::Receive { id, run, peer_connection, channel, size, from, window } => {
                let prepared = this.runs.remove(&id).expect("prepared before it is received");
                assert!(prepared.run == run && matches!(prepared.kind, Kind::Preparing));
                assert_eq!(this.disk[&id].data.len() as u64, from);
                let guard = ReceiveGuard::new(size, from, window);
                let kind = Kind::Receiving { guard, unwritten: VecDeque::new() };
                this.begin(id, RunningNow { run, peer_connection: Some(peer_connection), channel, kind });
            }
            FileEffect::Send {
                id,
                run,
                peer_connection,
                channel,
                source,
                size,
                from,
                prefix: expected,
                window,
            } => {
                let content = this.sources.get(&source).expect("a file that was released").clone();
                assert!(window == window_bytes(size) && from <= size);
                let event = if content.len() as u64 != size {
                    Some(FileEvent::SourceChanged)
                } else if prefix(&content[..from as usize]) != expected {
                    Some(FileEvent::NotTheSame)
                } else if current != Some(peer_connection) || (self.unreliable && self.rng.u8(..8) == 0) {
                    Some(FileEvent::ChannelClosed)
                } else {
                    None
                };
                let kind =
                    Kind::Sending { window: SendWindow::new(size, from, window), content, hashed: false };
                let peer_connection = Some(peer_connection);
                this.begin(id, RunningNow { run, peer_connection, channel: channel.clone(), kind });
                match event {
                    Some(event) => this.say(&id, event),
                    None => {
                        let taken = self.channels.iter().any(|it| it.name == channel && it.sender == side);
                        assert!(!taken, "a channel for each run");
                        self.channels.push(Channel {
                            name: channel,
                            sender: side,
                            data: VecDeque::new(),
                            acks: VecDeque::new(),
                            closed: [false; 2],
                        });
                    }
                }
            }
            FileEffect::StopReceiving { id, run } | FileEffect::StopSending { id, run } => {
                this.flush(&id);
                if let Some(stopped) = this.runs.remove(&id) {
                    assert_eq!(stopped.run, run);
                    self.close(side, &stopped.channel);
                }
            }
            FileEffect::Release { source } => {
                assert!(this.sources.remove(&source).is_some(), "released twice");
            }
            FileEffect::Save { id, .. } => assert!(this.disk[&id].record.as_ref().unwrap().whole),
        }
    }

    /// `side` has closed a channel; what is in it for the other still comes.
    fn close(&mut self, side: usize, name: &str) {
        for channel in self.channels.iter_mut().filter(|it| it.name == name) {
            channel.closed[side] = true;
        }
    }

    /// Something happens. Returns whether there was anything.
    pub(super) fn step(&mut self) -> bool {
        self.now = self.now.plus(self.rng.u64(0..20));
        let first = self.rng.usize(..8);
        (0..8).any(|it| match (first + it) % 8 {
            side @ (0 | 1) => self.hear(side),
            side @ (2 | 3) => self.run_event(side - 2),
            side @ (4 | 5) => self.pump(side - 4),
            side @ 6 => self.write(side - 6) || self.write(1),
            _ => self.deliver(),
        })
    }

    pub(super) fn steps(&mut self, steps: usize) {
        for _ in 0..steps {
            self.step();
        }
    }

    fn hear(&mut self, side: usize) -> bool {
        let Some(text) = self.control[side].pop_front() else { return false };
        let Some(ChannelFrame::File(text)) = envelope::decode(text) else { panic!("not about files") };
        self.input(side, FileInput::Frame(WHO, text));
        true
    }

    fn run_event(&mut self, side: usize) -> bool {
        let Some((id, run, event)) = self.sides[side].events.pop_front() else { return false };
        self.input(side, FileInput::Event(id, run, event));
        true
    }

    fn run_events(&mut self, side: usize) {
        while self.run_event(side) {}
    }

    /// Sends a message of some run.
    fn pump(&mut self, side: usize) -> bool {
        let mut channels: Vec<&mut Channel> =
            self.channels.iter_mut().filter(|it| it.sender == side).collect();
        self.rng.shuffle(&mut channels);
        for channel in channels {
            let run = self.sides[side].runs.iter_mut().find(|(_, run)| run.channel == channel.name);
            let Some((id, RunningNow { kind: Kind::Sending { window, content, hashed }, .. })) = run else {
                continue;
            };
            if let Some(bytes) = window.next_chunk() {
                let from = window.sent_bytes() as usize;
                channel.data.push_back(Message::Binary(content[from..from + bytes as usize].to_vec()));
                window.sent(bytes);
                *self.sent.entry(*id).or_default() += bytes;
                return true;
            }
            if window.is_all_sent() && !std::mem::replace(hashed, true) {
                channel.data.push_back(Message::Text(hash(content).as_str().to_owned()));
                return true;
            }
        }
        false
    }

    /// A message, acknowledgement or closing of some channel arrives.
    fn deliver(&mut self) -> bool {
        let mut order: Vec<usize> = (0..self.channels.len()).collect();
        self.rng.shuffle(&mut order);
        for index in order {
            let channel = &mut self.channels[index];
            let (name, sender) = (channel.name.clone(), channel.sender);
            if let Some(text) = channel.acks.pop_front() {
                self.sides[sender].acknowledged(&name, &text);
                return true;
            }
            if let Some(message) = channel.data.pop_front() {
                if !self.sides[1 - sender].receive(&name, message) {
                    // A channel that nobody expects is closed.
                    channel.closed[1 - sender] = true;
                }
                return true;
            }
            if channel.closed != [false; 2] {
                self.channels.remove(index);
                self.sides.iter_mut().for_each(|side| side.channel_closed(&name));
                return true;
            }
        }
        false
    }

    /// Some of what came is written.
    fn write(&mut self, side: usize) -> bool {
        let this = &mut self.sides[side];
        for (id, run) in &mut this.runs {
            let Kind::Receiving { guard, unwritten } = &mut run.kind else { continue };
            let Some(bytes) = unwritten.pop_front() else { continue };
            let stored = this.disk.get_mut(id).unwrap();
            stored.data.extend_from_slice(&bytes);
            if let Some(ack) = guard.written(bytes.len() as u64) {
                stored.acknowledged = stored.data.len();
                if let Some(channel) = self.channels.iter_mut().find(|it| it.name == run.channel) {
                    channel.acks.push_back(ack);
                }
            }
            if self.rng.u8(..4) == 0 {
                let bytes = guard.written_bytes();
                this.events.push_back((*id, run.run, FileEvent::Progress { bytes }));
            }
            return true;
        }
        false
    }

    /// Lets everything happen until nothing more does.
    pub(super) fn settle(&mut self) {
        for _ in 0..200_000 {
            if self.step() {
                continue;
            }
            let due = self.sides.iter().filter_map(|side| side.files.next_timeout()).min();
            let Some(due) = due else { return };
            self.now = self.now.max(due);
            for side in 0..2 {
                self.input(side, FileInput::Tick);
            }
        }
        panic!("it never ends");
    }

    /// What must hold at any time.
    pub(super) fn check(&self) {
        for (index, side) in self.sides.iter().enumerate() {
            for stored in side.disk.values() {
                let record = stored.record.as_ref().expect("nothing is written that isn't known");
                assert!(stored.data.len() as u64 <= record.size, "more than was accepted");
            }
            for direction in [Direction::Incoming, Direction::Outgoing] {
                let running = side.files.view().into_iter().filter(|it| {
                    it.direction == direction && matches!(it.state, TransferState::Running { .. })
                });
                assert!(running.count() <= MAX_RUNNING, "side {index}");
            }
            for run in side.runs.values() {
                let number = run.peer_connection.map_or(0, |it| it.0);
                assert!(matches!(run.kind, Kind::Preparing) || self.connections >= number);
            }
        }
    }
}

impl Side {
    fn begin(&mut self, id: TransferId, run: RunningNow) {
        assert!(self.runs.insert(id, run).is_none(), "two runs of one transfer");
    }

    fn say(&mut self, id: &TransferId, event: FileEvent) {
        let run = self.runs.remove(id).expect("a run").run;
        self.events.push_back((*id, run, event));
    }

    fn run_on(&self, channel: &str) -> Option<TransferId> {
        self.runs.iter().find(|(_, run)| run.channel == channel).map(|(id, _)| *id)
    }

    fn acknowledged(&mut self, channel: &str, text: &str) {
        let Some(id) = self.run_on(channel) else { return };
        let run = self.runs.get_mut(&id).unwrap();
        if let Kind::Sending { window, .. } = &mut run.kind {
            window.acknowledge(text).unwrap();
            let bytes = window.acknowledged_bytes();
            self.events.push_back((id, run.run, FileEvent::Progress { bytes }));
        }
    }

    /// Returns whether anybody wanted it.
    fn receive(&mut self, channel: &str, message: Message) -> bool {
        let Some(id) = self.run_on(channel) else { return false };
        let Kind::Receiving { guard, unwritten } = &mut self.runs.get_mut(&id).unwrap().kind else {
            return false;
        };
        let hashed = match message {
            Message::Binary(bytes) => {
                let verdict = guard.binary(bytes.len() as u64);
                if verdict.is_ok() {
                    unwritten.push_back(bytes);
                }
                verdict.map(|()| None)
            }
            Message::Text(text) => guard.text(&text).map(Some),
        };
        match hashed {
            Err(_) => self.say(&id, FileEvent::Broken),
            Ok(None) => {}
            Ok(Some(expected)) => {
                self.flush(&id);
                let stored = self.disk.get_mut(&id).unwrap();
                if hash(&stored.data) == expected {
                    stored.record.as_mut().unwrap().whole = true;
                    self.say(&id, FileEvent::Verified);
                } else {
                    self.say(&id, FileEvent::Mismatch);
                }
            }
        }
        true
    }

    fn flush(&mut self, id: &TransferId) {
        if let Some(RunningNow { kind: Kind::Receiving { unwritten, .. }, .. }) = self.runs.get_mut(id) {
            let stored = self.disk.get_mut(id).unwrap();
            unwritten.drain(..).for_each(|bytes| stored.data.extend(bytes));
        }
    }

    fn channel_closed(&mut self, channel: &str) {
        if let Some(id) = self.run_on(channel) {
            self.close_run(&id);
        }
    }

    fn close_run(&mut self, id: &TransferId) {
        self.flush(id);
        self.say(id, FileEvent::ChannelClosed);
    }
}
