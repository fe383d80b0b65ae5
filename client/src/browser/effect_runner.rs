//! Carries out the session's effects.

use std::rc::Rc;

use tincan_session::{Effect, Input, PeerConnectionId, PeerEffect, PeerEvent};

use super::connection::{FileEffects, FileSlot, Monitor, Peer, SignalingSocket};
use super::devices::LocalTracks;
use super::js::Events;
use super::media::MediaElements;

/// Holds everything of the browser's that the session drives.
pub(crate) struct EffectRunner {
    events: Events,
    media: MediaElements,
    monitor: Monitor,
    signaling: SignalingSocket,
    local_tracks: LocalTracks,
    files: FileSlot,
    /// Few enough to search one by one.
    peers: Vec<(PeerConnectionId, Peer)>,
}

impl EffectRunner {
    pub(crate) fn new(events: Events, media: MediaElements, monitor: Monitor) -> EffectRunner {
        EffectRunner {
            signaling: SignalingSocket::new(events.clone()),
            local_tracks: LocalTracks::new(events.clone(), media.clone(), monitor.microphone()),
            files: FileSlot::default(),
            peers: Vec::new(),
            events,
            media,
            monitor,
        }
    }

    /// Makes files possible from now on.
    pub(crate) fn share_files(&self, effects: Rc<dyn FileEffects>) {
        self.files.fill(effects);
    }

    pub(crate) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Signaling(effect) => self.signaling.perform(effect),
            Effect::Peer { id, effect } => self.peer(id, effect),
            Effect::File(effect) => {
                let find = |id| self.peers.iter().find(|(known, _)| *known == id);
                if let Some(files) = self.files.get() {
                    files.perform(effect, &|id| find(id).map(|(_, peer)| peer.connection()));
                }
            }
            Effect::Capture { capture, devices, settings } => {
                self.local_tracks.capture(capture, devices, settings);
            }
            Effect::CaptureScreen { capture } => self.local_tracks.capture_screen(capture),
            Effect::StopTrack(track) => self.local_tracks.stop(track),
            Effect::EnableTrack(track, enabled) => self.local_tracks.enable(track, enabled),
        }
    }

    /// Returns how many peer connections and local tracks are open.
    #[cfg(test)]
    pub(crate) fn open_count(&self) -> (usize, usize) {
        (self.peers.len(), self.local_tracks.open_count())
    }

    #[cfg(test)]
    pub(crate) fn track(&self, id: tincan_session::TrackId) -> Option<web_sys::MediaStreamTrack> {
        self.local_tracks.track(id)
    }

    fn peer(&mut self, id: PeerConnectionId, effect: PeerEffect) {
        if let PeerEffect::Create(ice) = &effect {
            let (events, media, monitor) = (self.events.clone(), self.media.clone(), self.monitor.clone());
            match Peer::create(id, ice, events, media, monitor, &self.files) {
                Ok(peer) => self.peers.push((id, peer)),
                // There is no WebRTC, or too many connections are open, or the list of ICE servers is wrong.
                Err(_) => self.events.tell(Input::Peer { id, event: PeerEvent::Broken }),
            }
            return;
        }
        if matches!(effect, PeerEffect::Close) {
            self.peers.retain(|(known, _)| *known != id);
            return;
        }
        let Some((_, peer)) = self.peers.iter().find(|(known, _)| *known == id) else { return };
        match effect {
            PeerEffect::CreateOffer { provisional: true } => peer.create_offer(),
            PeerEffect::CreateOffer { provisional: false } | PeerEffect::CreateAnswer => {
                peer.set_local_description()
            }
            PeerEffect::SetLocal(offer) => peer.set_offer(offer),
            PeerEffect::SetRemote(description) => peer.set_remote(description),
            PeerEffect::AddCandidate(candidate) => peer.add_candidate(candidate.as_ref()),
            PeerEffect::SetIce(ice) => peer.set_ice(&ice),
            PeerEffect::RestartIce => peer.restart_ice(),
            PeerEffect::AddMedia { device, receive } => peer.add_media(device, receive),
            PeerEffect::SetTrack { device, track } => {
                let track = track.and_then(|track| self.local_tracks.track(track));
                peer.set_track(device, track.as_ref());
            }
            PeerEffect::SetSending { device, limits } => peer.set_sending(device, limits),
            PeerEffect::SendText(text) => peer.send_text(&text),
            PeerEffect::Create(_) | PeerEffect::Close => {}
        }
    }
}
