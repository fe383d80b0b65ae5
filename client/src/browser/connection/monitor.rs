//! Watches levels and statistics of what runs. They change many times a second, so they go past the session
//! to those who watch them.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use tincan_session::{Device, Input, PeerConnectionId, PeerEvent};
use web_sys::RtcPeerConnection;

use super::quality::Quality;
use super::report::Report;
use super::statistics::Statistics;
use super::transceivers::transceiver;
use crate::browser::devices::{MicrophoneLevel, level};
use crate::browser::js;
use crate::browser::js::Events;
use crate::browser::js::Task;

/// How often the levels of remote microphones are reported.
const LEVELS_MS: u32 = 200;
/// How often statistics are read and reported.
const STATISTICS_MS: u32 = 1_000;

/// Knows what runs, and reports on it. Clones share it.
#[derive(Clone, Default)]
pub struct Monitor(Rc<Running>);

#[derive(Default)]
struct Running {
    microphone: Rc<MicrophoneLevel>,
    peers: RefCell<Vec<(Rc<MonitoredPeer>, Task)>>,
    statistics_watches: Cell<u32>,
}

struct MonitoredPeer {
    id: PeerConnectionId,
    connection: RtcPeerConnection,
    statistics: RefCell<Option<Statistics>>,
    /// The time stamp of the newest audio that was heard from it.
    heard_at: Cell<Option<f64>>,
}

impl PartialEq for Monitor {
    fn eq(&self, other: &Monitor) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Watches levels until it is dropped.
pub struct LevelWatch(#[expect(dead_code, reason = "watches until it is dropped")] Levels);

#[expect(dead_code, reason = "each watches until it is dropped")]
enum Levels {
    Microphone(MicrophoneWatch),
    Speakers(Interval),
}

struct MicrophoneWatch {
    level: Rc<MicrophoneLevel>,
    number: u32,
}

impl Drop for MicrophoneWatch {
    fn drop(&mut self) {
        self.level.remove_watcher(self.number);
    }
}

/// Watches statistics until it is dropped.
pub struct StatisticsWatch {
    running: Rc<Running>,
    _interval: Interval,
}

impl Drop for StatisticsWatch {
    fn drop(&mut self) {
        self.running.statistics_watches.update(|count| count - 1);
    }
}

impl Monitor {
    /// Calls `on_level` with the local microphone's level, about 10 times a second, also while it is muted,
    /// but not while no microphone is open.
    ///
    /// A level is the square root of the amplitude, from 0.0 to 1.0, so that speech (about 0.2 to 0.5) is
    /// well seen.
    pub fn watch_microphone(&self, on_level: impl Fn(f64) + 'static) -> LevelWatch {
        let level = self.0.microphone.clone();
        let number = level.add_watcher(Rc::new(on_level));
        LevelWatch(Levels::Microphone(MicrophoneWatch { level, number }))
    }

    /// Calls `on_levels` with the level of each remote microphone, by peer connection, about 5 times a
    /// second. Levels are as in [`Monitor::watch_microphone`].
    pub fn watch_speakers(&self, on_levels: impl Fn(&[(PeerConnectionId, f64)]) + 'static) -> LevelWatch {
        let running = self.0.clone();
        LevelWatch(Levels::Speakers(Interval::new(LEVELS_MS, move || {
            let levels: Vec<_> = running.peers().iter().map(|peer| (peer.id, peer.hear())).collect();
            on_levels(&levels);
        })))
    }

    /// Calls `on_statistics` with what each peer connection is doing, once a second.
    pub fn watch_statistics(
        &self,
        on_statistics: impl Fn(&[(PeerConnectionId, Statistics)]) + 'static,
    ) -> StatisticsWatch {
        let running = self.0.clone();
        running.statistics_watches.update(|count| count + 1);
        let interval = Interval::new(STATISTICS_MS, move || {
            let known = |peer: &Rc<MonitoredPeer>| Some((peer.id, peer.statistics.borrow().clone()?));
            let statistics: Vec<_> = running.peers().iter().filter_map(known).collect();
            on_statistics(&statistics);
        });
        StatisticsWatch { running: self.0.clone(), _interval: interval }
    }

    /// Returns what measures the local microphone.
    pub(crate) fn microphone(&self) -> Rc<MicrophoneLevel> {
        self.0.microphone.clone()
    }

    /// Watches the connection until [`Monitor::remove_peer`]. Tells the session when its quality changes.
    pub(super) fn add_peer(&self, id: PeerConnectionId, connection: &RtcPeerConnection, events: &Events) {
        let peer = Rc::new(MonitoredPeer {
            id,
            connection: connection.clone(),
            statistics: RefCell::default(),
            heard_at: Cell::default(),
        });
        let task = Task::spawn(report(peer.clone(), Rc::downgrade(&self.0), events.clone()));
        self.0.peers.borrow_mut().push((peer, task));
    }

    pub(super) fn remove_peer(&self, id: PeerConnectionId) {
        self.0.peers.borrow_mut().retain(|(peer, _)| peer.id != id);
    }

    /// Returns how many peers there are, and whether the microphone is measured.
    #[cfg(test)]
    pub(crate) fn open_count(&self) -> (usize, bool) {
        (self.0.peers.borrow().len(), self.0.microphone.measured().is_some())
    }

    /// Returns what the microphone is measured with.
    #[cfg(test)]
    pub(crate) fn measured(&self) -> Option<(web_sys::MediaStreamTrack, web_sys::AudioContext)> {
        self.0.microphone.measured()
    }
}

impl Running {
    fn peers(&self) -> Vec<Rc<MonitoredPeer>> {
        self.peers.borrow().iter().map(|(peer, _)| peer.clone()).collect()
    }
}

impl MonitoredPeer {
    /// Returns the level of its remote microphone.
    fn hear(&self) -> f64 {
        let receiver = transceiver(&self.connection, Device::Microphone).map(|found| found.receiver());
        let sources = receiver
            .and_then(|receiver| js::call(&receiver, "getSynchronizationSources", &Array::new()).ok());
        let Some(newest) = sources.map(|sources| js::get(&sources, "0")) else { return 0.0 };
        // When nothing comes any more, browsers still report the last audio for ten seconds.
        let at = js::number(&newest, "timestamp");
        if self.heard_at.replace(at) == at {
            return 0.0;
        }
        level(js::number(&newest, "audioLevel").unwrap_or_default())
    }
}

/// Reads the connection's statistics: every second while somebody watches, and every other second for its
/// quality.
async fn report(peer: Rc<MonitoredPeer>, running: Weak<Running>, events: Events) {
    let mut quality = Quality::default();
    let (mut second, mut two_seconds) = (Report::default(), Report::default());
    let mut judge = true;
    loop {
        TimeoutFuture::new(STATISTICS_MS).await;
        judge = !judge;
        let watched = running.upgrade().is_some_and(|running| running.statistics_watches.get() > 0);
        if !judge && !watched {
            continue;
        }
        let Ok(now) = Report::of(&peer.connection).await else { continue };
        peer.statistics.replace(Some(now.since(&second)));
        second = now.clone();
        if !judge {
            continue;
        }
        if let Some(weak) = quality.take(&now.since(&two_seconds)) {
            events.tell(Input::Peer { id: peer.id, event: PeerEvent::Quality { weak } });
        }
        two_seconds = now;
    }
}
