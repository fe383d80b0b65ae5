//! One peer connection: its negotiation, the chat over its data channel, and a watch over its health.

use tincan_shared::{Description, IceCandidate, IceServer};

use crate::chat::{Chat, ChatEvent, Post};
use crate::effect::{Effect, PeerEffect, SendLimits};
use crate::input::{ConnectionState, Device, PeerEvent, PictureSize, Shown, TrackId};
use crate::media::LocalMedia;
use crate::negotiation::{Negotiation, NegotiationOutput};
use crate::sending;
use crate::time::Time;
use crate::view::{ConnectionView, EndReason, RemoteMedia};

/// How long two browsers may look for a way to each other.
pub(crate) const CONNECT_TIMEOUT_MS: u64 = 30_000;
/// How long an interrupted connection may come back by itself before ICE is restarted.
const RESTART_AFTER_MS: u64 = 3_000;
/// How long an interruption may last.
const MEND_TIMEOUT_MS: u64 = 30_000;
/// How long one who was said to be writing counts as that without being said so again.
const TYPING_TIMEOUT_MS: u64 = 8_000;

/// What a peer connection wants.
#[derive(Debug)]
pub(crate) enum PeerOutput {
    /// Done.
    Do(Effect),
    /// Told to the other side.
    Describe(Description),
    /// Told to the other side.
    Candidate(Option<IceCandidate>),
    /// The other side's lines go by this number.
    Hello(u64),
    /// The other side has told something.
    Post(Post),
    /// The other side has all lines up to this one.
    Delivered(u64),
    /// The other side shows what was written to whoever comes, or doesn't any more.
    Offers(bool),
    /// There is a way to each other.
    Connected,
    /// There is no hope.
    Failed(EndReason),
}

/// See the module's words.
#[derive(Debug)]
pub(crate) struct PeerLink {
    epoch: u32,
    negotiation: Negotiation,
    chat: Chat,
    health: Health,
    was_connected: bool,
    remote: RemoteMedia,
    weak: bool,
    /// The other side is writing something, until then at the longest.
    typing: Option<Time>,
    /// The media sections are there, so tracks can be put into them.
    ready: bool,
    /// What is to be sent, in the order of [`Device::ALL`].
    tracks: [Option<TrackId>; 4],
    /// How large the other side shows camera and screen.
    shown: [PictureSize; 2],
    /// How well camera and screen are being sent.
    sending: [Option<SendLimits>; 2],
}

/// What a connection is made for.
pub(crate) struct Purpose<'a> {
    /// Whether this side gives way when offers collide; it is the one that doesn't make the first offer.
    pub(crate) polite: bool,
    /// What is wanted from the other side at once. Anything else is negotiated when it comes.
    pub(crate) receive: &'a [Device],
    /// What was said before, on an earlier connection to the same person.
    pub(crate) chat: Chat,
}

#[derive(Clone, Copy, Debug)]
enum Health {
    /// The call is not accepted yet: nothing to watch.
    Idle,
    Connecting {
        until: Time,
    },
    Connected,
    Interrupted {
        /// When ICE is to be restarted; `None` once it was.
        restart_at: Option<Time>,
        until: Time,
    },
}

type Out<'a> = &'a mut Vec<PeerOutput>;

impl PeerLink {
    /// Creates the connection, to send what `media` has open.
    ///
    /// Every device has its media section in the first offer in any case, `inactive` where it isn't wanted yet. So
    /// whatever is turned on later changes only directions, and both sides know by the order which is which. The side
    /// that doesn't offer puts its tracks into the sections once it has them.
    pub(crate) fn create(
        epoch: u32,
        ice_servers: Vec<IceServer>,
        purpose: Purpose<'_>,
        media: &LocalMedia,
        out: Out,
    ) -> PeerLink {
        let mut link = PeerLink {
            epoch,
            negotiation: Negotiation::new(purpose.polite),
            chat: purpose.chat,
            health: Health::Idle,
            was_connected: false,
            remote: RemoteMedia::default(),
            weak: false,
            typing: None,
            ready: false,
            tracks: [None; 4],
            shown: [PictureSize::Large; 2],
            sending: [None; 2],
        };
        link.act(PeerEffect::Create { ice_servers }, out);
        for device in Device::ALL {
            link.set_track(device, media.track(device), out);
        }
        if !purpose.polite {
            for device in Device::ALL {
                let receive = purpose.receive.contains(&device);
                link.act(PeerEffect::AddMedia { device, receive }, out);
            }
            link.put_tracks(out);
        }
        link.set_muted(media.muted(), out);
        link
    }

    pub(crate) fn epoch(&self) -> u32 {
        self.epoch
    }

    pub(crate) fn remote(&self) -> RemoteMedia {
        self.remote
    }

    pub(crate) fn is_weak(&self) -> bool {
        self.weak
    }

    pub(crate) fn is_typing(&self) -> bool {
        self.typing.is_some()
    }

    pub(crate) fn view(&self) -> ConnectionView {
        match self.health {
            Health::Idle | Health::Connecting { .. } => ConnectionView::Connecting,
            Health::Connected => ConnectionView::Connected,
            Health::Interrupted { .. } => ConnectionView::Reconnecting,
        }
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        let health = match self.health {
            Health::Idle | Health::Connected => None,
            Health::Connecting { until } => Some(until),
            Health::Interrupted { restart_at, until } => Some(restart_at.map_or(until, |at| at.min(until))),
        };
        health.into_iter().chain(self.typing).min()
    }

    /// The call is accepted: from now on the connection is expected to come about.
    pub(crate) fn accepted(&mut self, now: Time) {
        if let Health::Idle = self.health {
            self.health = Health::Connecting { until: now.plus(CONNECT_TIMEOUT_MS) };
        }
    }

    /// Closes the connection. What was not heard of it can be said on the next.
    pub(crate) fn close(mut self, out: &mut Vec<Effect>) -> Chat {
        out.push(Effect::Peer { epoch: self.epoch, effect: PeerEffect::Close });
        self.chat.closed();
        self.chat
    }

    pub(crate) fn describe(&mut self, description: Description, out: Out) {
        self.negotiate(out, |negotiation, out| negotiation.remote(description, out));
    }

    pub(crate) fn candidate(&mut self, candidate: Option<IceCandidate>, out: Out) {
        self.negotiate(out, |negotiation, out| negotiation.remote_candidate(candidate, out));
    }

    pub(crate) fn set_track(&mut self, device: Device, track: Option<TrackId>, out: Out) {
        let place = &mut self.tracks[device as usize];
        if *place != track {
            *place = track;
            if self.ready {
                self.act(PeerEffect::SetTrack { device, track }, out);
            }
        }
    }

    /// The track has ended, and another will take its place. Where it is being sent, it stays until then.
    pub(crate) fn track_ended(&mut self, track: TrackId) {
        let place = &mut self.tracks[track.device as usize];
        if !self.ready && *place == Some(track) {
            *place = None;
        }
    }

    /// The media sections are there now.
    fn put_tracks(&mut self, out: Out) {
        self.ready = true;
        for device in Device::ALL {
            let track = self.tracks[device as usize];
            if track.is_some() {
                self.act(PeerEffect::SetTrack { device, track }, out);
            }
        }
    }

    /// Sends pictures as well as they should be when there are so many people.
    pub(crate) fn limit_sending(&mut self, people: usize, out: Out) {
        let rules = [(Device::Camera, sending::camera as fn(_, _) -> _), (Device::Screen, sending::screen)];
        for (place, (device, rule)) in rules.into_iter().enumerate() {
            let limits = rule(people, self.shown[place]);
            if self.ready && self.tracks[device as usize].is_some() && self.sending[place] != Some(limits) {
                self.sending[place] = Some(limits);
                self.act(PeerEffect::SetSending { device, limits }, out);
            }
        }
    }

    pub(crate) fn set_muted(&mut self, muted: bool, out: Out) {
        self.converse(out, |chat, out| chat.set_muted(muted, out));
    }

    /// What comes from there is shown so large here.
    pub(crate) fn set_shows(&mut self, shown: &Shown, out: Out) {
        self.converse(out, |chat, out| chat.set_shows(shown.camera, shown.screen, out));
    }

    pub(crate) fn chat(&self) -> &Chat {
        &self.chat
    }

    pub(crate) fn set_typing(&mut self, on: bool, out: Out) {
        self.converse(out, |chat, out| chat.set_typing(on, out));
    }

    pub(crate) fn handle(&mut self, now: Time, event: PeerEvent, out: Out) {
        match event {
            PeerEvent::Broken => out.push(PeerOutput::Failed(EndReason::NoConnection)),
            PeerEvent::NegotiationNeeded => self.negotiate(out, Negotiation::needed),
            PeerEvent::LocalDescription(description) => {
                self.negotiate(out, |negotiation, out| negotiation.local_description(description, out));
            }
            PeerEvent::RemoteDescriptionSet => {
                if !self.ready {
                    self.put_tracks(out);
                }
                self.negotiate(out, Negotiation::remote_set);
            }
            PeerEvent::DescriptionFailed => self.negotiate(out, Negotiation::failed),
            PeerEvent::Candidate(candidate) => {
                self.negotiate(out, |negotiation, out| negotiation.local_candidate(candidate, out));
            }
            PeerEvent::Connection(state) => self.connection(now, state, out),
            PeerEvent::ChannelOpen { max_message_bytes } => {
                self.converse(out, |chat, out| chat.opened(max_message_bytes, out));
            }
            PeerEvent::ChannelClosed => {
                self.chat.closed();
                self.typing = None;
            }
            PeerEvent::ChannelMessage(text) => {
                match self.converse(out, |chat, out| chat.message(&text, out)) {
                    Some(ChatEvent::Hello(by)) => out.push(PeerOutput::Hello(by)),
                    Some(ChatEvent::Post(post)) => out.push(PeerOutput::Post(post)),
                    Some(ChatEvent::Typing(on)) => self.typing = on.then(|| now.plus(TYPING_TIMEOUT_MS)),
                    Some(ChatEvent::Offers(on)) => out.push(PeerOutput::Offers(on)),
                    Some(ChatEvent::Delivered(line)) => out.push(PeerOutput::Delivered(line)),
                    Some(ChatEvent::Muted(muted)) => self.remote.muted = muted,
                    Some(ChatEvent::Shown { camera, screen }) => self.shown = [camera, screen],
                    None => {}
                }
            }
            PeerEvent::Quality { weak } => self.weak = weak,
            PeerEvent::RemoteTrack { device, live } => match device {
                Device::Microphone => self.remote.microphone = live,
                Device::Camera => self.remote.camera = live,
                Device::Screen => self.remote.screen = live,
                // It is heard with the screen, and needs no words of its own.
                Device::ScreenAudio => {}
            },
        }
    }

    pub(crate) fn tick(&mut self, now: Time, out: Out) {
        self.typing = self.typing.filter(|until| now < *until);
        match &mut self.health {
            Health::Connecting { until } if now >= *until => {
                out.push(PeerOutput::Failed(EndReason::NoConnection));
            }
            Health::Interrupted { until, .. } if now >= *until => {
                out.push(PeerOutput::Failed(EndReason::ConnectionLost));
            }
            Health::Interrupted { restart_at, .. } if restart_at.is_some_and(|at| now >= at) => {
                *restart_at = None;
                self.act(PeerEffect::RestartIce, out);
            }
            _ => {}
        }
    }

    fn connection(&mut self, now: Time, state: ConnectionState, out: Out) {
        match (state, &mut self.health) {
            (ConnectionState::Connected, _) => {
                self.health = Health::Connected;
                self.was_connected = true;
                out.push(PeerOutput::Connected);
            }
            (ConnectionState::Disconnected, Health::Connected) => {
                let restart_at = Some(now.plus(RESTART_AFTER_MS));
                self.health = Health::Interrupted { restart_at, until: now.plus(MEND_TIMEOUT_MS) };
            }
            (ConnectionState::Failed, Health::Connected) => {
                self.health = Health::Interrupted { restart_at: None, until: now.plus(MEND_TIMEOUT_MS) };
                self.act(PeerEffect::RestartIce, out);
            }
            // Failed for good until ICE is restarted, whether or not a restart was tried before.
            (ConnectionState::Failed, Health::Interrupted { restart_at, .. }) => {
                *restart_at = None;
                self.act(PeerEffect::RestartIce, out);
            }
            // A first attempt that failed may have been too early (candidates still on their way): once more.
            (ConnectionState::Failed, Health::Connecting { .. }) => self.act(PeerEffect::RestartIce, out),
            _ => {}
        }
    }

    fn act(&self, effect: PeerEffect, out: Out) {
        out.push(PeerOutput::Do(Effect::Peer { epoch: self.epoch, effect }));
    }

    fn negotiate(&mut self, out: Out, step: impl FnOnce(&mut Negotiation, &mut Vec<NegotiationOutput>)) {
        let mut outputs = Vec::new();
        step(&mut self.negotiation, &mut outputs);
        for output in outputs {
            match output {
                NegotiationOutput::Do(effect) => self.act(effect, out),
                NegotiationOutput::Describe(description) => out.push(PeerOutput::Describe(description)),
                NegotiationOutput::Candidate(candidate) => out.push(PeerOutput::Candidate(candidate)),
                // The two no longer agree on what the connection is, and neither could restart ICE on it: a clear
                // end is better than a call that can't be mended when it breaks.
                NegotiationOutput::Failed if self.was_connected => {
                    out.push(PeerOutput::Failed(EndReason::ConnectionLost));
                }
                NegotiationOutput::Failed => out.push(PeerOutput::Failed(EndReason::NoConnection)),
            }
        }
    }

    /// Runs `step` on what is said to the other side, and sends what comes of it.
    pub(crate) fn converse<T>(&mut self, out: Out, step: impl FnOnce(&mut Chat, &mut Vec<String>) -> T) -> T {
        let mut texts = Vec::new();
        let result = step(&mut self.chat, &mut texts);
        for text in texts {
            self.act(PeerEffect::SendText(text), out);
        }
        result
    }
}
