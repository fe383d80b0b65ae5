//! Calling: who rings whom, who accepts, and how it ends. See [`Session`].

mod call;
mod limits;
mod signaling;

use std::collections::VecDeque;

use tincan_shared::{CallId, ClientMessage, IceServer, LeaveReason, Name};

use crate::effect::Effect;
use crate::input::{Captured, Device, Devices, Input, Intent, PeerEvent};
use crate::link::{Link, LinkOutput};
use crate::media::{DEVICES, LocalMedia};
use crate::peer::{PeerLink, PeerOutput};
use crate::rng::{Rng, Secrets, Seed};
use crate::time::Time;
use crate::view::{
    CallKind, CallingStage, ConnectionView, EndReason, InCall, Notice, PastConversation, Screen, ServerView,
    StartProblem, View,
};
use call::{Call, Offer, Stage, same_name};
use limits::BusyBudget;

/// How long a call rings before it counts as not answered, in milliseconds.
pub const CALL_TIMEOUT_MS: u64 = 45_000;
/// How much longer the callee waits for the caller to say so.
const RING_MARGIN_MS: u64 = 10_000;
/// How long a call waits for the devices (the browser may be asking for permission) before it goes on without.
/// They join when they come.
const DEVICE_PATIENCE_MS: u64 = 10_000;

/// How many calls that are over are remembered. What is late comes within a call or two.
const REMEMBERED_CALLS: usize = 32;

/// One user's state, in one page.
#[derive(Debug)]
pub struct Session {
    rng: Rng,
    secrets: Secrets,
    busy: BusyBudget,
    link: Link,
    media: LocalMedia,
    me: Option<Account>,
    problem: Option<StartProblem>,
    call: Option<Call>,
    /// The last calls that are over. An offer of one of them was under way when it ended: it must not ring.
    over: VecDeque<CallId>,
    /// How the last call ended, until it was read.
    notice: Option<Notice>,
    /// What was written in the last call, if anything was.
    past: Option<PastConversation>,
    line_refused: bool,
    epochs: u32,
}

/// What the server said at sign-in.
#[derive(Debug)]
struct Account {
    name: String,
    ice_servers: Vec<IceServer>,
}

impl Session {
    /// A session in which nobody is signed in. Two sessions must not have the same `seed`, and nobody must be able
    /// to guess its `secret`.
    pub fn new(Seed { seed, secret }: Seed) -> Session {
        Session {
            rng: Rng::new(seed),
            secrets: Secrets::new(secret),
            busy: BusyBudget::default(),
            link: Link::new(),
            media: LocalMedia::new(),
            me: None,
            problem: None,
            call: None,
            over: VecDeque::new(),
            notice: None,
            past: None,
            line_refused: false,
            epochs: 0,
        }
    }

    /// Takes note of `input`, which happened at `now`, and answers what is to be done, in this order.
    pub fn handle(&mut self, now: Time, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        match input {
            Input::Intent(intent) => self.intent(now, intent, &mut out),
            Input::Link { generation, event } => {
                let mut outputs = Vec::new();
                self.link.handle(now, generation, event, &mut self.rng, &mut outputs);
                self.link_outputs(now, outputs, &mut out);
            }
            Input::Peer { epoch, event } => self.peer_event(now, epoch, event, &mut out),
            Input::Captured(captured) => self.captured(now, &captured, &mut out),
            Input::TrackEnded(track) => {
                if self.media.ended(track, &mut out) {
                    self.send_track(now, track.device, &mut out);
                }
            }
            Input::Tick => self.tick(now, &mut out),
        }
        out
    }

    /// When [`Input::Tick`] is due at the latest.
    pub fn next_timeout(&self) -> Option<Time> {
        let call = self.call.as_ref().and_then(Call::next_timeout);
        self.link.next_timeout().into_iter().chain(call).min()
    }

    /// What the screen shows.
    pub fn view(&self) -> View {
        View { server: self.link.view(), screen: self.screen() }
    }

    fn screen(&self) -> Screen {
        let Some(account) = &self.me else {
            let signing_in = self.link.view() != ServerView::Idle;
            return Screen::Start { signing_in, problem: self.problem.clone() };
        };
        let Some(call) = &self.call else {
            return Screen::Home {
                me: account.name.clone(),
                notice: self.notice.clone(),
                past: self.past.clone(),
            };
        };
        let (peer, kind) = (call.peer.clone(), call.kind);
        let microphone = self.media.view(Device::Microphone);
        let camera = self.media.view(Device::Camera);
        let calling = |stage| Screen::Calling { peer: peer.clone(), kind, stage, microphone, camera };
        match &call.stage {
            Stage::Preparing { .. } => calling(CallingStage::Preparing),
            Stage::Calling { ringing: true, .. } => calling(CallingStage::Ringing),
            Stage::Calling { .. } => calling(CallingStage::Calling),
            Stage::Ringing { .. } => Screen::Incoming { peer, kind },
            Stage::Accepting { .. } | Stage::Active { .. } => {
                let link = call.link();
                Screen::InCall(InCall {
                    peer,
                    epoch: link.map(PeerLink::epoch),
                    kind,
                    connection: link.map_or(ConnectionView::Connecting, PeerLink::view),
                    microphone,
                    camera,
                    remote: link.map(PeerLink::remote).unwrap_or_default(),
                    conversation: link.map(PeerLink::conversation).cloned().unwrap_or_default(),
                    line_refused: self.line_refused,
                })
            }
        }
    }

    fn intent(&mut self, now: Time, intent: Intent, out: &mut Vec<Effect>) {
        match intent {
            Intent::SignIn { name } => self.sign_in(now, &name, out),
            Intent::SignOut => self.sign_out(now, out),
            Intent::Call { name, kind } => self.start_call(now, &name, kind, out),
            Intent::Cancel => {
                if let Some(Call { stage: Stage::Preparing { .. } | Stage::Calling { .. }, .. }) = self.call {
                    self.end(now, EndReason::CancelledByMe, Some(LeaveReason::Cancelled), out);
                }
            }
            Intent::Accept { camera } => self.accept(now, camera, out),
            Intent::Decline => {
                if let Some(Call { stage: Stage::Ringing { .. }, .. }) = self.call {
                    self.end(now, EndReason::DeclinedByMe, Some(LeaveReason::Declined), out);
                }
            }
            Intent::HangUp => {
                if let Some(Call { stage: Stage::Accepting { .. } | Stage::Active { .. }, .. }) = self.call {
                    self.end(now, EndReason::HungUpByMe, Some(LeaveReason::Hangup), out);
                }
            }
            Intent::Send { text } => {
                let mut refused = false;
                self.with_link(now, out, |link, _, out| refused = link.write(now, &text, out).is_err());
                self.line_refused = refused;
            }
            Intent::SetMicrophone(on) => self.set_microphone(now, on, out),
            Intent::SetCamera(on) => self.set_camera(now, on, out),
            Intent::DismissNotice => self.notice = None,
            Intent::Leave => self.sign_out(now, out),
        }
    }

    fn sign_in(&mut self, now: Time, typed: &str, out: &mut Vec<Effect>) {
        if self.me.is_some() {
            return;
        }
        self.notice = None;
        self.past = None;
        match Name::parse(typed) {
            Ok(name) => {
                self.problem = None;
                let token = self.secrets.next();
                self.with_signaling(now, out, |link, outputs| link.sign_in(now, name, token, outputs));
            }
            Err(error) => {
                self.problem =
                    Some(StartProblem::Refused { name: typed.trim().to_owned(), reason: error.into() });
            }
        }
    }

    fn sign_out(&mut self, now: Time, out: &mut Vec<Effect>) {
        let tell = match self.call.as_ref().map(|call| &call.stage) {
            Some(Stage::Preparing { .. } | Stage::Calling { .. }) => LeaveReason::Cancelled,
            _ => LeaveReason::Hangup,
        };
        self.end(now, EndReason::HungUpByMe, Some(tell), out);
        self.with_signaling(now, out, |link, outputs| link.close(outputs));
        self.me = None;
        self.problem = None;
        self.notice = None;
        self.past = None;
    }

    fn start_call(&mut self, now: Time, typed: &str, kind: CallKind, out: &mut Vec<Effect>) {
        let (Some(me), None) = (&self.me, &self.call) else { return };
        let peer = typed.trim().to_owned();
        let impossible = match Name::parse(&peer) {
            Err(_) => Some(EndReason::Unavailable),
            Ok(_) if same_name(&peer, &me.name) => Some(EndReason::Yourself),
            // It would ring at some later moment, when nobody expects it any more.
            Ok(_) if self.link.view() != ServerView::Online => Some(EndReason::Offline),
            Ok(_) => None,
        };
        if let Some(reason) = impossible {
            self.notice = Some(Notice { peer, reason });
            return;
        }
        let id = Some(CallId::from_random(self.rng.next()));
        let stage = Stage::Preparing { until: now.plus(DEVICE_PATIENCE_MS) };
        self.begin(Call { id, peer, kind, stage });
        self.media.start(Devices::of(kind), out);
        self.go_on_when_ready(now, false, out);
    }

    /// `call` is now the call.
    fn begin(&mut self, call: Call) {
        self.notice = None;
        self.past = None;
        self.line_refused = false;
        self.call = Some(call);
    }

    fn accept(&mut self, now: Time, camera: bool, out: &mut Vec<Effect>) {
        let Some(mut call) = self.call.take() else { return };
        call.stage = match call.stage {
            Stage::Ringing { offer, .. } => Stage::Accepting { offer, until: now.plus(DEVICE_PATIENCE_MS) },
            other => {
                self.call = Some(Call { stage: other, ..call });
                return;
            }
        };
        let mut wanted = Devices::of(call.kind);
        wanted.camera &= camera;
        self.call = Some(call);
        self.media.start(wanted, out);
        self.go_on_when_ready(now, false, out);
    }

    /// Leaves `Preparing` or `Accepting` once the devices are there, or `anyway`.
    fn go_on_when_ready(&mut self, now: Time, anyway: bool, out: &mut Vec<Effect>) {
        if self.media.starting() && !anyway {
            return;
        }
        let Some(me) = &self.me else { return };
        let ice_servers = me.ice_servers.clone();
        let Some(mut call) = self.call.take() else { return };
        let mut outputs = Vec::new();
        call.stage = match call.stage {
            Stage::Preparing { .. } => {
                self.epochs += 1;
                let expected = Some(Devices::of(call.kind));
                let link =
                    PeerLink::create(self.epochs, false, ice_servers, expected, &self.media, &mut outputs);
                let until = now.plus(CALL_TIMEOUT_MS);
                Stage::Calling { link: Box::new(link), until, offered: false, ringing: false }
            }
            Stage::Accepting { offer, .. } => {
                self.epochs += 1;
                let mut link =
                    PeerLink::create(self.epochs, true, ice_servers, None, &self.media, &mut outputs);
                link.accepted(now);
                link.describe(offer.description, &mut outputs);
                for candidate in offer.candidates {
                    link.candidate(candidate, &mut outputs);
                }
                Stage::Active { link: Box::new(link) }
            }
            other => other,
        };
        self.call = Some(call);
        self.peer_outputs(now, outputs, out);
    }

    fn set_microphone(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        if !self.may_use_devices() {
            return;
        }
        if self.media.enable_microphone(on, out) {
            let muted = self.media.muted();
            self.with_link(now, out, |link, _, out| link.set_muted(muted, out));
        } else if on {
            self.media.start(Devices { microphone: true, camera: false }, out);
        } else {
            self.media.stop(Device::Microphone, out);
            self.go_on_when_ready(now, false, out);
        }
    }

    fn set_camera(&mut self, now: Time, on: bool, out: &mut Vec<Effect>) {
        if !self.may_use_devices() {
            return;
        }
        if on {
            self.media.start(Devices { microphone: false, camera: true }, out);
        } else if self.media.stop(Device::Camera, out) {
            self.send_track(now, Device::Camera, out);
        } else {
            // It was still being opened: perhaps the call was waiting for that.
            self.go_on_when_ready(now, false, out);
        }
    }

    /// Only in a call of one's own making, or one that was accepted.
    fn may_use_devices(&self) -> bool {
        self.call.as_ref().is_some_and(|call| !matches!(call.stage, Stage::Ringing { .. }))
    }

    fn captured(&mut self, now: Time, captured: &Captured, out: &mut Vec<Effect>) {
        let opened = self.media.captured(captured, out);
        for device in DEVICES.into_iter().filter(|&device| opened.has(device)) {
            self.send_track(now, device, out);
        }
        self.go_on_when_ready(now, false, out);
    }

    /// Has the connection, if there is one, send what the device has now.
    fn send_track(&mut self, now: Time, device: Device, out: &mut Vec<Effect>) {
        self.with_link(now, out, |link, media, out| {
            link.set_track(device, media.track(device), out);
            link.set_muted(media.muted(), out);
        });
    }

    fn peer_event(&mut self, now: Time, epoch: u32, event: PeerEvent, out: &mut Vec<Effect>) {
        let current = self.call.as_ref().and_then(Call::link).map(PeerLink::epoch);
        // An event of a connection that is closed: late, and of no consequence.
        if current != Some(epoch) {
            return;
        }
        self.with_link(now, out, |link, _, out| link.handle(now, event, out));
    }

    fn tick(&mut self, now: Time, out: &mut Vec<Effect>) {
        let mut outputs = Vec::new();
        self.link.tick(now, &mut self.rng, &mut outputs);
        self.link_outputs(now, outputs, out);
        match self.call.as_ref().map(|call| &call.stage) {
            Some(Stage::Preparing { until } | Stage::Accepting { until, .. }) if now >= *until => {
                self.go_on_when_ready(now, true, out);
            }
            Some(Stage::Calling { until, .. }) if now >= *until => {
                self.end(now, EndReason::NoAnswer, Some(LeaveReason::NoAnswer), out);
            }
            Some(Stage::Ringing { until, .. }) if now >= *until => {
                self.end(now, EndReason::Missed, Some(LeaveReason::NoAnswer), out);
            }
            _ => {}
        }
        self.with_link(now, out, |link, _, out| link.tick(now, out));
    }

    /// Ends the call, if there is one: everything is released, and the other side is told `tell`.
    fn end(&mut self, now: Time, reason: EndReason, tell: Option<LeaveReason>, out: &mut Vec<Effect>) {
        let Some(call) = self.call.take() else { return };
        // Nobody knows of a call whose offer isn't out.
        let unknown = matches!(call.stage, Stage::Preparing { .. } | Stage::Calling { offered: false, .. });
        let told = tell.filter(|_| !unknown);
        if let Some(reason) = told {
            let (name, id) = (call.peer.clone(), call.id.clone());
            self.say(now, ClientMessage::Leave { name: Some(name), call: id, reason: Some(reason) }, out);
        }
        if let Stage::Calling { link, .. } | Stage::Active { link } = call.stage {
            let conversation = link.close(out);
            if !conversation.lines().is_empty() {
                self.past = Some(PastConversation { peer: call.peer.clone(), conversation });
            }
        }
        self.media.stop_all(out);
        self.forget(call.id);
        self.notice = Some(Notice { peer: call.peer, reason });
    }

    /// The call of this id is over.
    fn forget(&mut self, id: Option<CallId>) {
        self.over.extend(id);
        if self.over.len() > REMEMBERED_CALLS {
            self.over.pop_front();
        }
    }

    /// Runs `step` on the peer connection, if there is one, and carries out what it wants.
    fn with_link(
        &mut self,
        now: Time,
        out: &mut Vec<Effect>,
        step: impl FnOnce(&mut PeerLink, &LocalMedia, &mut Vec<PeerOutput>),
    ) {
        let Some(link) = self.call.as_mut().and_then(Call::link_mut) else { return };
        let mut outputs = Vec::new();
        step(link, &self.media, &mut outputs);
        self.peer_outputs(now, outputs, out);
    }

    fn with_signaling(
        &mut self,
        now: Time,
        out: &mut Vec<Effect>,
        step: impl FnOnce(&mut Link, &mut Vec<LinkOutput>),
    ) {
        let mut outputs = Vec::new();
        step(&mut self.link, &mut outputs);
        self.link_outputs(now, outputs, out);
    }

    fn say(&mut self, now: Time, message: ClientMessage, out: &mut Vec<Effect>) {
        self.with_signaling(now, out, |link, outputs| link.send(message, outputs));
    }

    fn peer_outputs(&mut self, now: Time, outputs: Vec<PeerOutput>, out: &mut Vec<Effect>) {
        for output in outputs {
            match output {
                PeerOutput::Do(effect) => out.push(effect),
                PeerOutput::Describe(description) => self.describe(now, description, out),
                PeerOutput::Candidate(candidate) => {
                    if let Some(call) = &self.call {
                        let (name, call) = (call.peer.clone(), call.id.clone());
                        self.say(now, ClientMessage::Candidate { name, candidate, call }, out);
                    }
                }
                PeerOutput::Failed(reason) => self.end(now, reason, Some(LeaveReason::Failed), out),
            }
        }
    }
}
