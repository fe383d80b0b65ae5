//! One peer connection: its negotiation, its media, and a watch over its health.

use std::collections::VecDeque;

use tincan_shared::{Description, DescriptionKind, IceCandidate};

use super::Role;
use super::candidates::Candidates;
use super::description::Browsers;
use super::health::{Action, Health};
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

/// What a peer connection has for the member to whom it leads.
#[derive(Clone, Debug)]
pub(super) enum Output {
    /// To be told to the other side.
    Describe(Description),
    /// To be told to the other side.
    Candidate(Option<IceCandidate>),
    /// To be told once more, because the server could not pass it on.
    DescribeAgain(Description),
    CandidateAgain(Option<IceCandidate>),
    /// There is a way to each other.
    Connected,
    /// There is none any more, for now.
    Interrupted,
    /// The other side is to be asked for a sign of life.
    Ask,
    /// The other side is to be asked to restart ICE.
    RequestRestart,
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
    /// Which pictures the other side says that it sends: heard before the descriptions say so.
    sent: Pictures<Option<bool>>,
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
    browsers: Browsers,
    /// Whether this side made the first offer.
    offered_first: bool,
    outputs: VecDeque<Output>,
}

/// One `T` for each device that gives pictures.
#[derive(Debug, Default)]
struct Pictures<T> {
    camera: T,
    screen: T,
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
            negotiation: Negotiation::new(matches!(role, Role::Answerer { .. })),
            health: Health::new(matches!(role, Role::Offerer { .. })),
            remote: RemoteMedia::default(),
            sent: Pictures::default(),
            weak: false,
            has_sections: false,
            tracks: PerDevice::default(),
            shown: Pictures::default(),
            sending: Pictures::default(),
            held: Vec::new(),
            told: Told::default(),
            candidates: Candidates::default(),
            browsers: Browsers::default(),
            offered_first: matches!(role, Role::Offerer { .. }),
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
        let Pictures { camera, screen } = self.sent;
        RemoteMedia {
            camera: self.remote.camera && camera != Some(false),
            screen: self.remote.screen && screen != Some(false),
            ..self.remote
        }
    }

    pub(super) fn is_weak(&self) -> bool {
        self.weak
    }

    pub(super) fn view(&self) -> ConnectionView {
        self.health.view()
    }

    /// Returns whether what is said over it arrives at once.
    pub(super) fn works(&self) -> bool {
        self.view() == ConnectionView::Connected
    }

    /// Returns since when it is interrupted, if it is.
    pub(super) fn interrupted_since(&self) -> Option<Time> {
        match self.view() {
            ConnectionView::Reconnecting { since } => Some(since),
            _ => None,
        }
    }

    /// Returns whether its first offer was made here, and has not been answered.
    pub(super) fn is_unanswered(&self) -> bool {
        self.offered_first && !self.negotiation.is_described()
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.health.next_timeout().into_iter().chain(self.told.next_timeout()).min()
    }

    /// Says whether the other side can be asked for a sign of life, and for another connection.
    pub(super) fn can(&mut self, ask: bool, renew: bool) {
        (self.health.can_ask, self.health.can_renew) = (ask, renew);
    }

    /// Something came over the data channel.
    pub(super) fn heard(&mut self, now: Time) {
        self.watch(|health| {
            health.heard(now);
            None
        });
    }

    /// There is a reason to doubt that it still works.
    pub(super) fn doubt(&mut self, cx: &mut Context) {
        let now = cx.now;
        let action = self.watch(|health| health.doubt(now));
        self.carry_out(cx, action);
        self.tick(cx);
    }

    pub(super) fn channel_closed(&mut self, now: Time) {
        self.watch(|health| {
            health.channel_closed(now);
            None
        });
    }

    /// The other side asks for a restart.
    pub(super) fn restart_requested(&mut self, cx: &mut Context) {
        let (now, busy) = (cx.now, self.negotiation.has_offered());
        let action = self.watch(|health| health.restart_requested(now, busy));
        self.carry_out(cx, action);
    }

    /// Returns what has still to be passed on.
    pub(super) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The call is accepted: from now on the connection is expected to come about.
    pub(super) fn accepted(&mut self, cx: &mut Context) {
        if self.health.accepted(cx.now) {
            let held = std::mem::take(&mut self.held);
            held.into_iter().for_each(|candidate| self.tell_candidate(candidate));
        }
    }

    /// The server could not pass on something that was told last, because too much waits for the other side.
    /// It is told again after a while.
    pub(super) fn undelivered(&mut self, now: Time) {
        self.told.undelivered(now);
    }

    /// The other side says something, so it may be able to hear, too.
    pub(super) fn tell_again_now(&mut self, cx: &mut Context) {
        self.told.hurry(cx.now);
        self.tick(cx);
    }

    pub(super) fn close(self, cx: &mut Context) {
        self.act(cx, PeerEffect::Close);
    }

    pub(super) fn describe(&mut self, cx: &mut Context, description: Description) {
        self.candidates.described(&description);
        self.browsers.remote(&description);
        self.health.offers_restarts = self.browsers.offers_restarts(self.offered_first);
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

    /// The other side sends these pictures.
    pub(super) fn remote_sends(&mut self, camera: bool, screen: bool) {
        self.sent = Pictures { camera: Some(camera), screen: Some(screen) };
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
        let (now, busy) = (cx.now, self.negotiation.has_offered());
        self.outputs.extend(self.told.due(now));
        let action = self.watch(|health| health.tick(now, busy));
        self.carry_out(cx, action);
    }

    /// Runs `step` on the watch, and says if the connection works or doesn't any more.
    fn watch(&mut self, step: impl FnOnce(&mut Health) -> Option<Action>) -> Option<Action> {
        let before = self.works();
        let action = step(&mut self.health);
        self.note_whether_it_works(before);
        action
    }

    #[inline(never)]
    fn note_whether_it_works(&mut self, before: bool) {
        match (before, self.works()) {
            (false, true) => self.outputs.push_back(Output::Connected),
            (true, false) => self.outputs.push_back(Output::Interrupted),
            _ => {}
        }
    }

    fn carry_out(&mut self, cx: &mut Context, action: Option<Action>) {
        match action {
            None => {}
            Some(Action::Ask) => self.outputs.push_back(Output::Ask),
            Some(Action::RequestRestart) => self.outputs.push_back(Output::RequestRestart),
            Some(Action::Restart) => {
                self.candidates.restart();
                self.act(cx, PeerEffect::RestartIce);
            }
            Some(Action::NoConnection) => {
                let reason = EndReason::NoConnection(self.why_no_path(cx));
                self.outputs.push_back(Output::Failed(reason));
            }
            Some(Action::Lost) => self.outputs.push_back(Output::Failed(EndReason::ConnectionLost)),
        }
    }

    /// Returns why there is no way, if there is none.
    pub(super) fn why_no_path(&self, cx: &Context) -> NoPath {
        self.candidates.why_no_path(&cx.ice_settings())
    }

    fn connection(&mut self, cx: &mut Context, state: ConnectionState) {
        let (now, tried) = (cx.now, self.candidates.are_tried(cx.now));
        let action = self.watch(|health| health.connection(now, state, tried));
        self.carry_out(cx, action);
        self.tick(cx);
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
        self.carry_out_negotiation(cx, outputs);
    }

    // Not inlined: there would be a copy for each `step`, in what every page loads.
    #[inline(never)]
    fn carry_out_negotiation(&mut self, cx: &mut Context, outputs: Vec<NegotiationOutput>) {
        for output in outputs {
            match output {
                NegotiationOutput::Do(effect) => self.act(cx, effect),
                NegotiationOutput::Describe(description) => {
                    self.browsers.local(&description);
                    let description = match description.kind {
                        DescriptionKind::Offer => self.browsers.keep_role(description),
                        DescriptionKind::Answer => description,
                    };
                    self.told.description(description.clone());
                    self.outputs.push_back(Output::Describe(description));
                }
                NegotiationOutput::Candidate(candidate) if self.health.is_idle() => self.held.push(candidate),
                NegotiationOutput::Candidate(candidate) => self.tell_candidate(candidate),
                // The two no longer agree on what the connection is, and neither could restart ICE on it.
                NegotiationOutput::Failed => {
                    let reason = match self.view() {
                        ConnectionView::Connecting => EndReason::NoConnection(NoPath::NotBegun),
                        _ => EndReason::ConnectionLost,
                    };
                    self.outputs.push_back(Output::Failed(reason));
                }
            }
        }
    }
}
