//! One peer connection: its negotiation, the chat over its data channel, and a watch over its health.

use tincan_shared::{Description, IceCandidate, IceServer};

use crate::chat::{Chat, ChatEvent, Conversation, RefusedLine};
use crate::effect::{Effect, PeerEffect};
use crate::input::{ConnectionState, Device, Devices, PeerEvent, TrackId};
use crate::media::{DEVICES, LocalMedia};
use crate::negotiation::{Negotiation, NegotiationOutput};
use crate::time::Time;
use crate::view::{ConnectionView, EndReason, RemoteMedia};

/// How long two browsers may look for a way to each other.
const CONNECT_TIMEOUT_MS: u64 = 30_000;
/// How long an interrupted connection may come back by itself before ICE is restarted.
const RESTART_AFTER_MS: u64 = 3_000;
/// How long an interruption may last.
const MEND_TIMEOUT_MS: u64 = 30_000;

/// What a peer connection wants.
#[derive(Debug)]
pub(crate) enum PeerOutput {
    /// Done.
    Do(Effect),
    /// Told to the other side.
    Describe(Description),
    /// Told to the other side.
    Candidate(Option<IceCandidate>),
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
    /// Creates the connection, ready to send what `media` has open. The side that will offer says in `expected` what
    /// it wants to receive; the other takes what it is offered.
    ///
    /// Sound and picture are in the first offer in any case, `inactive` where they aren't wanted yet. So whatever is turned on
    /// later changes only directions: a media section that is new in an offer which then has to be rolled back
    /// leaves Chromium (156) with a receiver that shows one picture and no more.
    pub(crate) fn create(
        epoch: u32,
        polite: bool,
        ice_servers: Vec<IceServer>,
        expected: Option<Devices>,
        media: &LocalMedia,
        out: Out,
    ) -> PeerLink {
        let mut link = PeerLink {
            epoch,
            negotiation: Negotiation::new(polite),
            chat: Chat::default(),
            health: Health::Idle,
            was_connected: false,
            remote: RemoteMedia::default(),
        };
        link.act(PeerEffect::Create { ice_servers }, out);
        if let Some(expected) = expected {
            for device in DEVICES {
                link.act(PeerEffect::AddMedia { device, receive: expected.has(device) }, out);
            }
        }
        for device in DEVICES {
            let track = media.track(device);
            if track.is_some() {
                link.set_track(device, track, out);
            }
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

    pub(crate) fn conversation(&self) -> &Conversation {
        self.chat.conversation()
    }

    pub(crate) fn view(&self) -> ConnectionView {
        match self.health {
            Health::Idle | Health::Connecting { .. } => ConnectionView::Connecting,
            Health::Connected => ConnectionView::Connected,
            Health::Interrupted { .. } => ConnectionView::Reconnecting,
        }
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        match self.health {
            Health::Idle | Health::Connected => None,
            Health::Connecting { until } => Some(until),
            Health::Interrupted { restart_at, until } => Some(restart_at.map_or(until, |at| at.min(until))),
        }
    }

    /// The call is accepted: from now on the connection is expected to come about.
    pub(crate) fn accepted(&mut self, now: Time) {
        if let Health::Idle = self.health {
            self.health = Health::Connecting { until: now.plus(CONNECT_TIMEOUT_MS) };
        }
    }

    /// Closes the connection. What was written stays readable.
    pub(crate) fn close(self, out: &mut Vec<Effect>) -> Conversation {
        out.push(Effect::Peer { epoch: self.epoch, effect: PeerEffect::Close });
        self.chat.end()
    }

    pub(crate) fn describe(&mut self, description: Description, out: Out) {
        self.negotiate(out, |negotiation, out| negotiation.remote(description, out));
    }

    pub(crate) fn candidate(&mut self, candidate: Option<IceCandidate>, out: Out) {
        self.negotiate(out, |negotiation, out| negotiation.remote_candidate(candidate, out));
    }

    pub(crate) fn set_track(&mut self, device: Device, track: Option<TrackId>, out: Out) {
        self.act(PeerEffect::SetTrack { device, track }, out);
    }

    pub(crate) fn set_muted(&mut self, muted: bool, out: Out) {
        self.converse(out, |chat, out| chat.set_muted(muted, out));
    }

    pub(crate) fn write(&mut self, now: Time, text: &str, out: Out) -> Result<(), RefusedLine> {
        self.converse(out, |chat, out| chat.write(now, text, out))
    }

    pub(crate) fn handle(&mut self, now: Time, event: PeerEvent, out: Out) {
        match event {
            PeerEvent::Broken => out.push(PeerOutput::Failed(EndReason::NoConnection)),
            PeerEvent::NegotiationNeeded => self.negotiate(out, Negotiation::needed),
            PeerEvent::LocalDescription(description) => {
                self.negotiate(out, |negotiation, out| negotiation.local_description(description, out));
            }
            PeerEvent::RemoteDescriptionSet => self.negotiate(out, Negotiation::remote_set),
            PeerEvent::DescriptionFailed => self.negotiate(out, Negotiation::failed),
            PeerEvent::Candidate(candidate) => {
                self.negotiate(out, |negotiation, out| negotiation.local_candidate(candidate, out));
            }
            PeerEvent::Connection(state) => self.connection(now, state, out),
            PeerEvent::ChannelOpen { max_message_bytes } => {
                self.converse(out, |chat, out| chat.opened(max_message_bytes, out));
            }
            PeerEvent::ChannelClosed => self.chat.closed(),
            PeerEvent::ChannelMessage(text) => {
                let event = self.converse(out, |chat, out| chat.message(now, &text, out));
                if let Some(ChatEvent::Muted(muted)) = event {
                    self.remote.muted = muted;
                }
            }
            PeerEvent::RemoteTrack { device: Device::Camera, live } => self.remote.camera = live,
            PeerEvent::RemoteTrack { device: Device::Microphone, live } => self.remote.microphone = live,
        }
    }

    pub(crate) fn tick(&mut self, now: Time, out: Out) {
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

    fn converse<T>(&mut self, out: Out, step: impl FnOnce(&mut Chat, &mut Vec<String>) -> T) -> T {
        let mut texts = Vec::new();
        let result = step(&mut self.chat, &mut texts);
        for text in texts {
            self.act(PeerEffect::SendText(text), out);
        }
        result
    }
}
