//! One peer connection: its negotiation, its media, and a watch over its health.

use std::collections::VecDeque;

use tincan_shared::{Description, IceCandidate};

use super::Role;
use super::candidates::Candidates;
use super::negotiation::{Negotiation, NegotiationOutput};
use super::send_limits;
use super::told::Told;
use crate::context::Context;
use crate::device::{Device, PerDevice, PictureSize, TrackId};
use crate::effect::{Effect, PeerEffect, SendLimits};
use crate::ids::PeerConnectionId;
use crate::input::{ConnectionState, PeerEvent};
use crate::time::Time;
use crate::view::{ConnectionView, EndReason, NoPath, RemoteMedia};

/// How long two browsers may look for a way to each other.
pub(super) const CONNECT_TIMEOUT_MS: u64 = 30_000;
/// How long an interrupted connection may come back by itself before ICE is restarted.
const RESTART_AFTER_MS: u64 = 3_000;
/// How long an interruption may last.
const INTERRUPTION_TIMEOUT_MS: u64 = 30_000;

/// What a peer connection has for the member to whom it leads.
#[derive(Clone, Debug)]
pub(super) enum Output {
    /// To be told to the other side.
    Describe(Description),
    /// To be told to the other side.
    Candidate(Option<IceCandidate>),
    /// There is a way to each other.
    Connected,
    /// There is no hope.
    Failed(EndReason),
}

/// See the module's words.
#[derive(Debug)]
pub(crate) struct PeerConnection {
    id: PeerConnectionId,
    negotiation: Negotiation,
    health: Health,
    remote: RemoteMedia,
    weak: bool,
    /// Whether the media sections are there, so that tracks can be put into them.
    has_sections: bool,
    /// What is to be sent.
    tracks: PerDevice<Option<TrackId>>,
    /// How large the other side shows camera and screen.
    shown: Pictures<PictureSize>,
    /// How well camera and screen are being sent.
    sending: Pictures<Option<SendLimits>>,
    /// Candidates found before both sides wanted the call. They hold addresses of this side, which are
    /// nobody's business until then.
    held: Vec<Option<IceCandidate>>,
    told: Told,
    candidates: Candidates,
    outputs: VecDeque<Output>,
}

/// One `T` for each device that gives pictures.
#[derive(Debug, Default)]
struct Pictures<T> {
    camera: T,
    screen: T,
}

#[derive(Clone, Copy, Debug)]
enum Health {
    /// The call is not accepted yet: nothing to watch.
    Idle,
    Connecting {
        until: Time,
        /// ICE has failed once.
        again: bool,
    },
    Connected,
    /// It may come back by itself until `restart_at`; then ICE is restarted.
    Interrupted {
        restart_at: Time,
        until: Time,
    },
    /// ICE is being restarted.
    Restarting {
        until: Time,
    },
}

impl PeerConnection {
    /// Creates the connection, to send what is open of the local media.
    ///
    /// Every device has its media section in the first offer in any case, `inactive` where it isn't wanted
    /// yet. So whatever is turned on later changes only directions, and both sides know by the order which is
    /// which. The side that doesn't offer puts its tracks into the sections once it has them.
    pub(super) fn create(cx: &mut Context, role: Role<'_>) -> PeerConnection {
        let mut connection = PeerConnection {
            id: cx.new_peer_connection(),
            negotiation: Negotiation::new(matches!(role, Role::Answerer)),
            health: Health::Idle,
            remote: RemoteMedia::default(),
            weak: false,
            has_sections: false,
            tracks: PerDevice::default(),
            shown: Pictures::default(),
            sending: Pictures::default(),
            held: Vec::new(),
            told: Told::default(),
            candidates: Candidates::default(),
            outputs: VecDeque::new(),
        };
        let ice = cx.ice_settings();
        connection.act(cx, PeerEffect::Create(ice));
        for device in Device::ALL {
            connection.tracks[device] = cx.media.track(device);
        }
        if let Role::Offerer { receive } = role {
            for device in Device::ALL {
                let receive = receive.contains(&device);
                connection.act(cx, PeerEffect::AddMedia { device, receive });
            }
            connection.put_tracks(cx);
        }
        connection
    }

    pub(super) fn id(&self) -> PeerConnectionId {
        self.id
    }

    pub(super) fn remote(&self) -> RemoteMedia {
        self.remote
    }

    pub(super) fn is_weak(&self) -> bool {
        self.weak
    }

    pub(super) fn view(&self) -> ConnectionView {
        match self.health {
            Health::Idle | Health::Connecting { .. } => ConnectionView::Connecting,
            Health::Connected => ConnectionView::Connected,
            Health::Interrupted { .. } | Health::Restarting { .. } => ConnectionView::Reconnecting,
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        let health = match self.health {
            Health::Idle | Health::Connected => None,
            Health::Connecting { until, .. } | Health::Restarting { until } => Some(until),
            Health::Interrupted { restart_at, until } => Some(restart_at.min(until)),
        };
        health.into_iter().chain(self.told.next_timeout()).min()
    }

    /// Returns what has still to be passed on.
    pub(super) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The call is accepted: from now on the connection is expected to come about.
    pub(super) fn accepted(&mut self, cx: &mut Context) {
        if let Health::Idle = self.health {
            self.health = Health::Connecting { until: cx.now.plus(CONNECT_TIMEOUT_MS), again: false };
            let held = std::mem::take(&mut self.held);
            held.into_iter().for_each(|candidate| self.tell_candidate(candidate));
        }
    }

    /// The server could not pass on something that was told last, because too much waits for the other side.
    /// It is told again after a while.
    pub(super) fn undelivered(&mut self, now: Time) {
        self.told.undelivered(now);
    }

    pub(super) fn close(self, cx: &mut Context) {
        self.act(cx, PeerEffect::Close);
    }

    pub(super) fn describe(&mut self, cx: &mut Context, description: Description) {
        self.candidates.described(&description);
        self.negotiate(cx, |negotiation, out| negotiation.remote(description, out));
    }

    pub(super) fn candidate(&mut self, cx: &mut Context, candidate: Option<IceCandidate>) {
        self.candidates.remote(candidate.as_ref(), cx.now);
        self.negotiate(cx, |negotiation, out| negotiation.remote_candidate(candidate, out));
    }

    pub(super) fn set_track(&mut self, cx: &mut Context, device: Device, track: Option<TrackId>) {
        if self.tracks[device] != track {
            self.tracks[device] = track;
            if self.has_sections {
                self.act(cx, PeerEffect::SetTrack { device, track });
            }
        }
    }

    /// The track has ended, and another will take its place. Where it is being sent, it stays until then.
    pub(super) fn track_ended(&mut self, track: TrackId) {
        if !self.has_sections && self.tracks[track.device] == Some(track) {
            self.tracks[track.device] = None;
        }
    }

    /// The media sections are there now.
    fn put_tracks(&mut self, cx: &mut Context) {
        self.has_sections = true;
        for device in Device::ALL {
            let track = self.tracks[device];
            if track.is_some() {
                self.act(cx, PeerEffect::SetTrack { device, track });
            }
        }
    }

    /// Sends pictures as well as they should be sent when there are so many people.
    pub(super) fn limit_sending(&mut self, cx: &mut Context, people: usize) {
        let camera = send_limits::camera(people, self.shown.camera);
        let screen = send_limits::screen(people, self.shown.screen);
        if self.is_sent(Device::Camera) && self.sending.camera != Some(camera) {
            self.sending.camera = Some(camera);
            self.act(cx, PeerEffect::SetSending { device: Device::Camera, limits: camera });
        }
        if self.is_sent(Device::Screen) && self.sending.screen != Some(screen) {
            self.sending.screen = Some(screen);
            self.act(cx, PeerEffect::SetSending { device: Device::Screen, limits: screen });
        }
    }

    fn is_sent(&self, device: Device) -> bool {
        self.has_sections && self.tracks[device].is_some()
    }

    /// The other side has muted itself, or unmuted.
    pub(super) fn remote_is_muted(&mut self, muted: bool) {
        self.remote.muted = muted;
    }

    /// The other side shows our pictures so large.
    pub(super) fn remote_shows(&mut self, camera: PictureSize, screen: PictureSize) {
        self.shown = Pictures { camera, screen };
    }

    pub(super) fn handle(&mut self, cx: &mut Context, event: PeerEvent) {
        match event {
            PeerEvent::Broken => {
                self.outputs.push_back(Output::Failed(EndReason::NoConnection(NoPath::NotBegun)));
            }
            PeerEvent::ServerRefused => self.candidates.refused(),
            PeerEvent::NegotiationNeeded => self.negotiate(cx, Negotiation::needed),
            PeerEvent::LocalDescription(description) => {
                self.negotiate(cx, |negotiation, out| negotiation.local_description(description, out));
            }
            PeerEvent::RemoteDescriptionSet => {
                if !self.has_sections {
                    self.put_tracks(cx);
                }
                self.negotiate(cx, Negotiation::remote_set);
                if !self.negotiation.has_offered() {
                    self.told.answered();
                }
            }
            PeerEvent::DescriptionFailed => self.negotiate(cx, Negotiation::failed),
            PeerEvent::Candidate(candidate) => {
                self.candidates.local(candidate.as_ref(), cx.now);
                self.negotiate(cx, |negotiation, out| negotiation.local_candidate(candidate, out));
            }
            PeerEvent::Connection(state) => self.connection(cx, state),
            PeerEvent::Quality { weak } => self.weak = weak,
            PeerEvent::RemoteTrack { device, live } => match device {
                Device::Microphone => self.remote.microphone = live,
                Device::Camera => self.remote.camera = live,
                Device::Screen => self.remote.screen = live,
                // It is heard with the screen, and needs no words of its own.
                Device::ScreenAudio => {}
            },
            // The data channel is the member's: what is said over it outlives this connection.
            PeerEvent::ChannelOpen { .. } | PeerEvent::ChannelClosed | PeerEvent::ChannelMessage(_) => {}
        }
    }

    pub(super) fn tick(&mut self, cx: &mut Context) {
        let now = cx.now;
        self.outputs.extend(self.told.due(now));
        match self.health {
            Health::Connecting { until, .. } if now >= until => self.no_connection(cx),
            Health::Interrupted { until, .. } | Health::Restarting { until } if now >= until => {
                self.outputs.push_back(Output::Failed(EndReason::ConnectionLost));
            }
            Health::Interrupted { restart_at, until } if now >= restart_at => {
                self.restart_ice(cx, Health::Restarting { until });
            }
            _ => {}
        }
    }

    fn restart_ice(&mut self, cx: &mut Context, health: Health) {
        self.health = health;
        self.candidates.restart();
        self.act(cx, PeerEffect::RestartIce);
    }

    fn no_connection(&mut self, cx: &Context) {
        self.outputs.push_back(Output::Failed(EndReason::NoConnection(self.why_no_path(cx))));
    }

    /// Returns why there is no way, if there is none.
    pub(super) fn why_no_path(&self, cx: &Context) -> NoPath {
        self.candidates.why_no_path(&cx.ice_settings())
    }

    fn connection(&mut self, cx: &mut Context, state: ConnectionState) {
        let until = cx.now.plus(INTERRUPTION_TIMEOUT_MS);
        match (state, self.health) {
            (ConnectionState::Connected, _) => {
                self.health = Health::Connected;
                self.outputs.push_back(Output::Connected);
            }
            (ConnectionState::Disconnected, Health::Connected) => {
                self.health = Health::Interrupted { restart_at: cx.now.plus(RESTART_AFTER_MS), until };
            }
            (ConnectionState::Failed, Health::Connected) => {
                self.restart_ice(cx, Health::Restarting { until });
            }
            // Failed for good until ICE is restarted, whether or not a restart was tried before.
            (ConnectionState::Failed, Health::Interrupted { until, .. } | Health::Restarting { until }) => {
                self.restart_ice(cx, Health::Restarting { until });
            }
            // It may have been too early, with candidates still on their way: once more.
            (ConnectionState::Failed, Health::Connecting { until, again: false })
                if !self.candidates.are_tried(cx.now) =>
            {
                self.restart_ice(cx, Health::Connecting { until, again: true });
            }
            (ConnectionState::Failed, Health::Connecting { .. }) => self.no_connection(cx),
            _ => {}
        }
    }

    fn tell_candidate(&mut self, candidate: Option<IceCandidate>) {
        self.told.candidate(candidate.clone());
        self.outputs.push_back(Output::Candidate(candidate));
    }

    fn act(&self, cx: &mut Context, effect: PeerEffect) {
        cx.act(Effect::Peer { id: self.id, effect });
    }

    fn negotiate(
        &mut self,
        cx: &mut Context,
        step: impl FnOnce(&mut Negotiation, &mut Vec<NegotiationOutput>),
    ) {
        let mut outputs = Vec::new();
        step(&mut self.negotiation, &mut outputs);
        for output in outputs {
            match output {
                NegotiationOutput::Do(effect) => self.act(cx, effect),
                NegotiationOutput::Describe(description) => {
                    self.told.description(description.clone());
                    self.outputs.push_back(Output::Describe(description));
                }
                NegotiationOutput::Candidate(candidate) => match self.health {
                    Health::Idle => self.held.push(candidate),
                    _ => self.tell_candidate(candidate),
                },
                // The two no longer agree on what the connection is, and neither could restart ICE on it: a
                // clear end is better than a call that can't be mended when it breaks.
                NegotiationOutput::Failed => {
                    let reason = match self.health {
                        Health::Idle | Health::Connecting { .. } => EndReason::NoConnection(NoPath::NotBegun),
                        _ => EndReason::ConnectionLost,
                    };
                    self.outputs.push_back(Output::Failed(reason));
                }
            }
        }
    }
}
