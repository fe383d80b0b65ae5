//! Somebody else in a call or room: what they are called, what is said to them, and the peer connection to
//! them.
//!
//! A call has one member and a room many. What is written to a member outlives the connections to them.
//! Nothing in here knows of calls or rooms: what concerns those is raised as a [`MemberEvent`].

mod candidates;
mod description;
mod health;
mod link;
mod negotiation;
mod peer_connection;
mod send_limits;
mod signaling;
mod told;

use tincan_shared::{CallId, Description, FileNotice, IceCandidate, is_guest_address};

use crate::chat::{AuthorId, Chat, ChatEvent, ChatFrame};
use crate::context::{Context, Event, MemberEvent};
use crate::device::{Device, TrackId};
use crate::effect::{Effect, PeerEffect};
use crate::ids::{MemberId, PeerConnectionId};
use crate::input::{PeerEvent, Shown};
use crate::signal::SignalStream;
use crate::time::Time;
use crate::view::{ConnectionView, NoPath, Participant, RemoteMedia};
pub(crate) use link::MemberLink;
use peer_connection::{Output, PeerConnection};
use signaling::PairSignaling;

/// How long one who was said to be writing counts as that without being said so again.
const TYPING_TIMEOUT_MS: u64 = 8_000;
/// The waits before a connection that failed is made anew: doubled from the first to the last, with jitter,
/// since both sides see it fail in the same moment.
const FIRST_RETRY_MS: u64 = 500;
const LAST_RETRY_MS: u64 = 15_000;

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) id: MemberId,
    /// Where the server reaches them: their name, or a guest's address.
    pub(crate) address: String,
    pub(crate) name: String,
    /// Names the way to them on the wire; the next connection in a room has another. `None` where the caller
    /// speaks the classic protocol.
    pub(crate) call: Option<CallId>,
    /// Which of their stays in the room this is.
    pub(crate) stay: u64,
    chat: Chat,
    pub(crate) link: MemberLink,
    /// How many connections in a row have failed.
    failures: u32,
    /// Why the last of them did.
    no_path: NoPath,
    signaling: PairSignaling,
    /// The time of day at which the connection was interrupted last.
    interrupted_at: Time,
    /// What the first offer says of files that it is made for.
    announcement: Option<FileNotice>,
    /// How much of what was written earlier they have passed on, where they were in the room before.
    pub(crate) passed_on: Option<PassedOn>,
    /// They are writing something, until then at the longest.
    typing: Option<Time>,
}

/// How much somebody has passed on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PassedOn {
    pub(crate) lines: usize,
    pub(crate) bytes: usize,
}

/// What a peer connection is made for.
#[derive(Clone, Copy)]
pub(crate) enum Role<'a> {
    /// It makes the first offer, in which it wants to receive these. Anything else is negotiated when it
    /// comes. It is impolite: its offer stands when offers collide.
    Offerer { receive: &'a [Device] },
    /// It answers the first offer, which has begun this stream, and is polite.
    Answerer { stream: Option<u64> },
}

impl Member {
    /// Creates a member to whom nothing leads yet, in a conversation in which one's own lines go by
    /// `lines_by`.
    pub(crate) fn new(
        id: MemberId,
        address: String,
        name: String,
        call: Option<CallId>,
        lines_by: AuthorId,
    ) -> Member {
        Member {
            id,
            address,
            name,
            call,
            stay: 0,
            chat: Chat::new(lines_by, u64::from(id.0)),
            link: MemberLink::None,
            failures: 0,
            no_path: NoPath::NotBegun,
            signaling: PairSignaling::new(),
            interrupted_at: Time::default(),
            announcement: None,
            passed_on: None,
            typing: None,
        }
    }

    /// Where both make a connection anew in the same moment, this side gives way.
    pub(crate) fn give_way(&mut self, gives_way: bool) {
        self.signaling.gives_way = gives_way;
    }

    /// Has the first offer say that it is made for these files.
    pub(crate) fn announce(&mut self, files: Option<FileNotice>) {
        self.announcement = files;
    }

    /// Returns whether they are the guest of a room, and so have signed in by no name.
    pub(crate) fn is_guest(&self) -> bool {
        is_guest_address(&self.address)
    }

    pub(crate) fn peer_connection(&self) -> Option<PeerConnectionId> {
        self.connection().map(PeerConnection::id)
    }

    fn connection(&self) -> Option<&PeerConnection> {
        match &self.link {
            MemberLink::Up(connection) => Some(connection),
            _ => None,
        }
    }

    /// Returns the peer connection, where its data channel is open.
    pub(crate) fn channel(&self) -> Option<PeerConnectionId> {
        self.peer_connection().filter(|_| self.chat.is_open())
    }

    /// Returns whether something of so many bytes can be said to them, now or when a channel opens.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.chat.has_room(bytes)
    }

    pub(crate) fn next_timeout(&self, cx: &Context) -> Option<Time> {
        let link = match &self.link {
            MemberLink::Up(connection) => connection.next_timeout(),
            link => link.until(),
        };
        link.into_iter().chain(self.typing).chain(self.signaling.again_at).chain(self.gone_at(cx)).min()
    }

    pub(crate) fn view(&self) -> Participant {
        let connection = self.connection();
        let view = match &self.link {
            MemberLink::Up(connection) => connection.view(),
            MemberLink::None | MemberLink::AwaitingOffer { .. } | MemberLink::Returning => {
                ConnectionView::Connecting
            }
            MemberLink::AwaitingRenewal { .. } | MemberLink::Failed { .. } => {
                ConnectionView::Failed(self.no_path)
            }
        };
        Participant {
            address: self.address.clone(),
            name: self.name.clone(),
            guest: self.is_guest(),
            reachable: self.is_reachable(),
            away: self.is_away(),
            peer_connection: connection.map(PeerConnection::id),
            connection: match view {
                // After a failure, what is being made is a further try.
                ConnectionView::Connecting if self.failures > 0 => ConnectionView::Failed(self.no_path),
                ConnectionView::Reconnecting { .. } => {
                    ConnectionView::Reconnecting { since: self.interrupted_at }
                }
                view => view,
            },
            weak: connection.is_some_and(PeerConnection::is_weak),
            typing: self.typing.is_some(),
            remote: connection.map_or_else(RemoteMedia::default, PeerConnection::remote),
        }
    }

    /// Makes a peer connection to them, in place of the one there was.
    pub(crate) fn connect(&mut self, cx: &mut Context, role: Role<'_>) {
        self.disconnect(cx);
        self.signaling.begin(match role {
            Role::Answerer { stream: Some(stream) } => SignalStream::answering(stream),
            Role::Answerer { stream: None } | Role::Offerer { .. } => SignalStream::offering(cx.new_stream()),
        });
        let connection = PeerConnection::create(cx, role);
        self.link = MemberLink::Up(Box::new(connection));
        self.tell_muted(cx);
        self.tell_sent(cx);
    }

    /// Closes the peer connection, if there is one. What was not heard over it is said on the next.
    pub(crate) fn disconnect(&mut self, cx: &mut Context) {
        if let MemberLink::Up(connection) = std::mem::replace(&mut self.link, MemberLink::None) {
            connection.close(cx);
            self.chat.closed();
            self.typing = None;
        }
    }

    /// The connection is beyond repair, or never came about: another is tried after a while.
    pub(crate) fn fail(&mut self, cx: &mut Context) {
        self.no_path = self.why_no_path(cx);
        self.disconnect(cx);
        let wait = (FIRST_RETRY_MS << self.failures.min(10)).min(LAST_RETRY_MS);
        self.failures += 1;
        self.link = MemberLink::Failed { retry_at: cx.now.plus(wait + cx.random.below(wait)) };
    }

    /// Returns why there is no way to them, if there is none.
    pub(crate) fn why_no_path(&self, cx: &Context) -> NoPath {
        self.connection().map_or(NoPath::NotBegun, |connection| connection.why_no_path(cx))
    }

    /// They have accepted, or were accepted: from now on the connection is expected to come about.
    pub(crate) fn accepted(&mut self, cx: &mut Context) {
        self.with_connection(cx, PeerConnection::accepted);
    }

    /// They sent a description.
    pub(crate) fn describe(&mut self, cx: &mut Context, description: Description) {
        self.with_connection(cx, |connection, cx| connection.describe(cx, description));
    }

    /// They sent a candidate.
    pub(crate) fn candidate(&mut self, cx: &mut Context, candidate: Option<IceCandidate>) {
        self.with_connection(cx, |connection, cx| connection.candidate(cx, candidate));
    }

    /// Something that was said to them was not passed on, because too much waits for them.
    pub(crate) fn undelivered(&mut self, cx: &mut Context) {
        self.with_connection(cx, |connection, cx| connection.undelivered(cx.now));
        self.signaling.undelivered(cx.now);
    }

    /// Something happened to the peer connection.
    pub(crate) fn handle(&mut self, cx: &mut Context, event: PeerEvent) {
        match event {
            PeerEvent::ChannelOpen { max_message_bytes } => {
                self.converse(cx, |chat, out| chat.opened(max_message_bytes, out));
                self.channel_opened(cx);
            }
            PeerEvent::ChannelClosed => {
                self.chat.closed();
                self.typing = None;
                self.with_connection(cx, |connection, cx| connection.channel_closed(cx.now));
            }
            event => self.with_connection(cx, |connection, cx| connection.handle(cx, event)),
        }
    }

    /// They said something over the data channel.
    pub(crate) fn hear(&mut self, cx: &mut Context, frame: ChatFrame) {
        let Some(event) = self.converse(cx, |chat, out| chat.message(frame, out)) else { return };
        match event {
            ChatEvent::Typing(on) => self.typing = on.then(|| cx.now.plus(TYPING_TIMEOUT_MS)),
            ChatEvent::Muted(muted) => {
                self.with_connection(cx, |connection, _| connection.remote_is_muted(muted));
            }
            ChatEvent::Sent { camera, screen } => {
                self.with_connection(cx, |connection, _| connection.remote_sends(camera, screen));
            }
            ChatEvent::Shown { camera, screen } => {
                self.with_connection(cx, |connection, _| connection.remote_shows(camera, screen));
            }
            event => cx.raise(Event::Member { id: self.id, event: MemberEvent::Said(event) }),
        }
    }

    pub(crate) fn tick(&mut self, cx: &mut Context) {
        self.typing = self.typing.filter(|until| cx.now < *until);
        self.with_connection(cx, PeerConnection::tick);
        self.say_again_if_due(cx);
    }

    /// Sends this track of a device to them, or none.
    pub(crate) fn set_track(&mut self, cx: &mut Context, device: Device) {
        let track = cx.media.track(device);
        self.tell_sent(cx);
        self.with_connection(cx, |connection, cx| connection.set_track(cx, device, track));
    }

    /// The track has ended, and another will take its place.
    pub(crate) fn track_ended(&mut self, cx: &mut Context, track: TrackId) {
        self.with_connection(cx, |connection, _| connection.track_ended(track));
    }

    /// Sends pictures as well as they should be sent among so many people.
    pub(crate) fn limit_sending(&mut self, cx: &mut Context, people: usize) {
        self.with_connection(cx, |connection, cx| connection.limit_sending(cx, people));
    }

    /// Has the peer connection look for ways as is said now.
    pub(crate) fn set_ice(&self, cx: &mut Context) {
        if let Some(id) = self.peer_connection() {
            let settings = cx.ice_settings();
            cx.act(Effect::Peer { id, effect: PeerEffect::SetIce(settings) });
        }
    }

    pub(crate) fn tell_muted(&mut self, cx: &mut Context) {
        let muted = cx.media.muted();
        self.converse(cx, |chat, out| chat.set_muted(muted, out));
    }

    /// Tells them which pictures are sent: at once, and not when the descriptions have said so.
    fn tell_sent(&mut self, cx: &mut Context) {
        let [camera, screen] = [Device::Camera, Device::Screen].map(|it| cx.media.track(it).is_some());
        self.converse(cx, |chat, out| chat.set_sends(camera, screen, out));
    }

    /// Tells them how large their pictures are shown here.
    pub(crate) fn tell_shown(&mut self, cx: &mut Context, shown: &Shown) {
        self.converse(cx, |chat, out| chat.set_shows(shown.camera, shown.screen, out));
    }

    /// Runs `step` on what is said to them, and sends what comes of it. While no channel is open, nothing
    /// does: what is not to be lost waits for the next.
    pub(crate) fn converse<T>(
        &mut self,
        cx: &mut Context,
        step: impl FnOnce(&mut Chat, &mut Vec<String>) -> T,
    ) -> T {
        let mut texts = Vec::new();
        let result = step(&mut self.chat, &mut texts);
        self.send_texts(cx, texts);
        result
    }

    // Not inlined, as the others below: there would be a copy for each `step`, in what every page loads.
    #[inline(never)]
    fn send_texts(&self, cx: &mut Context, texts: Vec<String>) {
        if let Some(id) = self.peer_connection() {
            for text in texts {
                cx.act(Effect::Peer { id, effect: PeerEffect::SendText(text) });
            }
        }
    }

    /// Runs `step` on the peer connection, if there is one, and passes on what it wants said.
    fn with_connection(&mut self, cx: &mut Context, step: impl FnOnce(&mut PeerConnection, &mut Context)) {
        if let Some(connection) = self.prepare_connection(cx) {
            step(connection, cx);
            self.pass_on_outputs(cx);
        }
    }

    #[inline(never)]
    fn prepare_connection(&mut self, cx: &Context) -> Option<&mut PeerConnection> {
        let (can_ask, can_renew) = (self.can_ask(), self.is_renewable() && self.can_renew(cx));
        let MemberLink::Up(connection) = &mut self.link else { return None };
        connection.can(can_ask, can_renew);
        Some(connection)
    }

    #[inline(never)]
    fn pass_on_outputs(&mut self, cx: &mut Context) {
        while let MemberLink::Up(connection) = &mut self.link
            && let Some(output) = connection.poll()
        {
            match output {
                Output::Describe(description) => self.tell_description(cx, description),
                Output::Candidate(candidate) => self.tell_candidate(cx, candidate),
                Output::DescribeAgain(description) => self.tell_description_again(cx, description),
                Output::CandidateAgain(candidate) => self.tell_candidate_again(cx, candidate),
                Output::Ask => self.ask(cx),
                Output::RequestRestart => self.request_restart(cx),
                Output::Connected => {
                    self.failures = 0;
                    self.signaling.met();
                }
                Output::Interrupted => {
                    let since = connection.interrupted_since().unwrap_or(cx.now);
                    self.interrupted_at = cx.clock.wall_time(since);
                    self.say_again(cx);
                }
                Output::Failed(reason) => {
                    let event = MemberEvent::Failed { peer_connection: connection.id(), reason };
                    cx.raise(Event::Member { id: self.id, event });
                }
            }
        }
    }
}
