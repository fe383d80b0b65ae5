//! What the network does to people, and a stranger.

use tincan_server::hub::{ClientAddress, ConnectionId, ReceivedFrame};
use tincan_session::{ConnectionState, Device, Generation, Input, PeerConnectionId, PeerEvent, TrackId};

use crate::queue::Event;
use crate::world::{HOSTILE_MS, Link, World};

impl World {
    /// Everything on its way is lost; the two ends notice at different times.
    pub(crate) fn break_link(&mut self, node: usize) {
        let Some(connection) = self.lose_connection(node) else { return };
        self.note(|| format!("{} loses the link", self.nodes[node].name));
        self.totals.links_lost += 1;
        let hub_notices = self.network.rng.u64(..30_000);
        self.after(hub_notices, Event::HubSeesClose { connection, clean: false });
    }

    /// The node's connection carries nothing any more, and the node will notice.
    pub(crate) fn lose_connection(&mut self, node: usize) -> Option<ConnectionId> {
        let Some(Link { generation, connection: Some(connection) }) = self.nodes[node].link else {
            return None;
        };
        let lost = |event: &Event| match event {
            Event::ToHub { connection: c, .. } => *c == connection,
            Event::ToClient { node: n, generation: g, .. } => (*n, *g) == (node, generation),
            _ => false,
        };
        self.queue.lose(lost);
        // Until both have noticed, what is sent goes nowhere.
        self.connections.insert(connection, None);
        let client_notices = self.network.rng.u64(..12_000);
        self.after(client_notices, Event::LinkFails { node, generation });
        Some(connection)
    }

    /// What the hub was about to do is forgotten.
    pub(crate) fn forget_hub(&mut self) {
        self.queue.lose(|event| matches!(event, Event::HubSeesClose { .. } | Event::HubExpires));
        self.hub_expires_at = None;
    }

    /// Nothing of a page is left but what is on its way from it. Returns whose it was.
    pub(crate) fn page_is_gone(&mut self, node: usize) -> &'static str {
        let of_this = |event: &Event| match event {
            Event::IceConnects { a, b } => a.0 == node || b.0 == node,
            Event::Text { to, .. } => to.0 == node,
            _ => event.comes_to(node),
        };
        self.queue.lose(of_this);
        let subject = &mut self.nodes[node];
        subject.tracks.clear();
        subject.captures = 0;
        let pcs = std::mem::take(&mut subject.pcs);
        if let Some(connection) = subject.link.take().and_then(|link| link.connection) {
            self.connections.insert(connection, None);
            let delay = self.network.rng.u64(..30_000);
            self.after(delay, Event::HubSeesClose { connection, clean: false });
        }
        // A page that takes its place numbers its links as this one: nothing of an old one may reach it.
        for (_, generation) in self.connections.values_mut().flatten().filter(|(n, _)| *n == node) {
            *generation = Generation(0);
        }
        for pc in pcs.values() {
            self.peer_gone(pc);
        }
        self.nodes[node].name
    }

    /// Either it heals by itself, or nothing but an ICE restart mends it.
    pub(crate) fn break_path(&mut self, node: usize) {
        let connected = self.nodes[node].pcs.iter().filter(|(_, pc)| pc.connected);
        let connected: Vec<PeerConnectionId> = connected.map(|(pc_id, _)| *pc_id).collect();
        let pc_id = match connected[..] {
            [] => return,
            [only] => only,
            _ => connected[self.network.rng.usize(..connected.len())],
        };
        let Some(other) = self.other_end(node, pc_id) else { return };
        self.note(|| format!("{} loses the way to {}", self.nodes[node].name, self.nodes[other.0].name));
        self.totals.paths_broken += 1;
        let heals = self.network.rng.bool();
        for (node, pc_id) in [(node, pc_id), other] {
            let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id) else { continue };
            pc.connected = false;
            if !heals {
                pc.failed = pc.generation();
            }
            self.peer_event(node, pc_id, PeerEvent::Connection(ConnectionState::Disconnected));
            if !heals {
                self.peer_event(node, pc_id, PeerEvent::Connection(ConnectionState::Failed));
            }
        }
        if heals {
            let delay = self.network.rng.u64(100..8_000);
            self.after(delay, Event::IceConnects { a: (node, pc_id), b: other });
        }
    }

    /// In some schedules the server forgets everybody, more than once, and browsers say that the network may
    /// be another one.
    pub(crate) fn schedule_restarts(&mut self) {
        let mut rng = self.restarts.fork();
        if rng.u32(..3) > 0 {
            return;
        }
        for _ in 0..rng.u32(1..4) {
            self.after(rng.u64(5_000..HOSTILE_MS), Event::ServerRestarts);
        }
        for _ in 0..4 {
            let (at, node) = (rng.u64(..HOSTILE_MS), rng.usize(..self.nodes.len()));
            self.after(at, Event::NetworkChanges(node));
        }
    }

    pub(crate) fn schedule_system_mutes(&mut self) {
        let people = self.nodes.len();
        for _ in 0..12 {
            let Some(rng) = &mut self.system else { return };
            let (at, node) = (rng.u64(..HOSTILE_MS), rng.usize(..people));
            self.after(at, Event::SystemMutes(node));
        }
    }

    /// The system takes a microphone or camera away, or gives one back; at times the page is shown, and looks
    /// at its connections. What is said twice, and of what is muted already, does no harm.
    pub(crate) fn system_mutes(&mut self, node: usize) -> Result<(), String> {
        let Some(rng) = &mut self.system else { return Ok(()) };
        let open = self.nodes[node].tracks.iter().copied();
        let open: Vec<TrackId> =
            open.filter(|it| matches!(it.device, Device::Microphone | Device::Camera)).collect();
        let roll = rng.u32(..4);
        if open.is_empty() || roll == 0 {
            self.input(node, Input::PageShown)?;
            return self.input(node, Input::NetworkChanged);
        }
        let track = open[rng.usize(..open.len())];
        self.totals.system_mutes += 1;
        self.input(node, Input::TrackMuted { track, muted: roll < 3 })
    }

    /// A stranger signs in, sends `node` what no session can read, and leaves.
    pub(crate) fn nonsense(&mut self, node: usize) {
        let name = self.nodes[node].name;
        let stranger = self.hub.connect(self.now, ClientAddress::Unknown).expect("a connection");
        self.hub.receive(self.now, stranger, ReceivedFrame::decode(r#"{"type":"login","name":"Eve"}"#));
        for payload in [
            r#""offer","offer":{"type":"offer","sdp":5}"#,
            r#""offer","offer":{"type":"rollback"}"#,
            r#""candidate","candidate":{"sdpMLineIndex":"0"}"#,
            r#""answer","answer":7"#,
        ] {
            let text = format!(r#"{{"type":{payload},"name":"{name}"}}"#);
            self.hub.receive(self.now, stranger, ReceivedFrame::decode(&text));
        }
        self.hub.disconnect(self.now, stranger, true);
        self.hub_speaks();
    }
}
