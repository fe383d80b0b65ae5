//! Calls and rooms: who is with whom, how that begins and how it ends. See [`Session`].

mod call;
mod calling;
mod chatting;
mod devices;
mod limits;
mod room;
mod sharing;
mod signaling;
mod visiting;

use std::collections::VecDeque;

use tincan_shared::{CallId, ClientMessage, Description, IceServer, LeaveReason, Name};

use crate::chat::Conversation;
use crate::effect::{Effect, PeerEffect};
use crate::files::{FileInput, FileMachine};
use crate::input::{Captured, Device, Devices, Input, Intent, PeerEvent, Shown, TrackId};
use crate::link::{Link, LinkOutput};
use crate::media::LocalMedia;
use crate::peer::{PeerLink, PeerOutput};
use crate::rng::{Rng, Secrets, Seed};
use crate::time::Time;
use crate::view::{
    CallKind, CallingStage, ConnectionView, EndReason, Meeting, Notice, Participant, PastConversation, Place,
    Screen, ServerView, StartProblem, View,
};
use call::{Call, Letters, Offer, Stage};
use chatting::Typing;
use limits::BusyBudget;
use room::{Member, Visit};
use sharing::Sharer;

/// How long a call rings before it counts as not answered, in milliseconds.
pub const CALL_TIMEOUT_MS: u64 = 45_000;
/// How much longer the callee waits for the caller to say so.
const RING_MARGIN_MS: u64 = 10_000;
/// How long a call waits for the devices (the browser may be asking for permission) before it goes on without.
/// They join when they come.
const DEVICE_PATIENCE_MS: u64 = 10_000;

/// What [`Conversation`] calls the other side of a call.
const ONLY_ONE: u32 = 0;
/// How many calls that are over are remembered. What is late comes within a call or two, or within one stay in the
/// largest room that a server has.
const REMEMBERED_CALLS: usize = 128;

/// One user's state, in one page.
#[derive(Debug)]
pub struct Session {
    letters: Letters,
    rng: Rng,
    secrets: Secrets,
    busy: BusyBudget,
    link: Link,
    media: LocalMedia,
    me: Option<Account>,
    problem: Option<StartProblem>,
    /// Never at the same time as a visit.
    call: Option<Call>,
    /// A room that one stands before or is in.
    visit: Option<Visit>,
    /// The last calls that are over. An offer of one of them was under way when it ended: it must not ring.
    over: VecDeque<CallId>,
    last_ring: Option<signaling::LastRing>,
    /// How the last call ended, until it was read.
    notice: Option<Notice>,
    /// What was written in the last call, if anything was.
    past: Option<PastConversation>,
    line_refused: bool,
    typing: Option<Typing>,
    /// `None` until the page has it.
    files: Option<Box<dyn FileMachine>>,
    /// Everyone whom the files know of.
    sharing: Vec<Sharer>,
    epochs: u32,
}

/// What the server said at sign-in.
#[derive(Debug)]
struct Account {
    /// Where one is reached: the name, or a guest's address.
    address: String,
    display_name: String,
    /// Of the room that is visited. Otherwise the name is one's own on the whole server.
    guest: bool,
    ice_servers: Vec<IceServer>,
}

impl Session {
    /// A session in which nobody is signed in. Two sessions must not have the same `seed`, and nobody must be able
    /// to guess its `secret`.
    pub fn new(Seed { seed, secret, lower_case }: Seed) -> Session {
        Session {
            letters: Letters { lower_case },
            rng: Rng::new(seed),
            secrets: Secrets::new(secret),
            busy: BusyBudget::default(),
            link: Link::new(),
            media: LocalMedia::new(),
            me: None,
            problem: None,
            call: None,
            visit: None,
            over: VecDeque::new(),
            last_ring: None,
            notice: None,
            past: None,
            line_refused: false,
            typing: None,
            files: None,
            sharing: Vec::new(),
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
            Input::TrackEnded(track) => self.track_ended(now, track, &mut out),
            Input::File(input) => {
                self.about_files(now, input, &mut out);
            }
            Input::Tick => self.tick(now, &mut out),
        }
        self.limit_sending(now, &mut out);
        self.attend_to_files(now, &mut out);
        out
    }

    /// When [`Input::Tick`] is due at the latest.
    pub fn next_timeout(&self) -> Option<Time> {
        let call = self.call.as_ref().and_then(Call::next_timeout);
        let visit = self.visit.as_ref().and_then(Visit::next_timeout);
        let typing = self.typing.map(|typing| typing.until);
        let files = self.files.as_ref().and_then(|files| files.next_timeout());
        self.link.next_timeout().into_iter().chain(call).chain(visit).chain(typing).chain(files).min()
    }

    /// What the screen shows.
    pub fn view(&self) -> View {
        let transfers = self.files.as_ref().map(|files| files.view()).unwrap_or_default();
        let file_refused = self.files.as_ref().and_then(|files| files.refused());
        View { server: self.link.view(), screen: self.screen(), transfers, file_refused }
    }

    fn screen(&self) -> Screen {
        if let Some(visit) = &self.visit {
            return self.visit_screen(visit);
        }
        let Some(account) = &self.me else {
            let signing_in = self.link.view() != ServerView::Idle;
            return Screen::Start { signing_in, problem: self.problem.clone() };
        };
        let Some(call) = &self.call else {
            return Screen::Home {
                me: account.display_name.clone(),
                notice: self.notice.clone(),
                past: self.past.clone(),
            };
        };
        let (peer, kind, local) = (call.peer.clone(), call.kind, self.media.view());
        let calling = |stage| Screen::Calling { peer: peer.clone(), kind, stage, local };
        match &call.stage {
            Stage::Preparing { .. } => calling(CallingStage::Preparing),
            Stage::Calling { ringing: true, .. } => calling(CallingStage::Ringing),
            Stage::Calling { .. } => calling(CallingStage::Calling),
            Stage::Ringing { .. } => Screen::Incoming { peer, kind, files: call.announced.clone() },
            Stage::Accepting { .. } | Stage::Active { .. } => {
                let link = call.link();
                let other = Participant {
                    address: peer.clone(),
                    name: peer,
                    epoch: link.map(PeerLink::epoch),
                    connection: link.map_or(ConnectionView::Connecting, PeerLink::view),
                    weak: link.is_some_and(PeerLink::is_weak),
                    typing: link.is_some_and(PeerLink::is_typing),
                    remote: link.map(PeerLink::remote).unwrap_or_default(),
                };
                Screen::Meeting(Meeting {
                    place: Place::Call { kind },
                    me: account.display_name.clone(),
                    local,
                    others: vec![other],
                    conversation: call.conversation.clone(),
                    line_refused: self.line_refused,
                    offers_earlier: false,
                })
            }
        }
    }

    fn intent(&mut self, now: Time, intent: Intent, out: &mut Vec<Effect>) {
        match intent {
            Intent::SignIn { name } => self.sign_in(now, &name, out),
            Intent::SignOut => {
                self.sign_out(now, out);
                self.about_files(now, FileInput::Forget, out);
            }
            Intent::Call { name, kind } => self.start_call(now, &name, kind, out),
            Intent::CallWithFiles { name, files } => self.call_with_files(now, &name, files, out),
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
            Intent::OpenRoom { room, devices } => self.open_room(&room, devices, out),
            Intent::JoinRoom { name } => self.join_room(now, &name, out),
            Intent::LeaveRoom => self.leave_room(now, out),
            Intent::Send { text, reply } => self.write(now, &text, reply, out),
            Intent::Edit { line, text } => self.edit(now, line, &text, out),
            Intent::Retract { line } => self.retract(now, line, out),
            Intent::React { line, emoji } => self.react(now, line, &emoji, out),
            Intent::Typing => self.type_on(now, out),
            Intent::OfferEarlier(on) => self.offer_earlier(now, on, out),
            Intent::File(intent) => self.file_intent(now, intent, out),
            Intent::SetMicrophone(on) => self.set_microphone(now, on, out),
            Intent::SetCamera(on) => self.set_camera(now, on, out),
            Intent::SetScreen(on) => self.set_screen(now, on, out),
            Intent::Configure(settings) => self.configure(settings, out),
            Intent::Show(shown) => self.show(now, &shown, out),
            Intent::DismissNotice => {
                self.notice = None;
                self.media.dismiss_note();
                if let Some(visit) = &mut self.visit {
                    visit.missed = None;
                    visit.wished.clear();
                }
            }
            Intent::Leave => self.sign_out(now, out),
        }
    }

    fn sign_in(&mut self, now: Time, typed: &str, out: &mut Vec<Effect>) {
        if self.me.is_some() || self.visit.is_some() {
            return;
        }
        self.notice = None;
        self.past = None;
        match Name::parse(typed) {
            Ok(name) => {
                self.problem = None;
                let token = self.secrets.next();
                self.with_signaling(now, out, |link, outputs| link.sign_in(now, name, None, token, outputs));
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
        self.forget_visit(out);
        self.with_signaling(now, out, |link, outputs| link.close(outputs));
        self.me = None;
        self.problem = None;
        self.notice = None;
        self.past = None;
    }

    fn show(&mut self, now: Time, shown: &[Shown], out: &mut Vec<Effect>) {
        for one in shown {
            self.with_peer(now, one.epoch, out, |link, _, out| link.set_shows(one, out));
        }
    }

    /// Sends to everyone as well as the number of people and what they show allow.
    fn limit_sending(&mut self, now: Time, out: &mut Vec<Effect>) {
        let others = self.visit.as_ref().map_or(1, |visit| visit.members.len());
        for epoch in self.epochs() {
            self.with_peer(now, epoch, out, |link, _, out| link.limit_sending(others + 1, out));
        }
    }

    fn peer_event(&mut self, now: Time, epoch: u32, event: PeerEvent, out: &mut Vec<Effect>) {
        if let PeerEvent::ChannelMessage(text) = &event
            && self.file_frame(now, epoch, text, out)
        {
            return;
        }
        // One of a connection that is closed finds none: late, and of no consequence.
        self.with_peer(now, epoch, out, |link, _, out| link.handle(now, event, out));
    }

    fn tick(&mut self, now: Time, out: &mut Vec<Effect>) {
        let mut outputs = Vec::new();
        self.link.tick(now, &mut self.rng, &mut outputs);
        self.link_outputs(now, outputs, out);
        self.tick_typing(now, out);
        self.about_files(now, FileInput::Tick, out);
        self.tick_call(now, out);
        self.tick_room(now, out);
        for epoch in self.epochs() {
            self.with_peer(now, epoch, out, |link, _, out| link.tick(now, out));
        }
    }

    /// The peer connections that there are.
    fn epochs(&self) -> Vec<u32> {
        let call = self.call.as_ref().and_then(Call::link);
        let room = self.visit.iter().flat_map(Visit::links);
        call.into_iter().chain(room).map(PeerLink::epoch).collect()
    }

    /// Runs `step` on a peer connection, if it is still there, and carries out what it wants.
    fn with_peer(
        &mut self,
        now: Time,
        epoch: u32,
        out: &mut Vec<Effect>,
        step: impl FnOnce(&mut PeerLink, &LocalMedia, &mut Vec<PeerOutput>),
    ) {
        let call = self.call.as_mut().and_then(Call::link_mut).filter(|link| link.epoch() == epoch);
        let member = self.visit.as_mut().and_then(|visit| visit.linked(epoch));
        let Some(link) = call.or_else(|| member.and_then(Member::link_mut)) else { return };
        let mut outputs = Vec::new();
        step(link, &self.media, &mut outputs);
        self.peer_outputs(now, epoch, outputs, out);
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

    fn peer_outputs(&mut self, now: Time, epoch: u32, outputs: Vec<PeerOutput>, out: &mut Vec<Effect>) {
        for output in outputs {
            match output {
                PeerOutput::Do(effect) => out.push(effect),
                PeerOutput::Describe(description) => self.describe(now, epoch, description, out),
                PeerOutput::Candidate(candidate) => {
                    if let Some((name, call)) = self.way_to(epoch) {
                        self.say(now, ClientMessage::Candidate { name, candidate, call }, out);
                    }
                }
                PeerOutput::Hello(by) => self.introduce(epoch, by),
                PeerOutput::Post(post) => self.hear(now, epoch, post),
                PeerOutput::Delivered(line) => self.delivered(epoch, line),
                PeerOutput::Offers(on) => self.hear_offers(now, epoch, on),
                PeerOutput::Connected => {
                    if let Some(member) = self.visit.as_mut().and_then(|visit| visit.linked(epoch)) {
                        member.connected();
                    }
                }
                PeerOutput::Failed(_) if self.visit.is_some() => self.fail_member(now, epoch, out),
                PeerOutput::Failed(reason) => self.end(now, reason, Some(LeaveReason::Failed), out),
            }
        }
    }

    /// Whom, and as what call, the peer connection is said to on the wire.
    fn way_to(&mut self, epoch: u32) -> Option<(String, Option<CallId>)> {
        if let Some(visit) = &mut self.visit {
            return visit.linked(epoch).map(|member| (member.address.clone(), Some(member.call.clone())));
        }
        let call = self.call.as_ref().filter(|call| call.link().is_some_and(|link| link.epoch() == epoch))?;
        Some((call.peer.clone(), call.id.clone()))
    }
}
