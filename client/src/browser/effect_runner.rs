//! Carries out the session's effects.

use std::rc::Rc;

use tincan_session::{Effect, Input, PeerConnectionId, PeerEffect, PeerEvent};

use super::connection::{FileSlot, FileWork, Link, Monitor, Peer};
use super::devices::Devices;
use super::js::Events;
use super::media::Stage;

/// Everything of the browser's that the session drives.
pub(crate) struct EffectRunner {
    events: Events,
    stage: Stage,
    monitor: Monitor,
    link: Link,
    devices: Devices,
    files: FileSlot,
    /// Never so many that a look at each would take long.
    peers: Vec<(PeerConnectionId, Peer)>,
}

impl EffectRunner {
    pub(crate) fn new(events: Events, stage: Stage, monitor: Monitor) -> EffectRunner {
        EffectRunner {
            link: Link::new(events.clone()),
            devices: Devices::new(events.clone(), stage.clone(), monitor.microphone()),
            files: FileSlot::default(),
            peers: Vec::new(),
            events,
            stage,
            monitor,
        }
    }

    /// From now on files can be sent and received.
    pub(crate) fn share_files(&self, work: Rc<dyn FileWork>) {
        self.files.fill(work);
    }

    pub(crate) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Signaling(effect) => self.link.perform(effect),
            Effect::Peer { id, effect } => self.peer(id, effect),
            Effect::File(effect) => {
                let find = |id| self.peers.iter().find(|(known, _)| *known == id);
                if let Some(files) = self.files.get() {
                    files.perform(effect, &|id| find(id).map(|(_, peer)| peer.connection()));
                }
            }
            Effect::Capture { capture, devices, settings } => {
                self.devices.capture(capture, devices, settings);
            }
            Effect::CaptureScreen { capture } => self.devices.capture_screen(capture),
            Effect::StopTrack(track) => self.devices.stop(track),
            Effect::EnableTrack(track, enabled) => self.devices.enable(track, enabled),
        }
    }

    /// How many peer connections and local tracks are open.
    #[cfg(test)]
    pub(crate) fn open_count(&self) -> (usize, usize) {
        (self.peers.len(), self.devices.open_count())
    }

    #[cfg(test)]
    pub(crate) fn track(&self, id: tincan_session::TrackId) -> Option<web_sys::MediaStreamTrack> {
        self.devices.track(id)
    }

    fn peer(&mut self, id: PeerConnectionId, effect: PeerEffect) {
        if let PeerEffect::Create { ice_servers } = &effect {
            let (events, stage, monitor) = (self.events.clone(), self.stage.clone(), self.monitor.clone());
            match Peer::create(id, ice_servers, events, stage, monitor, &self.files) {
                Ok(peer) => self.peers.push((id, peer)),
                // There is no WebRTC, or too many connections are open, or the list of ICE servers is wrong.
                Err(_) => self.events.tell(Input::Peer { id, event: PeerEvent::Broken }),
            }
            return;
        }
        if effect == PeerEffect::Close {
            self.peers.retain(|(known, _)| *known != id);
            return;
        }
        let Some((_, peer)) = self.peers.iter().find(|(known, _)| *known == id) else { return };
        match effect {
            PeerEffect::CreateOffer { provisional: true } => peer.make_offer(),
            PeerEffect::CreateOffer { provisional: false } | PeerEffect::CreateAnswer => peer.describe(),
            PeerEffect::SetLocal(offer) => peer.set_local(offer),
            PeerEffect::SetRemote(description) => peer.set_remote(description),
            PeerEffect::AddCandidate(candidate) => peer.add_candidate(candidate.as_ref()),
            PeerEffect::RestartIce => peer.restart_ice(),
            PeerEffect::AddMedia { device, receive } => peer.add_media(device, receive),
            PeerEffect::SetTrack { device, track } => {
                let track = track.and_then(|track| self.devices.track(track));
                peer.set_track(device, track.as_ref());
            }
            PeerEffect::SetSending { device, limits } => peer.set_sending(device, limits),
            PeerEffect::SendText(text) => peer.send_text(&text),
            PeerEffect::Create { .. } | PeerEffect::Close => {}
        }
    }
}
