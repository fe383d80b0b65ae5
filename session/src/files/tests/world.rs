//! Two machines, and what is between and around them: the connection, the data channels, the disks. Stricter than a
//! browser: what one would reject or do wrongly ends the test.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::guard::ReceiveGuard;
use super::window::SendWindow;
use crate::files::*;
use crate::time::Time;

/// What each calls the other.
pub(super) const WHO: u32 = 4;
pub(super) const NAMES: [&str; 2] = ["Anna", "Bob"];

pub(super) struct World {
    pub(super) now: Time,
    pub(super) rng: fastrand::Rng,
    pub(super) sides: [Side; 2],
    pub(super) epoch: Option<u32>,
    epochs: u32,
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
    pub(super) files: Files,
    events: VecDeque<(TransferId, u32, FileEvent)>,
    pub(super) disk: BTreeMap<TransferId, Stored>,
    pub(super) outgoing: BTreeMap<TransferId, Remembered>,
    pub(super) sources: BTreeMap<SourceId, Rc<Vec<u8>>>,
    runs: BTreeMap<TransferId, Run>,
    next_source: u32,
    pub(super) disk_bytes: Option<usize>,
}

#[derive(Default)]
pub(super) struct Stored {
    pub(super) record: Option<Remembered>,
    pub(super) data: Vec<u8>,
    acknowledged: usize,
}

struct Run {
    number: u32,
    epoch: u32,
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
            epoch: None,
            epochs: 0,
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

    /// Lets a side's machine do something, and does what it wants.
    pub(super) fn act(&mut self, side: usize, step: impl FnOnce(&mut Files, Time, &mut Vec<FileEffect>)) {
        let mut out = Vec::new();
        step(&mut self.sides[side].files, self.now, &mut out);
        for effect in out {
            self.carry_out(side, effect);
        }
    }

    pub(super) fn meet(&mut self) {
        if self.epoch.is_some() {
            return;
        }
        self.epochs += 1;
        self.epoch = Some(self.epochs);
        let epoch = self.epochs;
        for side in 0..2 {
            self.act(side, |files, now, out| files.opened(now, WHO, NAMES[1 - side], epoch, out));
        }
    }

    /// The connection is lost, with whatever was on its way.
    pub(super) fn cut(&mut self) {
        if self.epoch.take().is_none() {
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
            self.act(side, |files, _, out| files.closed(WHO, out));
        }
    }

    fn close_runs(&mut self, side: usize) {
        let side = &mut self.sides[side];
        let running: Vec<TransferId> = side.runs.keys().cloned().collect();
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
        new.files.restore(kept);
        // The other side may have noticed, or takes it for a broken connection.
        if self.rng.bool() {
            self.act(1 - side, |files, now, out| files.left(now, WHO, out));
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
        let bits = self.rng.u128(..);
        self.act(side, |files, now, out| files.offer(now, &[WHO], &file, &mut || bits, out).unwrap());
        TransferId::from_random(bits)
    }

    pub(super) fn state(&self, side: usize, id: &TransferId) -> Option<TransferState> {
        self.sides[side].files.view().into_iter().find(|it| it.id == *id).map(|it| it.state)
    }

    fn carry_out(&mut self, side: usize, effect: FileEffect) {
        let current = self.epoch;
        let this = &mut self.sides[side];
        match effect {
            FileEffect::Control { epoch, text } => {
                assert!(text.len() < 16 * 1024);
                if current == Some(epoch) {
                    self.control[1 - side].push_back(text);
                }
            }
            FileEffect::Remember(record) => match record.direction {
                Direction::Incoming => {
                    let id = record.id.clone();
                    this.disk.entry(id).or_default().record = Some(record);
                }
                Direction::Outgoing => drop(this.outgoing.insert(record.id.clone(), record)),
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
                    id.clone(),
                    Run { number: run, epoch: 0, channel: String::new(), kind: Kind::Preparing },
                );
                this.events.push_back((id, run, event));
            }
            FileEffect::Receive { id, run, epoch, channel, size, from, window } => {
                let prepared = this.runs.remove(&id).expect("prepared before it is received");
                assert!(prepared.number == run && matches!(prepared.kind, Kind::Preparing));
                assert_eq!(this.disk[&id].data.len() as u64, from);
                let guard = ReceiveGuard::new(size, from, window);
                let kind = Kind::Receiving { guard, unwritten: VecDeque::new() };
                this.begin(id, Run { number: run, epoch, channel, kind });
            }
            FileEffect::Send { id, run, epoch, channel, source, size, from, prefix: expected, window } => {
                let content = this.sources.get(&source).expect("a file that was released").clone();
                assert!(window == window_bytes(size) && from <= size);
                let event = if content.len() as u64 != size {
                    Some(FileEvent::SourceChanged)
                } else if prefix(&content[..from as usize]) != expected {
                    Some(FileEvent::NotTheSame)
                } else if current != Some(epoch) || (self.unreliable && self.rng.u8(..8) == 0) {
                    Some(FileEvent::ChannelClosed)
                } else {
                    None
                };
                let kind =
                    Kind::Sending { window: SendWindow::new(size, from, window), content, hashed: false };
                this.begin(id.clone(), Run { number: run, epoch, channel: channel.clone(), kind });
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
                    assert_eq!(stopped.number, run);
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

    /// Something happens. Answers whether there was anything.
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
        self.act(side, |files, now, out| assert!(files.frame(now, WHO, &text, out)));
        true
    }

    fn run_event(&mut self, side: usize) -> bool {
        let Some((id, run, event)) = self.sides[side].events.pop_front() else { return false };
        self.act(side, |files, now, out| files.event(now, &id, run, event, out));
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
            let Some((id, Run { kind: Kind::Sending { window, content, hashed }, .. })) = run else {
                continue;
            };
            if let Some(bytes) = window.next_chunk() {
                let from = window.sent_bytes() as usize;
                channel.data.push_back(Message::Binary(content[from..from + bytes as usize].to_vec()));
                window.sent(bytes);
                *self.sent.entry(id.clone()).or_default() += bytes;
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
                this.events.push_back((id.clone(), run.number, FileEvent::Progress { bytes }));
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
                self.act(side, |files, now, out| files.tick(now, out));
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
                assert!(matches!(run.kind, Kind::Preparing) || self.epochs >= run.epoch);
            }
        }
    }
}

impl Side {
    fn begin(&mut self, id: TransferId, run: Run) {
        assert!(self.runs.insert(id, run).is_none(), "two runs of one transfer");
    }

    fn say(&mut self, id: &TransferId, event: FileEvent) {
        let run = self.runs.remove(id).expect("a run").number;
        self.events.push_back((id.clone(), run, event));
    }

    fn run_on(&self, channel: &str) -> Option<TransferId> {
        self.runs.iter().find(|(_, run)| run.channel == channel).map(|(id, _)| id.clone())
    }

    fn acknowledged(&mut self, channel: &str, text: &str) {
        let Some(id) = self.run_on(channel) else { return };
        let run = self.runs.get_mut(&id).unwrap();
        if let Kind::Sending { window, .. } = &mut run.kind {
            window.acknowledge(text).unwrap();
            let bytes = window.acknowledged_bytes();
            self.events.push_back((id, run.number, FileEvent::Progress { bytes }));
        }
    }

    /// Answers whether anybody wanted it.
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
        if let Some(Run { kind: Kind::Receiving { unwritten, .. }, .. }) = self.runs.get_mut(id) {
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
