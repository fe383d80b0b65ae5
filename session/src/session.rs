//! The session: takes inputs, hands them to where one is, and returns effects.

use std::mem;

use tincan_shared::{CallId, ErrorCode, LeaveReason, LoginRefusal, Name, ServerMessage, decode_signal};

use crate::call::{Call, IncomingOffer, release};
use crate::context::{Account, Context, Event};
use crate::device::Devices;
use crate::effect::Effect;
use crate::envelope::{self, ChannelFrame};
use crate::file_sharing::FileSharing;
use crate::files::{FileInput, FileMachine, SourceFile};
use crate::ids::PeerConnectionId;
use crate::input::{Input, Intent, PeerEvent, SignalingEvent};
use crate::local_devices;
use crate::member::Member;
use crate::names::Names;
use crate::place::{Home, Place};
use crate::random::Random;
use crate::room::{Leaving, Room, forget_members};
use crate::signaling::ServerEvent;
use crate::time::Time;
use crate::view::{CallKind, EndReason, Kept, Notice, Screen, ServerView, StartProblem, View};

/// One user's state, in one page.
#[derive(Debug)]
pub struct Session {
    cx: Context,
    place: Place,
    /// Why nobody is signed in.
    problem: Option<StartProblem>,
    files: FileSharing,
}

impl Session {
    /// Creates a session in which nobody is signed in.
    ///
    /// `random` returns 128 bits that nobody can foresee; in a page from the browser's cryptographic
    /// randomness. `lower_case` is Unicode's lower case of a text.
    pub fn new(random: Box<dyn FnMut() -> u128>, lower_case: fn(&str) -> String) -> Session {
        Session {
            cx: Context::new(Random::new(random), Names::new(lower_case)),
            place: Place::default(),
            problem: None,
            files: FileSharing::default(),
        }
    }

    /// From now on there can be files. The machine is told of what is there already.
    pub fn share_files(&mut self, machine: Box<dyn FileMachine>) {
        self.files.start(machine);
    }

    /// Takes note of `input`, which happened at `now`. Returns what is to be done, in this order.
    pub fn handle(&mut self, now: Time, input: Input) -> Vec<Effect> {
        let (time, slept) = self.cx.clock.pass(now, self.next_deadline());
        self.cx.now = time;
        match input {
            Input::Intent(intent) => self.intent(intent),
            Input::Signaling { generation, event } => {
                if matches!(event, SignalingEvent::Opened) {
                    self.cx.signaling.claim(self.place.claims());
                }
                self.cx.with_signaling(|signaling, env| signaling.handle(generation, event, env));
            }
            Input::Peer { id, event } => self.peer_event(id, event),
            Input::Captured(captured) => local_devices::captured(&mut self.cx, &mut self.place, &captured),
            Input::TrackEnded(track) => local_devices::track_ended(&mut self.cx, &mut self.place, track),
            Input::TrackMuted { track, muted } => {
                local_devices::track_muted(&mut self.cx, &mut self.place, track, muted);
            }
            Input::PageShown => self.cx.media.page_shown(time),
            Input::NetworkChanged => self.look_again(),
            Input::File(input) => {
                self.files.handle(&mut self.cx, input);
            }
            Input::Tick => {
                self.cx.with_signaling(|signaling, env| signaling.tick(env));
                self.place.tick(&mut self.cx);
                local_devices::tick(&mut self.cx, &mut self.place);
                self.files.handle(&mut self.cx, FileInput::Tick);
            }
        }
        if slept {
            self.look_again();
        }
        while let Some(event) = self.cx.next_event() {
            self.event(event);
        }
        let people = self.place.members().len() + 1;
        for member in self.place.members_mut() {
            member.limit_sending(&mut self.cx, people);
        }
        self.files.follow(&mut self.cx, &mut self.place);
        mem::take(&mut self.cx.effects)
    }

    /// Looks whether what worked still works.
    fn look_again(&mut self) {
        self.cx.with_signaling(|signaling, env| signaling.look_again(env));
        self.place.members_mut().iter_mut().for_each(|member| member.look_again(&mut self.cx));
    }

    /// Returns when [`Input::Tick`] is due at the latest.
    pub fn next_timeout(&self) -> Option<Time> {
        self.next_deadline().map(|deadline| self.cx.clock.wall_time(deadline))
    }

    fn next_deadline(&self) -> Option<Time> {
        let Session { cx, place, files, .. } = self;
        let timeouts = [
            cx.signaling.next_timeout(),
            cx.media.next_timeout(),
            place.next_timeout(cx),
            files.next_timeout(),
        ];
        timeouts.into_iter().flatten().min()
    }

    /// Returns what the screen shows.
    pub fn view(&self) -> View {
        let server = self.cx.signaling.view();
        let screen = match &self.place {
            Place::Nowhere(_) if self.cx.account.is_none() => {
                Screen::Start { signing_in: server != ServerView::Idle, problem: self.problem.clone() }
            }
            place => place.screen(&self.cx),
        };
        let (transfers, file_refused) = (self.files.view(), self.files.refused());
        View { server, screen, transfers, file_refused, kept: self.kept() }
    }

    /// Returns what a page after this one needs to be who this one is.
    fn kept(&self) -> Option<Kept> {
        let (token, ticket) = self.cx.signaling.credentials()?;
        let call = match &self.place {
            Place::Call(call) => call.kept(&self.cx),
            Place::Nowhere(_) | Place::Room(_) => None,
        };
        let over = self.cx.over.last().cloned();
        Some(Kept { token: token.to_owned(), ticket: ticket.map(str::to_owned), call, over })
    }

    fn intent(&mut self, intent: Intent) {
        let Session { cx, place, .. } = self;
        match intent {
            Intent::Remember(kept) => cx.kept = Some(kept),
            Intent::SignIn { name } => self.sign_in(&name),
            Intent::SignOut => {
                self.sign_out();
                self.files.handle(&mut self.cx, FileInput::Forget);
            }
            Intent::Leave => match place {
                Place::Call(call) if call.outlives_the_page() => {
                    call.member.say_away(cx);
                    cx.with_signaling(|signaling, env| signaling.suspend(env));
                }
                _ => self.sign_out(),
            },
            Intent::Call { name, kind } => self.call(&name, kind, Vec::new()),
            Intent::CallWithFiles { name, files } => self.call(&name, CallKind::Text, files),
            Intent::OpenRoom { room, devices } => self.open_room(&room, devices),
            Intent::LeaveRoom => self.leave_room(),
            Intent::OfferFile { file, to } => self.files.offer(cx, place, file, &to),
            Intent::File(intent) => self.files.handle(cx, FileInput::Intent(intent)),
            Intent::SetMicrophone(on) => local_devices::set_microphone(cx, place, on),
            Intent::SetCamera(on) => local_devices::set_camera(cx, place, on),
            Intent::SetScreen(on) => local_devices::set_screen(cx, place, on),
            Intent::Configure(settings) => cx.media.configure(settings, &mut cx.effects),
            Intent::SetRelayOnly(on) => {
                if std::mem::replace(&mut cx.relay_only, on) != on {
                    place.members_mut().iter().for_each(|member| member.set_ice(cx));
                }
            }
            Intent::Show(shown) => {
                for one in shown {
                    if let Some(member) = place.member_at(one.peer_connection) {
                        member.tell_shown(cx, &one);
                    }
                }
            }
            Intent::DismissNotice => {
                cx.media.dismiss_note();
                match place {
                    Place::Nowhere(home) => home.notice = None,
                    Place::Call(_) => {}
                    Place::Room(room) => room.dismiss_notes(),
                }
            }
            intent => place.intent(cx, intent),
        }
    }

    fn sign_in(&mut self, typed: &str) {
        let Place::Nowhere(home) = &mut self.place else { return };
        if self.cx.account.is_some() {
            return;
        }
        *home = Home::default();
        match Name::parse(typed) {
            Ok(name) => {
                self.problem = None;
                if let Some(call) = self.cx.sign_in(name, None) {
                    self.place = Place::Call(Box::new(Call::returning(&mut self.cx, call)));
                }
            }
            Err(error) => {
                self.problem =
                    Some(StartProblem::Refused { name: typed.trim().to_owned(), reason: error.into() });
            }
        }
    }

    fn sign_out(&mut self) {
        if let Place::Call(call) = &self.place {
            let tell = call.farewell();
            self.place.end_call(&mut self.cx, EndReason::HungUpByMe, Some(tell));
        }
        self.place.close_room(&mut self.cx);
        self.cx.with_signaling(|signaling, env| signaling.close(env));
        self.cx.account = None;
        self.problem = None;
        self.place = Place::default();
    }

    /// Calls somebody, perhaps in order to send them files.
    fn call(&mut self, typed: &str, kind: CallKind, files: Vec<SourceFile>) {
        let cx = &mut self.cx;
        let Place::Nowhere(home) = &mut self.place else { return release(cx, &files) };
        if cx.account.is_none() {
            return release(cx, &files);
        }
        let peer = typed.trim();
        match Call::outgoing(cx, peer, kind) {
            Ok(mut call) => {
                call.bring(files);
                call.keep(home.past.take());
                self.place = Place::Call(Box::new(call));
            }
            Err(reason) => {
                home.notice = Some(Notice { peer: peer.to_owned(), reason });
                release(cx, &files);
            }
        }
    }

    fn open_room(&mut self, typed: &str, devices: Devices) {
        let free = match &self.place {
            Place::Nowhere(_) => true,
            Place::Call(_) => false,
            Place::Room(room) => !room.is_inside(),
        };
        let signing_in = self.cx.account.is_none() && self.cx.signaling.view() != ServerView::Idle;
        if free && !signing_in {
            self.problem = None;
            self.place = Place::Room(Box::new(Room::open(&mut self.cx, typed, devices)));
        }
    }

    fn leave_room(&mut self) {
        self.place = match mem::take(&mut self.place) {
            Place::Room(room) => match room.leave(&mut self.cx) {
                Leaving::Lobby(room) => Place::Room(Box::new(room)),
                Leaving::Gone(past) => Place::Nowhere(Home { notice: None, past }),
            },
            other => other,
        };
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Server(event) => self.server_event(event),
            Event::Member { id, event } => self.place.member_event(&mut self.cx, id, event),
            Event::CallEnds { with, reason, tell } => {
                if matches!(&self.place, Place::Call(call) if call.member.id == with) {
                    self.place.end_call(&mut self.cx, reason, tell);
                }
            }
        }
    }

    fn server_event(&mut self, event: ServerEvent) {
        let Session { cx, place, .. } = self;
        match event {
            ServerEvent::SignedIn { name, display_name, ice_servers } => {
                self.problem = None;
                let guest = display_name.is_some();
                let display_name = display_name.unwrap_or_else(|| name.clone());
                cx.account = Some(Account { address: name, display_name, guest, ice_servers });
                for member in place.members_mut() {
                    member.set_ice(cx);
                    member.say_again(cx);
                }
            }
            ServerEvent::Refused { name, reason } => self.refused(name, reason),
            // What is connected goes on without a server. Nobody answers, or is answered, without one.
            ServerEvent::GaveUp => {
                if matches!(place, Place::Call(call) if !call.outlives_the_server()) {
                    place.end_call(cx, EndReason::ServerLost, Some(LeaveReason::Lost));
                }
            }
            ServerEvent::Reset => place.forgotten(cx),
            ServerEvent::Message(message) => self.message(message),
        }
    }

    /// The name is not to be had, or not any more.
    fn refused(&mut self, name: String, reason: LoginRefusal) {
        let cx = &mut self.cx;
        match &mut self.place {
            Place::Room(room) if !cx.is_signed_in() => room.refuse_guest(cx, name, reason),
            place => {
                place.end_call(cx, EndReason::ServerLost, None);
                place.close_room(cx);
                cx.account = None;
                self.problem = Some(StartProblem::Refused { name, reason });
            }
        }
    }

    fn message(&mut self, message: ServerMessage) {
        let Session { cx, place, .. } = self;
        match message {
            ServerMessage::Offer { offer: description, name, call, files, stream } => {
                place.offered(cx, IncomingOffer { description, name, call, files, stream });
            }
            ServerMessage::Answer { answer, name, call, stream } => match place {
                Place::Call(it) if it.is_spoken_to(cx, name.as_deref(), call.as_ref()) => {
                    it.answered(cx, answer, name, stream);
                }
                place => {
                    if let Some(member) = in_room(place, call.as_ref()) {
                        member.answered(cx, answer, stream);
                    }
                }
            },
            ServerMessage::Candidate { candidate, name, call } => match place {
                Place::Call(it) if it.is_spoken_to(cx, name.as_deref(), call.as_ref()) => {
                    it.candidate(cx, candidate);
                }
                place => {
                    if let Some(member) = in_room(place, call.as_ref()) {
                        member.candidate(cx, candidate);
                    }
                }
            },
            ServerMessage::Leave { name, call, reason } => {
                if let Place::Call(it) = place
                    && it.concerns(cx, name.as_deref(), call.as_ref())
                {
                    it.left(cx, reason);
                }
            }
            ServerMessage::Ringing { name, call } => {
                if let Place::Call(it) = place
                    && it.member.call.as_ref() == Some(&call)
                {
                    it.rings_there(name);
                }
            }
            ServerMessage::Error { code: Some(ErrorCode::QueueFull), call: Some(call), .. } => {
                let members = place.members_mut().iter_mut();
                if let Some(member) = members.into_iter().find(|it| it.call.as_ref() == Some(&call)) {
                    member.undelivered(cx);
                }
            }
            ServerMessage::Error { code: Some(ErrorCode::Unavailable), call: Some(call), .. } => {
                match place {
                    Place::Nowhere(_) => {}
                    Place::Call(it) if it.concerns(cx, None, Some(&call)) => it.undelivered(cx),
                    Place::Call(_) => {}
                    Place::Room(room) => room.undelivered(cx, &call),
                }
            }
            ServerMessage::Signal { name, call, signal } => match place.member_in_call(cx, &name, &call) {
                Some(member) => {
                    if let Some(frame) = decode_signal(&signal) {
                        member.hear_signal(cx, frame);
                    }
                }
                None => _ = cx.is_over(&name, &call),
            },
            ServerMessage::Reachable { name, call } => {
                if let Some(member) = place.member_in_call(cx, &name, &call) {
                    member.known_to_server(cx);
                }
            }
            ServerMessage::Room(answer) => match place {
                Place::Room(room) => room.entered(cx, answer),
                Place::Nowhere(_) | Place::Call(_) => forget_members(cx, answer),
            },
            ServerMessage::Joined(member) => match place {
                Place::Room(room) => room.joined(cx, member),
                Place::Nowhere(_) | Place::Call(_) => cx.over.extend([member.call]),
            },
            ServerMessage::Left { name, call, reason } => {
                if let Place::Room(room) = place {
                    room.left(cx, &name, &call, reason);
                }
            }
            ServerMessage::Renamed { name, display_name } => {
                if let Place::Room(room) = place {
                    room.renamed(cx, &name, display_name);
                }
            }
            // Signaling keeps these to itself; no other error ends anything.
            ServerMessage::Error { .. } | ServerMessage::Login(_) | ServerMessage::Pong => {}
        }
    }

    fn peer_event(&mut self, id: PeerConnectionId, event: PeerEvent) {
        // One of a connection that is closed finds none: late, and of no consequence.
        let Some(member) = self.place.member_at(id) else { return };
        let cx = &mut self.cx;
        match event {
            PeerEvent::ChannelMessage(text) => {
                member.heard(cx);
                match envelope::decode(text) {
                    Some(ChannelFrame::Chat(frame)) => member.hear(cx, frame),
                    Some(ChannelFrame::Signal(frame)) => member.hear_signal(cx, frame),
                    Some(ChannelFrame::File(text)) => self.files.hear(cx, member.id, text),
                    None => {}
                }
            }
            event => member.handle(cx, event),
        }
    }
}

/// Returns the member of a room to whom the way is this call.
fn in_room<'a>(place: &'a mut Place, call: Option<&CallId>) -> Option<&'a mut Member> {
    match place {
        Place::Room(room) => room.stay_mut()?.in_call(call?),
        Place::Nowhere(_) | Place::Call(_) => None,
    }
}
