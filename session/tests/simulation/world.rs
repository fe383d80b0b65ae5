//! The world that the sessions live in: an event queue, the hub, the links, the browsers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tincan_server::hub::{ClientAddress, ConnectionId, Hub, Limits, ReceivedFrame};
use tincan_session::{
    Captured, ConnectionState, Device, DeviceError, Devices, Effect, Generation, Input, Intent,
    PeerConnectionId, PeerEffect, PeerEvent, Screen, Session, SignalingEffect, SignalingEvent, Time, TrackId,
};

use crate::hostile;
use crate::invariants;
use crate::network::Network;
use crate::peer_connection::{PcOutput, PeerConnection};
use crate::queue::{Event, Queue};
use crate::rooms::Stay;
use crate::sleeps::{Asleep, Slept};
use crate::totals::Totals;

/// How long people act and the network is hostile, in milliseconds.
pub(crate) const HOSTILE_MS: u64 = 90_000;
/// How long it may take after that until all is quiet: every timeout there is, and then some.
const QUIET_MS: u64 = 150_000;

/// A session's way to the hub.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) generation: Generation,
    pub(crate) connection: Option<ConnectionId>,
}

/// One user, their session, and their browser.
pub(crate) struct Node {
    pub(crate) name: &'static str,
    pub(crate) session: Session,
    /// What it showed after the last input.
    screen: Option<Screen>,
    pub(crate) link: Option<Link>,
    pub(crate) pcs: BTreeMap<PeerConnectionId, PeerConnection>,
    pub(crate) tracks: BTreeSet<TrackId>,
    pub(crate) captures: u32,
    /// Which devices the person has agreed to, in this call.
    pub(crate) consent: Devices,
    pub(crate) rings: usize,
    pub(crate) offers: BTreeSet<String>,
    pub(crate) last_offer: String,
    /// What was written in this call.
    pub(crate) written: Vec<String>,
    /// Microphones that are muted.
    pub(crate) silenced: BTreeSet<TrackId>,
    /// What there is to know of the rooms that this node was in.
    pub(crate) stay: Stay,
    /// When who rang, in the last minute.
    pub(crate) rung: Vec<(u64, String)>,
    /// The calls it has offered. The last is empty while it has yet to offer the one it makes.
    pub(crate) offered: Vec<String>,
    /// The call that was answered last.
    pub(crate) answered: String,
    /// How many more rings may be seen, because calls were accepted.
    pub(crate) accepted: usize,
    /// The page is gone.
    pub(crate) crashed: bool,
    /// It was loaded anew in this call, and has forgotten what was written before.
    pub(crate) reloaded: bool,
    /// It doesn't run.
    pub(crate) asleep: Option<Asleep>,
    /// Its last sleep.
    pub(crate) slept: Option<Slept>,
    tick_at: Option<u64>,
}

impl Node {
    pub(crate) fn new(name: &'static str, rng: &mut fastrand::Rng) -> Node {
        let mut source = rng.fork();
        let random = move || source.u128(..);
        Node {
            name,
            session: Session::new(Box::new(random), str::to_lowercase),
            screen: None,
            link: None,
            pcs: BTreeMap::new(),
            tracks: BTreeSet::new(),
            captures: 0,
            consent: Devices::default(),
            rings: 0,
            offers: BTreeSet::new(),
            last_offer: String::new(),
            written: Vec::new(),
            silenced: BTreeSet::new(),
            stay: Stay::default(),
            rung: Vec::new(),
            offered: Vec::new(),
            answered: String::new(),
            accepted: 0,
            crashed: false,
            reloaded: false,
            asleep: None,
            slept: None,
            tick_at: None,
        }
    }
}

pub(crate) struct World {
    pub(crate) now: u64,
    pub(crate) network: Network,
    /// What the hostile draw from, so that they change nothing else of a schedule.
    pub(crate) hostile: fastrand::Rng,
    /// What the system that mutes devices draws from, where it does.
    pub(crate) system: Option<fastrand::Rng>,
    /// What says which pages are loaded anew, and when.
    pub(crate) reloads: fastrand::Rng,
    /// What says which pages sleep, when, and for how long.
    pub(crate) sleeps: fastrand::Rng,
    /// When the last of them wakes.
    pub(crate) all_awake_at: u64,
    /// What says when the server restarts.
    pub(crate) restarts: fastrand::Rng,
    pub(crate) queue: Queue,
    /// When the last thing on an ordered way arrives.
    ways: HashMap<(u8, usize, u64), u64>,
    pub(crate) hub: Hub,
    /// Which node a connection of the hub belongs to, and as which generation of its link; `None` once the
    /// network has taken it away and the hub doesn't know yet.
    pub(crate) connections: BTreeMap<ConnectionId, Option<(usize, Generation)>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) totals: Totals,
    pub(crate) in_rooms: bool,
    trace: bool,
    pub(crate) hub_expires_at: Option<u64>,
}

/// The ordered ways.
const TO_HUB: u8 = 0;
const TO_CLIENT: u8 = 1;
const PEER_EVENTS: u8 = 2;
const CHANNEL: u8 = 3;

impl World {
    pub(crate) fn new(seed: u64, trace: bool) -> World {
        let mut network = Network::new(seed);
        let mut tokens = network.rng.fork();
        let random = move || tokens.u128(..);
        let people = network.rng.usize(2..=3);
        let names = &["Anna", "Bob", "Cleo"][..people];
        let nodes = names.iter().map(|name| Node::new(name, &mut network.rng)).collect();
        World {
            now: 1_000_000,
            network,
            hostile: fastrand::Rng::with_seed(seed ^ 0x00e7_e000),
            // Not in every schedule: those in `named.rs` stay what they were.
            system: seed.is_multiple_of(3).then(|| fastrand::Rng::with_seed(seed ^ 0x5157_e300)),
            reloads: fastrand::Rng::with_seed(seed ^ 0x4e10_ad00),
            sleeps: fastrand::Rng::with_seed(seed ^ 0x51ee_9500),
            all_awake_at: 0,
            restarts: fastrand::Rng::with_seed(seed ^ 0x4e57_a47e),
            queue: Queue::default(),
            ways: HashMap::new(),
            hub: Hub::new(Limits::default(), Vec::new(), Box::new(random)),
            connections: BTreeMap::new(),
            nodes,
            totals: Totals::default(),
            in_rooms: false,
            trace,
            hub_expires_at: None,
        }
    }

    /// The whole schedule: hostile, then calm, then a last call that has to work.
    pub(crate) fn run(mut self) -> Result<Totals, String> {
        for node in 0..self.nodes.len() {
            let delay = self.network.rng.u64(..500);
            self.after(delay, Event::Act(node));
        }
        self.schedule_system_mutes();
        self.schedule_restarts();
        self.schedule_reloads(HOSTILE_MS);
        self.schedule_sleeps(HOSTILE_MS);
        for _ in 0..6 {
            let at = self.network.rng.u64(2_000..HOSTILE_MS);
            let a = self.network.rng.usize(..self.nodes.len());
            let b = (a + 1) % self.nodes.len();
            self.after(at, Event::ActTogether(a, b));
            let (at, node) = (self.network.rng.u64(..HOSTILE_MS), self.network.rng.usize(..self.nodes.len()));
            self.after(at, Event::LinkBreaks(node));
            let (at, node) = (self.network.rng.u64(..HOSTILE_MS), self.network.rng.usize(..self.nodes.len()));
            self.after(at, Event::PathBreaks(node));
            let (at, node) = (self.network.rng.u64(..HOSTILE_MS), self.network.rng.usize(..self.nodes.len()));
            self.after(at, Event::Mischief(node));
        }
        self.after(HOSTILE_MS, Event::Calm);
        self.run_until_quiet(HOSTILE_MS, QUIET_MS)?;
        invariants::quiet(&mut self)?;
        self.last_call()?;
        Ok(self.totals)
    }

    pub(crate) fn run_for(&mut self, ms: u64) -> Result<(), String> {
        let end = self.now + ms;
        while let Some((at, event)) = self.queue.pop(end) {
            self.now = at;
            self.totals.events += 1;
            if self.totals.events > 1_000_000 {
                return Err("it never becomes quiet".to_owned());
            }
            self.step(event).map_err(|error| format!("at {} ms: {error}", self.now - 1_000_000))?;
        }
        self.now = end;
        Ok(())
    }

    pub(crate) fn after(&mut self, delay: u64, event: Event) {
        self.queue.push(self.now + delay, event);
    }

    /// Schedules on a way that keeps the order.
    fn along(&mut self, way: (u8, usize, u64), delay: u64, event: Event) {
        let last = self.ways.entry(way).or_default();
        *last = (*last).max(self.now + delay);
        let delay = *last - self.now;
        self.after(delay, event);
    }

    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        if self.trace {
            eprintln!("{:>8} {}", self.now - 1_000_000, text());
        }
    }

    pub(crate) fn step(&mut self, event: Event) -> Result<(), String> {
        let Some(event) = self.unless_asleep(event) else { return Ok(()) };
        match event {
            Event::Act(node) => {
                if self.nodes[node].crashed {
                    return Ok(());
                }
                self.act(node)?;
                if self.network.hostile {
                    let delay = self.network.rng.u64(100..4_000);
                    self.after(delay, Event::Act(node));
                } else if matches!(self.nodes[node].session.view().screen, Screen::Start { .. }) {
                    self.after(3_000, Event::Act(node));
                }
                Ok(())
            }
            Event::ActTogether(a, b) => self.act_together(a, b),
            Event::Tick(node) => {
                self.nodes[node].tick_at = None;
                self.input(node, Input::Tick)
            }
            Event::LinkOpens { node, generation } => {
                let now = self.now;
                let Some(link) = self.nodes[node].link.as_mut().filter(|link| link.generation == generation)
                else {
                    return Ok(());
                };
                let connection = self.hub.connect(now, ClientAddress::Unknown).expect("a connection");
                link.connection = Some(connection);
                self.connections.insert(connection, Some((node, generation)));
                self.input(node, Input::Signaling { generation, event: SignalingEvent::Opened })
            }
            Event::LinkFails { node, generation } => {
                let ours = |link: &Link| link.generation == generation;
                if self.nodes[node].link.as_ref().is_some_and(ours) {
                    self.nodes[node].link = None;
                }
                self.input(node, Input::Signaling { generation, event: SignalingEvent::Closed })
            }
            Event::ToHub { connection, text } => {
                if let Some(Some(_)) = self.connections.get(&connection) {
                    self.hub.receive(self.now, connection, ReceivedFrame::decode(&text));
                    self.hub_speaks();
                }
                Ok(())
            }
            Event::ToClient { node, generation, text } => self.frame_arrives(node, generation, text),
            Event::LinkBreaks(node) => {
                self.break_link(node);
                Ok(())
            }
            Event::HubSeesClose { connection, clean } => {
                if self.connections.remove(&connection).is_some() {
                    self.hub.disconnect(self.now, connection, clean);
                    self.hub_speaks();
                }
                Ok(())
            }
            Event::HubExpires => {
                self.hub_expires_at = None;
                self.hub.expire(self.now);
                self.hub_speaks();
                Ok(())
            }
            Event::OperationEnds { node, pc_id } => {
                let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id) else { return Ok(()) };
                let outputs = pc.finish()?;
                self.pc_outputs(node, pc_id, outputs);
                self.look_for_ways(node, pc_id);
                Ok(())
            }
            Event::Peer { node, pc_id, event } => {
                if !self.nodes[node].pcs.contains_key(&pc_id) {
                    self.totals.stale_events += 1;
                }
                if let PeerEvent::ChannelOpen { .. } = event
                    && let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id)
                {
                    pc.open = true;
                }
                self.input(node, Input::Peer { id: pc_id, event })
            }
            Event::IceConnects { a, b } => {
                self.ice_connects(a, b);
                Ok(())
            }
            Event::Text { to: (node, pc_id), text } => {
                // Behind whatever the browser has to say already, `open` above all.
                self.peer_event(node, pc_id, PeerEvent::ChannelMessage(text));
                Ok(())
            }
            Event::PathBreaks(node) => {
                self.break_path(node);
                Ok(())
            }
            Event::Crash(node) => {
                self.crash(node);
                Ok(())
            }
            Event::Reload(node) => self.reload(node),
            Event::Returns { node, kept } => self.returns(node, kept),
            Event::ReturnsToRoom { node, kept, room } => self.returns_to_room(node, kept, room),
            Event::FallsAsleep { node, sleep, ms } => {
                self.falls_asleep(node, sleep, ms);
                Ok(())
            }
            Event::Wakes(node) => self.wakes(node),
            Event::Unplug(node) => self.unplug(node),
            Event::SystemMutes(node) => self.system_mutes(node),
            Event::ServerRestarts => {
                self.server_restarts();
                Ok(())
            }
            Event::NetworkChanges(node) => self.input(node, Input::NetworkChanged),
            Event::Mischief(node) => {
                self.mischief(node);
                Ok(())
            }
            Event::Flood(node) => {
                self.floods(node);
                Ok(())
            }
            Event::Captured { node, captured } => {
                for device in Device::ALL {
                    if captured.result(device) == Some(Ok(())) {
                        self.nodes[node].tracks.insert(TrackId { device, capture: captured.capture });
                    }
                }
                self.nodes[node].captures -= 1;
                self.input(node, Input::Captured(captured))
            }
            Event::Calm => {
                self.note(|| "calm".to_owned());
                self.network.hostile = false;
                for node in 0..self.nodes.len() {
                    self.after(1_000, Event::Act(node));
                }
                Ok(())
            }
        }
    }

    /// The person at `node` wants something.
    pub(crate) fn intend(&mut self, node: usize, intent: Intent) -> Result<(), String> {
        self.note(|| format!("{} wants {intent:?}", self.nodes[node].name));
        invariants::take_consent(&mut self.nodes[node], &intent);
        self.input(node, Input::Intent(intent))
    }

    /// Gives the session an input, and carries out what it wants.
    pub(crate) fn input(&mut self, node: usize, input: Input) -> Result<(), String> {
        if self.nodes[node].crashed {
            return Ok(());
        }
        let now = Time(self.now);
        let before = self.nodes[node].screen.take();
        let before = before.unwrap_or_else(|| self.nodes[node].session.view().screen);
        if !matches!(input, Input::Tick) {
            self.note(|| format!("{} <- {input:?}", self.nodes[node].name));
        }
        let effects = self.nodes[node].session.handle(now, input);
        let after = self.nodes[node].session.view().screen;
        if std::mem::discriminant(&before) != std::mem::discriminant(&after) {
            self.note(|| format!("{} now {after:?}", self.nodes[node].name));
        }
        for effect in effects {
            self.note(|| format!("{} -> {effect:?}", self.nodes[node].name));
            self.effect(node, effect).map_err(|error| format!("{}: {error}", self.nodes[node].name))?;
        }
        invariants::after_input(self, node, &before, &after)?;
        hostile::look_at_screen(&mut self.nodes[node], self.now, &before, &after)?;
        self.may_draw_a_flood(node, &before, &after);
        self.nodes[node].screen = Some(after);
        let next = self.nodes[node].session.next_timeout().map(|time| time.0.max(self.now));
        if let Some(at) = next
            && self.nodes[node].tick_at.is_none_or(|earlier| at < earlier || earlier < self.now)
        {
            self.nodes[node].tick_at = Some(at);
            self.after(at - self.now, Event::Tick(node));
        }
        Ok(())
    }

    fn effect(&mut self, node: usize, effect: Effect) -> Result<(), String> {
        match effect {
            Effect::Signaling(effect) => self.link_effect(node, effect),
            Effect::Peer { id: pc_id, effect } => self.peer_effect(node, pc_id, effect),
            // Nobody in here has files: `files::tests` has a world of its own for them.
            Effect::File(_) => Ok(()),
            Effect::CaptureScreen { capture } => {
                self.nodes[node].captures += 1;
                let chosen = self.network.rng.u32(..4) > 0;
                let screen = Some(if chosen { Ok(()) } else { Err(DeviceError::Denied) });
                let screen_audio = (chosen && self.network.rng.bool()).then_some(Ok(()));
                let captured = Captured { capture, microphone: None, camera: None, screen, screen_audio };
                let delay = self.network.capture();
                self.after(delay, Event::Captured { node, captured });
                Ok(())
            }
            Effect::Capture { capture, devices, .. } => {
                invariants::may_capture(&self.nodes[node], devices)?;
                self.nodes[node].captures += 1;
                let mut outcome = |wanted: bool| {
                    let denied = self.network.rng.u32(..8) == 0;
                    wanted.then_some(if denied { Err(DeviceError::Denied) } else { Ok(()) })
                };
                let (microphone, camera) = (outcome(devices.microphone), outcome(devices.camera));
                let captured = Captured { capture, microphone, camera, screen: None, screen_audio: None };
                let delay = self.network.capture();
                self.after(delay, Event::Captured { node, captured });
                Ok(())
            }
            Effect::StopTrack(track) => {
                if self.nodes[node].tracks.remove(&track) {
                    Ok(())
                } else {
                    Err(format!("{track:?} is not open"))
                }
            }
            Effect::EnableTrack(track, enabled) => {
                let silenced = &mut self.nodes[node].silenced;
                if enabled {
                    silenced.remove(&track)
                } else {
                    silenced.insert(track)
                };
                let open = self.nodes[node].tracks.contains(&track);
                if open { Ok(()) } else { Err(format!("{track:?} is not open")) }
            }
        }
    }

    fn link_effect(&mut self, node: usize, effect: SignalingEffect) -> Result<(), String> {
        match effect {
            SignalingEffect::Open { generation } => {
                if self.nodes[node].link.is_some() {
                    return Err("a second link".to_owned());
                }
                self.nodes[node].link = Some(Link { generation, connection: None });
                let delay = self.network.latency();
                let event = if self.network.strikes(8) {
                    Event::LinkFails { node, generation }
                } else {
                    Event::LinkOpens { node, generation }
                };
                self.after(delay, event);
            }
            SignalingEffect::Send(text) => {
                let connection = self.nodes[node].link.as_ref().and_then(|link| link.connection);
                let connection = connection.ok_or("a frame for a link that is not open")?;
                hostile::note_call(&mut self.nodes[node], &text);
                let delay = self.network.latency();
                self.along((TO_HUB, node, id(connection)), delay, Event::ToHub { connection, text });
            }
            SignalingEffect::Close { goodbye } => {
                let link = self.nodes[node].link.take().ok_or("closes a link that is not there")?;
                if let Some(connection) = link.connection {
                    let delay = self.network.latency();
                    let event = Event::HubSeesClose { connection, clean: goodbye };
                    self.along((TO_HUB, node, id(connection)), delay, event);
                }
            }
        }
        Ok(())
    }

    /// Takes what the hub wants to write and sends it on its way.
    pub(crate) fn hub_speaks(&mut self) {
        for connection in self.hub.take_woken() {
            let drain = self.hub.drain(connection);
            let Some(&Some((node, generation))) = self.connections.get(&connection) else { continue };
            for text in drain.frames {
                let way = (TO_CLIENT, node, id(connection));
                let delay = self.network.latency();
                let text = text.to_string();
                if text.contains("\"resumed\":true") {
                    self.totals.resumed += 1;
                }
                if text.contains("\"seq\"") && self.network.strikes(20) {
                    self.totals.duplicates += 1;
                    self.along(way, delay, Event::ToClient { node, generation, text: text.clone() });
                }
                self.along(way, delay, Event::ToClient { node, generation, text });
            }
            if drain.close.is_some() {
                let delay = self.network.latency();
                self.along((TO_CLIENT, node, id(connection)), delay, Event::LinkFails { node, generation });
                self.after(0, Event::HubSeesClose { connection, clean: false });
            }
        }
        if let Some(at) = self.hub.next_expiry()
            && self.hub_expires_at.is_none_or(|earlier| at < earlier)
        {
            self.hub_expires_at = Some(at);
            self.after(at.saturating_sub(self.now), Event::HubExpires);
        }
    }

    fn frame_arrives(&mut self, node: usize, generation: Generation, text: String) -> Result<(), String> {
        let arrives = self.nodes[node].link.as_ref().is_some_and(|link| link.generation == generation);
        if !arrives {
            return Ok(());
        }
        hostile::look_at_frame(self.now, &self.nodes, node, &text)?;
        invariants::take_offer(&mut self.nodes[node], &text);
        self.nodes[node].stay.hear(&text);
        self.totals.reconnects +=
            u64::from(text.contains(r#""type":"joined""#) && text.contains(r#""caller""#));
        self.input(node, Input::Signaling { generation, event: SignalingEvent::Frame(text) })
    }

    fn peer_effect(
        &mut self,
        node: usize,
        pc_id: PeerConnectionId,
        effect: PeerEffect,
    ) -> Result<(), String> {
        let pcs = &mut self.nodes[node].pcs;
        match effect {
            PeerEffect::Create(_) => {
                let mut pc = PeerConnection::new(node, pc_id);
                let outputs = pc.created();
                if pcs.insert(pc_id, pc).is_some() {
                    return Err(format!("{pc_id:?} was used before"));
                }
                self.pc_outputs(node, pc_id, outputs);
                return Ok(());
            }
            PeerEffect::Close => {
                let pc = pcs.remove(&pc_id).ok_or("closes a connection that is not there")?;
                self.peer_gone(&pc);
                return Ok(());
            }
            PeerEffect::RestartIce => self.totals.ice_restarts += 1,
            _ => {}
        }
        if let PeerEffect::SetTrack { track: Some(track), .. } = &effect
            && !self.nodes[node].tracks.contains(track)
        {
            return Err(format!("sends {track:?}, which is not open"));
        }
        let pc =
            self.nodes[node].pcs.get_mut(&pc_id).ok_or(format!("no connection {pc_id:?}: {effect:?}"))?;
        let was_running = pc.is_running();
        if matches!(effect, PeerEffect::CreateOffer { .. }) && pc.remote_origin().is_some() {
            self.totals.renegotiations += 1;
        }
        let outputs = pc.act(effect)?;
        let runs = pc.is_running() && !was_running;
        if runs {
            let delay = self.network.operation();
            self.after(delay, Event::OperationEnds { node, pc_id });
        }
        self.pc_outputs(node, pc_id, outputs);
        self.look_for_ways(node, pc_id);
        Ok(())
    }

    fn pc_outputs(&mut self, node: usize, pc_id: PeerConnectionId, outputs: Vec<PcOutput>) {
        for output in outputs {
            match output {
                PcOutput::Event(event) => self.peer_event(node, pc_id, event),
                PcOutput::Text(text) => {
                    if let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id) {
                        pc.outgoing.push_back(text);
                    }
                    self.flush(node, pc_id);
                }
            }
        }
    }

    /// An event is on its way to the session: it may come after much else has happened.
    pub(crate) fn peer_event(&mut self, node: usize, pc_id: PeerConnectionId, event: PeerEvent) {
        let delay = self.network.operation();
        self.peer_event_after(delay, node, pc_id, event);
    }

    pub(crate) fn peer_event_after(
        &mut self,
        delay: u64,
        node: usize,
        pc_id: PeerConnectionId,
        event: PeerEvent,
    ) {
        self.along((PEER_EVENTS, node, u64::from(pc_id.0)), delay, Event::Peer { node, pc_id, event });
    }

    /// The other end of a connection, if each has the other's description.
    pub(crate) fn other_end(
        &self,
        node: usize,
        pc_id: PeerConnectionId,
    ) -> Option<(usize, PeerConnectionId)> {
        let origin = self.nodes[node].pcs.get(&pc_id)?.remote_origin()?;
        let back = self.nodes[origin.node].pcs.get(&origin.pc_id)?.remote_origin()?;
        ((back.node, back.pc_id) == (node, pc_id)).then_some((origin.node, origin.pc_id))
    }

    pub(crate) fn look_for_ways(&mut self, node: usize, pc_id: PeerConnectionId) {
        let Some((other, other_pc_id)) = self.other_end(node, pc_id) else { return };
        let (a, b) = ((node, pc_id), (other, other_pc_id));
        if self.can_connect(a, b) {
            let delay = self.network.latency();
            self.after(delay, Event::IceConnects { a, b });
        }
    }

    fn can_connect(&self, a: (usize, PeerConnectionId), b: (usize, PeerConnectionId)) -> bool {
        let (Some(one), Some(two)) = (self.nodes[a.0].pcs.get(&a.1), self.nodes[b.0].pcs.get(&b.1)) else {
            return false;
        };
        let reachable = !self.is_out_of_reach(a.0) && !self.is_out_of_reach(b.0);
        reachable && !one.connected && one.reaches(two) && two.reaches(one)
    }

    fn ice_connects(&mut self, a: (usize, PeerConnectionId), b: (usize, PeerConnectionId)) {
        if !self.can_connect(a, b) {
            return;
        }
        self.totals.connected += 1;
        for (node, pc_id) in [a, b] {
            let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id) else { continue };
            pc.connected = true;
            // A channel opens once, however often the path breaks before the browser has said so.
            let first = !std::mem::replace(&mut pc.opens, true);
            self.peer_event(node, pc_id, PeerEvent::Connection(ConnectionState::Connected));
            if first {
                self.peer_event(node, pc_id, PeerEvent::ChannelOpen { max_message_bytes: 2_000 });
            }
            self.flush(node, pc_id);
        }
    }

    /// Sends what waits, while there is a way.
    fn flush(&mut self, node: usize, pc_id: PeerConnectionId) {
        let Some(to) = self.other_end(node, pc_id) else { return };
        let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id).filter(|pc| pc.connected) else { return };
        for text in std::mem::take(&mut pc.outgoing) {
            let delay = self.network.latency();
            self.along((CHANNEL, node, u64::from(pc_id.0)), delay, Event::Text { to, text });
        }
    }

    pub(crate) fn peer_gone(&mut self, gone: &PeerConnection) {
        let Some(origin) = gone.remote_origin().filter(|_| gone.connected) else { return };
        let Some(pc) = self.nodes[origin.node].pcs.get_mut(&origin.pc_id) else { return };
        // A page that was loaded anew numbers its connections as the one before.
        if pc.remote_origin().is_none_or(|back| (back.node, back.pc_id) != gone.place()) {
            return;
        }
        pc.connected = false;
        for event in [
            PeerEvent::ChannelClosed,
            PeerEvent::Connection(ConnectionState::Disconnected),
            PeerEvent::Connection(ConnectionState::Failed),
        ] {
            self.peer_event(origin.node, origin.pc_id, event);
        }
    }
}

fn id(connection: ConnectionId) -> u64 {
    // The hub counts its connections, and shows the number.
    connection.to_string().trim_start_matches('#').parse().unwrap_or_default()
}
