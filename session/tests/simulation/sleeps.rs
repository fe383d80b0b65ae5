//! Pages that don't run for a while: frozen by the browser, or with the whole machine asleep.

use tincan_session::{ConnectionState, PeerConnectionId, PeerEvent};

use crate::queue::Event;
use crate::world::{Link, World};

/// What doesn't run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sleep {
    /// The page's script. The browser keeps its connections, and what comes waits.
    Page,
    /// The machine. Nobody answers for it, and after a while nobody waits for it.
    Machine,
}

/// A page that doesn't run.
#[derive(Debug)]
pub(crate) struct Asleep {
    sleep: Sleep,
    since: u64,
    /// What happens to it once it runs again.
    missed: Vec<Event>,
}

/// A sleep that is over.
#[derive(Debug)]
pub(crate) struct Slept {
    sleep: Sleep,
    ms: u64,
    woke_at: u64,
}

impl Slept {
    /// Returns whether it may just be learning that the others have given up waiting for it.
    pub(crate) fn learns_that_it_was_given_up(&self, now: u64) -> bool {
        self.sleep == Sleep::Machine && self.ms >= PATIENCE_MS && now < self.woke_at + PATIENCE_MS
    }

    /// Returns whether what is said to it may still meet a queue that filled up meanwhile.
    pub(crate) fn has_just_woken(&self, now: u64) -> bool {
        now < self.woke_at + 5_000
    }
}

/// After so long without an answer a browser calls a path disconnected, and after so long it gives up.
const DISCONNECTED_MS: u64 = 5_000;
const FAILED_MS: u64 = 15_000;
/// After less than this, nobody gives anybody up.
const PATIENCE_MS: u64 = 45_000;

impl World {
    /// In some schedules pages sleep, up to an hour.
    pub(crate) fn schedule_sleeps(&mut self, until: u64) {
        let mut rng = self.sleeps.fork();
        if rng.u32(..3) > 0 {
            return;
        }
        for _ in 0..rng.u32(1..4) {
            let (at, node) = (rng.u64(2_000..until), rng.usize(..self.nodes.len()));
            let sleep = if rng.bool() { Sleep::Page } else { Sleep::Machine };
            let ms = match rng.u32(..100) {
                0 => 3_600_000,
                1..=19 => rng.u64(40_000..180_000),
                _ => rng.u64(500..40_000),
            };
            self.after(at, Event::FallsAsleep { node, sleep, ms });
            self.all_awake_at = self.all_awake_at.max(self.now + at + ms);
        }
    }

    /// Runs while the network is hostile and somebody sleeps, and then until nothing may happen any more.
    pub(crate) fn run_until_quiet(&mut self, hostile: u64, quiet: u64) -> Result<(), String> {
        self.run_for(hostile.max(self.all_awake_at.saturating_sub(self.now)) + quiet)
    }

    pub(crate) fn falls_asleep(&mut self, node: usize, sleep: Sleep, ms: u64) {
        let subject = &mut self.nodes[node];
        if subject.crashed || subject.asleep.is_some() {
            return;
        }
        subject.asleep = Some(Asleep { sleep, since: self.now, missed: Vec::new() });
        self.totals.sleeps += 1;
        self.note(|| format!("{} falls asleep ({sleep:?}) for {ms} ms", self.nodes[node].name));
        self.after(ms, Event::Wakes(node));
        if sleep == Sleep::Machine {
            self.paths_end(node, ms);
            let notices = self.sleeps.u64(20_000..60_000);
            if let Some(Link { connection: Some(connection), .. }) = self.nodes[node].link
                && notices < ms
            {
                self.after(notices, Event::HubSeesClose { connection, clean: false });
            }
        }
    }

    /// What the others' browsers find out while one sleeps for so long.
    fn paths_end(&mut self, node: usize, ms: u64) {
        for pc_id in self.peer_connections(node) {
            let Some(other) = self.other_end(node, pc_id) else { continue };
            for (node, pc_id) in [(node, pc_id), other] {
                let Some(pc) = self.nodes[node].pcs.get_mut(&pc_id) else { continue };
                pc.connected = false;
                if ms > FAILED_MS {
                    pc.failed = pc.generation();
                }
            }
            let ends =
                [(DISCONNECTED_MS, ConnectionState::Disconnected), (FAILED_MS, ConnectionState::Failed)];
            for (after, state) in ends.into_iter().filter(|(after, _)| *after < ms) {
                self.peer_event_after(after, other.0, other.1, PeerEvent::Connection(state));
            }
        }
    }

    /// What was missed happens at once.
    pub(crate) fn wakes(&mut self, node: usize) -> Result<(), String> {
        let Some(Asleep { sleep, since, missed }) = self.nodes[node].asleep.take() else { return Ok(()) };
        self.note(|| format!("{} wakes", self.nodes[node].name));
        let ms = self.now - since;
        self.nodes[node].slept = Some(Slept { sleep, ms, woke_at: self.now });
        if sleep == Sleep::Machine {
            self.finds_out(node, ms);
        }
        let says_so = self.sleeps.bool();
        for event in missed {
            // The rest was for a page that is gone.
            if !self.nodes[node].crashed {
                self.step(event)?;
            }
        }
        if says_so {
            let delay = self.sleeps.u64(..1_000);
            self.after(delay, Event::NetworkChanges(node));
        }
        Ok(())
    }

    /// What the sleeper's own browser finds out.
    fn finds_out(&mut self, node: usize, slept: u64) {
        for pc_id in self.peer_connections(node) {
            let pc = &self.nodes[node].pcs[&pc_id];
            if slept > FAILED_MS && pc.failed == pc.generation() {
                for state in [ConnectionState::Disconnected, ConnectionState::Failed] {
                    self.peer_event(node, pc_id, PeerEvent::Connection(state));
                }
            }
            self.look_for_ways(node, pc_id);
        }
        let Some(Link { generation, connection: Some(connection) }) = self.nodes[node].link else { return };
        if !matches!(self.connections.get(&connection), Some(Some(_))) {
            let notices = self.sleeps.u64(..12_000);
            self.after(notices, Event::LinkFails { node, generation });
        }
    }

    fn peer_connections(&self, node: usize) -> Vec<PeerConnectionId> {
        self.nodes[node].pcs.keys().copied().collect()
    }

    pub(crate) fn is_out_of_reach(&self, node: usize) -> bool {
        self.nodes[node].asleep.as_ref().is_some_and(|asleep| asleep.sleep == Sleep::Machine)
    }

    /// Returns what happens, unless it happens to a page that sleeps and will have missed it.
    pub(crate) fn unless_asleep(&mut self, event: Event) -> Option<Event> {
        let is_concerned = |node: &usize| self.nodes[*node].asleep.is_some() && event.needs_page(*node);
        let Some(node) = (0..self.nodes.len()).find(is_concerned) else { return Some(event) };
        if let Some(asleep) = &mut self.nodes[node].asleep {
            asleep.missed.push(event);
        }
        None
    }
}
