//! What the page takes from the browser, watched from inside the page by `probe.js`: peer connections,
//! devices, WebSockets, listeners. Also what a test does to devices.
//!
//! The probe runs before the page's own code in Chromium, and right after loading in Firefox.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::browser::Options;
use crate::browser::webdriver::devtools;
use crate::page::Page;
use crate::{files, media};

/// Returns the probe with what belongs to it. The others build on `probe.js`, so it is the first.
pub(crate) fn script() -> String {
    [include_str!("probe.js"), media::SCRIPT, files::SCRIPT].concat()
}

/// A kind of device, by what it captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// Microphones.
    Audio,
    /// Cameras.
    Video,
}

impl MediaKind {
    fn name(self) -> &'static str {
        match self {
            MediaKind::Audio => "audio",
            MediaKind::Video => "video",
        }
    }
}

/// How a device may fail when the page asks for it, beside what [`crate::Devices`] can bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceFault {
    /// Another program uses it.
    InUse,
}

/// What the page has taken from the browser at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Peer connections ever made.
    pub peers_made: u64,
    /// Peer connections that are not closed.
    pub peers_open: u64,
    /// Tracks of cameras, microphones and screens that have not ended.
    pub tracks_live: u64,
    /// WebSockets connecting or open.
    pub sockets_open: u64,
    /// How many listeners are registered, by the class of what they listen to.
    pub listeners: BTreeMap<String, i64>,
}

impl Counts {
    /// Returns the number of listeners on what belongs to a call: peer connections, channels, tracks and
    /// streams.
    pub fn listeners_of_calls(&self) -> i64 {
        ["RTCPeerConnection", "RTCDataChannel", "RTCRtpSender", "MediaStreamTrack", "MediaStream"]
            .iter()
            .filter_map(|class| self.listeners.get(*class))
            .sum()
    }

    /// Returns the number of all listeners.
    pub fn listeners_in_all(&self) -> i64 {
        self.listeners.values().sum()
    }
}

impl Page {
    /// Has Chromium run the probe before the page's own code, on every load.
    pub(crate) async fn inject_probe_on_load(&self, options: &Options) {
        let mut source = String::new();
        if !options.webrtc {
            source.push_str("delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;\n");
        }
        source.push_str(&script());
        let command = devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": source }));
        self.client.issue_cmd(command).await.expect("Chromium takes a script to run first");
    }

    /// Returns what the page holds at this moment.
    pub async fn counts(&self) -> Counts {
        let counts = self.run("return tincanProbe.counts();", vec![]).await;
        let counts: Value =
            serde_json::from_str(counts.as_str().unwrap_or_default()).expect("counts are JSON");
        let number = |name: &str| counts[name].as_u64().expect("a count");
        Counts {
            peers_made: number("peersMade"),
            peers_open: number("peersOpen"),
            tracks_live: number("tracksLive"),
            sockets_open: number("socketsOpen"),
            listeners: counts["listeners"]
                .as_object()
                .expect("counts by class")
                .iter()
                .map(|(class, count)| (class.clone(), count.as_i64().expect("a count")))
                // A class whose listeners are all removed is the same as one that never had any.
                .filter(|(_, count)| *count != 0)
                .collect(),
        }
    }

    /// Waits until no peer connection is open, no device is in use and no listener of a call is left.
    ///
    /// # Panics
    /// If something is still held after a while.
    pub async fn holds_nothing_of_a_call(&self) {
        self.expect("no peer connection, live track or listener of a call is left", async || {
            let counts = self.counts().await;
            (counts.peers_open == 0 && counts.tracks_live == 0 && counts.listeners_of_calls() == 0)
                .then_some(())
        })
        .await;
    }

    /// From now on, requests for this kind of device fail in this way.
    pub async fn break_device(&self, kind: MediaKind, fault: DeviceFault) {
        let name = match fault {
            DeviceFault::InUse => "NotReadableError",
        };
        self.run("tincanProbe.faults[arguments[0]] = arguments[1];", vec![kind.name().into(), name.into()])
            .await;
    }

    /// From now on, devices work again.
    pub async fn mend_devices(&self) {
        self.run("tincanProbe.faults = {};", vec![]).await;
    }

    /// Pulls out the camera or microphone that is in use.
    ///
    /// # Panics
    /// If none is.
    pub async fn pull_out(&self, kind: MediaKind) {
        let tracks = self.run("return tincanProbe.pullOut(arguments[0]);", vec![kind.name().into()]).await;
        assert!(tracks.as_u64() > Some(0), "no device of this kind is in use: {kind:?}");
    }

    /// The system mutes the camera or microphone that is in use, or gives it back.
    ///
    /// # Panics
    /// If none is.
    pub async fn system_mutes(&self, kind: MediaKind, muted: bool) {
        let script = "return tincanProbe.systemMutes(arguments[0], arguments[1]);";
        let tracks = self.run(script, vec![kind.name().into(), muted.into()]).await;
        assert!(tracks.as_u64() > Some(0), "no device of this kind is in use: {kind:?}");
    }

    /// Returns the ids of the devices of a kind that are in use.
    pub async fn devices_in_use(&self, kind: MediaKind) -> Vec<String> {
        let ids = self.run("return tincanProbe.devicesInUse(arguments[0]);", vec![kind.name().into()]).await;
        ids.as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect()
    }

    /// Returns the constraints with which the page last asked for a kind of device.
    pub async fn asked_last(&self, kind: MediaKind) -> Value {
        let script =
            "return tincanProbe.asked.map((asked) => asked[arguments[0]]).findLast(Boolean) || null;";
        self.run(script, vec![kind.name().into()]).await
    }

    /// Ends screen sharing as by the bar that the browser shows meanwhile.
    ///
    /// # Panics
    /// If nothing is shared.
    pub async fn stop_sharing_by_the_browsers_bar(&self) {
        let tracks = self.run("return tincanProbe.endScreens();", vec![]).await;
        assert!(tracks.as_u64() > Some(0), "no screen is shared");
    }

    /// From now on, this function or attribute of the browser's throws: `Owner.prototype.name`. With `=`
    /// behind it, only setting it does. If it `rejects`, it returns a promise that does.
    pub async fn breaks(&self, path: &str, rejects: bool) {
        self.run("tincanProbe.breaks(arguments[0], arguments[1]);", vec![path.into(), rejects.into()]).await;
    }

    /// Returns whether the page has come upon what was broken last, as far as that can be known.
    pub async fn has_reached_what_is_broken(&self) -> bool {
        self.run("return tincanProbe.reached;", vec![]).await == true
    }

    /// From now on, what was broken last works again.
    pub async fn mends(&self) {
        self.run("tincanProbe.mend();", vec![]).await;
    }

    /// Returns the errors that the page wrote to the console, or threw and didn't catch.
    pub async fn errors(&self) -> Vec<String> {
        let errors = self.run("return tincanProbe.errors;", vec![]).await;
        let Value::Array(errors) = errors else { return Vec::new() };
        errors.iter().filter_map(|error| error.as_str().map(str::to_owned)).collect()
    }
}
