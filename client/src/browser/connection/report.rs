//! Reads an `RTCStatsReport` (W3C WebRTC Statistics).

use js_sys::{Array, Iterator};
use tincan_session::Device;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RtcPeerConnection;

use super::statistics::{Picture, Statistics};
use super::transceivers::transceivers;
use crate::browser::js;

/// What a connection has counted so far, and how it is at the moment.
#[derive(Clone, Default)]
pub(super) struct Report {
    /// How it is now. What is a difference to an earlier report is not set.
    statistics: Statistics,
    /// When this was counted, in milliseconds.
    at_ms: f64,
    /// The id of the candidate pair in use, whose bytes are counted.
    pair: String,
    bytes_in: f64,
    bytes_out: f64,
    packets_in: f64,
    packets_lost_in: f64,
    outgoing: Vec<Outgoing>,
}

/// One outgoing RTP stream.
#[derive(Clone, Default)]
struct Outgoing {
    ssrc: f64,
    packets: f64,
    /// The part of its packets that was lost lately, as its receiver reports.
    lost: Option<f64>,
}

impl Report {
    /// Reads the statistics of a connection.
    pub(super) async fn of(connection: &RtcPeerConnection) -> Result<Report, JsValue> {
        let stats = js::call_async(connection, "getStats", &Array::new()).await?;
        let sections: Vec<_> = transceivers(connection)
            .into_iter()
            .filter_map(|(device, transceiver)| Some((transceiver.mid()?, device)))
            .collect();
        let values: Iterator = js::call(&stats, "values", &Array::new())?.unchecked_into();
        let mut report = Report::default();
        let mut pair = JsValue::UNDEFINED;
        for entry in values.into_iter().flatten() {
            match js::text(&entry, "type").unwrap_or_default().as_str() {
                "transport" => {
                    let selected = js::get(&entry, "selectedCandidatePairId");
                    if selected.is_string() {
                        pair = js::call(&stats, "get", &Array::of1(&selected))?;
                    }
                }
                // Firefox has no `transport` entry.
                "candidate-pair" if pair.is_undefined() && js::is_true(&entry, "selected") => pair = entry,
                "inbound-rtp" => {
                    report.packets_in += count(&entry, "packetsReceived");
                    report.packets_lost_in += count(&entry, "packetsLost");
                    see(&entry, &sections, &mut report.statistics.pictures_in);
                }
                "outbound-rtp" => {
                    report.outgoing(&entry).packets = count(&entry, "packetsSent");
                    see(&entry, &sections, &mut report.statistics.pictures_out);
                }
                "remote-inbound-rtp" => {
                    report.outgoing(&entry).lost = js::number(&entry, "fractionLost");
                }
                _ => {}
            }
        }
        if pair.is_object() {
            report.read_pair(&stats, &pair)?;
        }
        Ok(report)
    }

    fn read_pair(&mut self, stats: &JsValue, pair: &JsValue) -> Result<(), JsValue> {
        let mut relayed = false;
        for end in ["localCandidateId", "remoteCandidateId"] {
            let candidate = js::call(stats, "get", &Array::of1(&js::get(pair, end)))?;
            relayed |= js::text(&candidate, "candidateType").as_deref() == Some("relay");
        }
        self.statistics.relayed = Some(relayed);
        self.statistics.round_trip_ms = js::number(pair, "currentRoundTripTime").map(|s| s * 1000.0);
        self.pair = js::text(pair, "id").unwrap_or_default();
        self.at_ms = count(pair, "timestamp");
        self.bytes_in = count(pair, "bytesReceived");
        self.bytes_out = count(pair, "bytesSent");
        Ok(())
    }

    fn outgoing(&mut self, entry: &JsValue) -> &mut Outgoing {
        let ssrc = count(entry, "ssrc");
        let known = self.outgoing.iter().position(|outgoing| outgoing.ssrc == ssrc);
        let place = known.unwrap_or_else(|| {
            self.outgoing.push(Outgoing { ssrc, ..Outgoing::default() });
            self.outgoing.len() - 1
        });
        &mut self.outgoing[place]
    }

    /// Returns what the connection was doing since `before`.
    pub(super) fn since(&self, before: &Report) -> Statistics {
        let mut statistics = self.statistics.clone();
        let seconds = (self.at_ms - before.at_ms) / 1000.0;
        // The counters of another pair begin anew.
        if self.pair == before.pair && seconds > 0.0 {
            let rate = |now, before| Some(f64::max(now - before, 0.0) * 8.0 / seconds);
            statistics.bits_in = rate(self.bytes_in, before.bytes_in);
            statistics.bits_out = rate(self.bytes_out, before.bytes_out);
        }
        // A packet that arrives twice counts as one less lost.
        let lost = (self.packets_lost_in - before.packets_lost_in).max(0.0);
        statistics.lost_in = part(lost, lost + (self.packets_in - before.packets_in).max(0.0));
        let (mut lost, mut sent) = (0.0, 0.0);
        for now in &self.outgoing {
            let before = before.outgoing.iter().find(|before| before.ssrc == now.ssrc);
            let packets = (now.packets - before.map_or(0.0, |before| before.packets)).max(0.0);
            if let Some(part) = now.lost {
                lost += part * packets;
                sent += packets;
            }
        }
        statistics.lost_out = part(lost, sent);
        statistics
    }
}

/// Notes the pictures that flow, if the entry is of a camera or a screen.
fn see(entry: &JsValue, sections: &[(String, Device)], pictures: &mut [Option<Picture>; 2]) {
    let mid = js::text(entry, "mid");
    let device =
        sections.iter().find(|(section, _)| Some(section) == mid.as_ref()).map(|(_, device)| *device);
    let picture = match device {
        Some(Device::Camera) => &mut pictures[0],
        Some(Device::Screen) => &mut pictures[1],
        _ => return,
    };
    let per_second = count(entry, "framesPerSecond");
    if per_second > 0.0 {
        let pixels = |name| count(entry, name) as u32;
        *picture = Some(Picture { width: pixels("frameWidth"), height: pixels("frameHeight"), per_second });
    }
}

/// Returns a number, or 0 if there was nothing to count.
fn count(entry: &JsValue, name: &str) -> f64 {
    js::number(entry, name).unwrap_or_default()
}

fn part(some: f64, all: f64) -> Option<f64> {
    (all > 0.0).then(|| (some / all).min(1.0))
}
