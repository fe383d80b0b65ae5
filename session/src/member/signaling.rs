//! How a member is told of descriptions and candidates: through the server until the two have met, and from
//! then on over the data channel. A connection that works needs no server.
//!
//! Where the channel isn't open, or nothing comes through, the same messages go past it, through the server.
//! They are numbered, so one that comes by both ways is taken once.

use tincan_shared::{
    Claim, ClientMessage, Description, DescriptionKind, Frame, IceCandidate, LeaveReason, Signal,
    StreamMessage,
};

use super::{Member, MemberLink, PeerConnection, Role};
use crate::context::{Context, Event, MemberEvent};
use crate::device::Device;
use crate::effect::{Effect, PeerEffect};
use crate::signal::SignalStream;
use crate::time::Time;
use crate::view::{EndReason, ServerView};

/// The waits before something is said again that the server could not pass on: doubled from the first to the
/// last.
const FIRST_AGAIN_MS: u64 = 1_000;
const LAST_AGAIN_MS: u64 = 16_000;
/// For how long somebody is waited for whose page is gone, and the call by a page that was loaded anew.
const AWAY_MS: u64 = 15_000;
/// For how long somebody may be neither connected nor known to the server until they count as gone.
const GONE_AFTER_MS: u64 = 30_000;

/// See the module's words.
#[derive(Debug)]
pub(super) struct PairSignaling {
    /// That of the present peer connection.
    stream: SignalStream,
    /// Gives way when both make a connection anew.
    pub(super) gives_way: bool,
    /// There was a connection that worked.
    has_met: bool,
    /// They have a stream, too: any connection can be made anew.
    understands: bool,
    /// Their page is gone, and is waited for until then.
    away_until: Option<Time>,
    /// Everything up to this number is on its way through the server, which loses nothing that it knows of.
    past: u64,
    /// The first description of the peer connection is out.
    has_begun: bool,
    /// Since when the server has known of no call between the two.
    unknown_since: Option<Time>,
    /// How often in a row something could not be passed on, and when it is said again.
    undelivered: u32,
    pub(super) again_at: Option<Time>,
}

impl PairSignaling {
    /// Nothing is said before [`begin`](Self::begin).
    pub(super) fn new() -> PairSignaling {
        PairSignaling {
            stream: SignalStream::offering(0),
            gives_way: false,
            has_met: false,
            understands: false,
            away_until: None,
            past: 0,
            has_begun: false,
            unknown_since: None,
            undelivered: 0,
            again_at: None,
        }
    }

    /// What is said from now on is about another peer connection.
    pub(super) fn begin(&mut self, stream: SignalStream) {
        self.stream = stream;
        self.past = 0;
        self.has_begun = false;
        self.again_at = None;
    }

    /// A connection works.
    pub(super) fn met(&mut self) {
        self.has_met = true;
        self.understands |= self.stream.is_understood();
        self.away_until = None;
    }

    /// The server could not pass on what was said last.
    pub(super) fn undelivered(&mut self, now: Time) {
        if self.stream.is_understood() {
            self.past = 0;
            let wait = (FIRST_AGAIN_MS << self.undelivered.min(10)).min(LAST_AGAIN_MS);
            self.undelivered += 1;
            self.again_at.get_or_insert(now.plus(wait));
        }
    }
}

impl Member {
    /// Returns whether the two have been connected: then it needs no server.
    pub(crate) fn has_met(&self) -> bool {
        self.signaling.has_met
    }

    /// Returns whether the two can get connected again when a connection is beyond repair.
    pub(crate) fn outlives_its_connection(&self) -> bool {
        self.has_met() && self.signaling.understands && self.call.is_some()
    }

    /// Returns whether somebody makes a connection anew that is beyond repair: the two by themselves, or in a
    /// room the server. All others are mended for as long as it takes.
    pub(super) fn is_renewable(&self) -> bool {
        let in_a_room = self.stay > 0;
        in_a_room || self.signaling.understands
    }

    /// Returns whether this side gives way where both make a connection anew.
    pub(crate) fn gives_way(&self) -> bool {
        self.signaling.gives_way
    }

    /// The page before this one was connected to them.
    pub(crate) fn return_to_them(&mut self, cx: &Context) {
        (self.signaling.has_met, self.signaling.understands) = (true, true);
        self.signaling.unknown_since = Some(cx.now);
        self.link = MemberLink::Returning;
    }

    /// Returns whether their page is gone and may come back.
    pub(super) fn is_away(&self) -> bool {
        self.signaling.away_until.is_some() && !self.works()
    }

    /// This page is going. Says so by both ways, since nobody will say it again.
    pub(crate) fn say_away(&mut self, cx: &mut Context) {
        if let Some(text) = self.signaling.stream.say(Signal::Away) {
            self.send_in_band(cx, text);
            self.say_past(cx);
        }
    }

    /// Returns whether the server passes on what is said to them, as far as is known.
    pub(crate) fn is_reachable(&self) -> bool {
        self.signaling.unknown_since.is_none()
    }

    /// Returns what the server is told so that it knows of the call again.
    pub(crate) fn claim(&self) -> Option<Claim> {
        let call = self.call.clone().filter(|_| self.outlives_its_connection())?;
        Some(Claim { name: self.address.clone(), call })
    }

    /// The server knows of no call between the two any more.
    pub(crate) fn unknown_to_server(&mut self, cx: &mut Context) {
        self.signaling.unknown_since.get_or_insert(cx.now);
    }

    /// The server may know of the call again, once both have claimed it.
    pub(crate) fn claim_anew(&mut self, cx: &mut Context) {
        self.unknown_to_server(cx);
        if let Some(claim) = self.claim() {
            cx.send(ClientMessage::Claim(claim));
        }
    }

    /// The call is over: the server need not know it again.
    pub(crate) fn unclaim(&self, cx: &mut Context) {
        let (name, call) = (Some(self.address.clone()), self.call.clone());
        cx.send(ClientMessage::Leave { name, call, reason: Some(LeaveReason::Failed) });
    }

    /// The server passes on again what is said to them.
    pub(crate) fn known_to_server(&mut self, cx: &mut Context) {
        let was_unknown = self.signaling.unknown_since.take().is_some();
        self.signaling.away_until = None;
        if was_unknown {
            self.signaling.past = 0;
        }
        if matches!(self.link, MemberLink::Returning) {
            self.renew(cx);
        } else if was_unknown && self.connection().is_some_and(PeerConnection::is_unanswered) {
            // What the server has forgotten was never heard. Theirs may be on its way, and must not be
            // taken for one that crosses it.
            self.fail(cx);
        }
        self.say_again(cx);
    }

    /// Returns whether nothing is to be hoped for any more: there is no way to them, and for the server they
    /// are not there. Not while this side itself is cut off.
    pub(crate) fn is_gone(&self, cx: &Context) -> bool {
        self.gone_at(cx).is_some_and(|at| cx.now >= at)
    }

    /// Returns when they will count as gone, if nothing changes.
    pub(crate) fn gone_at(&self, cx: &Context) -> Option<Time> {
        if cx.signaling.view() != ServerView::Online {
            return None;
        }
        let away = self.signaling.away_until.filter(|_| !self.works());
        self.unknown_until().into_iter().chain(away).min()
    }

    fn unknown_until(&self) -> Option<Time> {
        let unknown = self.signaling.unknown_since?;
        match &self.link {
            MemberLink::Up(connection) if connection.works() => None,
            MemberLink::Up(connection) => {
                let since = connection.interrupted_since().unwrap_or(unknown);
                Some(unknown.max(since).plus(GONE_AFTER_MS))
            }
            MemberLink::Returning => Some(unknown.plus(AWAY_MS)),
            _ => Some(unknown.plus(GONE_AFTER_MS)),
        }
    }

    /// Returns whether they can be asked for a sign of life.
    pub(super) fn can_ask(&self) -> bool {
        self.signaling.stream.is_understood() && self.chat.is_open()
    }

    pub(super) fn ask(&self, cx: &mut Context) {
        self.send_in_band(cx, self.signaling.stream.plain(Signal::Ping));
    }

    pub(super) fn request_restart(&mut self, cx: &mut Context) {
        self.say(cx, Signal::Restart);
    }

    /// There is a channel. What was on its way past it goes by it, too.
    pub(super) fn channel_opened(&mut self, cx: &mut Context) {
        for text in self.signaling.stream.again(0) {
            self.send_in_band(cx, text);
        }
    }

    /// Says the first description of a peer connection through the server, in the way of the classic
    /// protocol, and all others by the stream.
    pub(super) fn tell_description(&mut self, cx: &mut Context, description: Description) {
        let is_first = !std::mem::replace(&mut self.signaling.has_begun, true);
        if self.signaling.stream.is_understood() && !is_first {
            return self.say(cx, Signal::Description(description));
        }
        let (name, call) = (self.address.clone(), self.call.clone());
        let stream = Some(self.signaling.stream.number());
        let message = match description.kind {
            DescriptionKind::Offer => {
                cx.raise(Event::Member { id: self.id, event: MemberEvent::Offered });
                let files = self.announcement.take();
                ClientMessage::Offer { name, offer: description, call, files, stream }
            }
            DescriptionKind::Answer => ClientMessage::Answer { name, answer: description, call, stream },
        };
        cx.send(message);
    }

    /// Says a description again that the server could not pass on. The stream sees to its own.
    pub(super) fn tell_description_again(&mut self, cx: &mut Context, description: Description) {
        if !(self.signaling.stream.is_understood() && self.signaling.stream.is_confirmed()) {
            self.signaling.has_begun = false;
            self.tell_description(cx, description);
        }
    }

    pub(super) fn tell_candidate(&mut self, cx: &mut Context, candidate: Option<IceCandidate>) {
        if self.signaling.stream.is_understood() {
            return self.say(cx, Signal::Candidate(candidate));
        }
        let (name, call) = (self.address.clone(), self.call.clone());
        cx.send(ClientMessage::Candidate { name, candidate, call });
    }

    pub(super) fn tell_candidate_again(&mut self, cx: &mut Context, candidate: Option<IceCandidate>) {
        if !self.signaling.stream.is_understood() {
            self.tell_candidate(cx, candidate);
        }
    }

    /// They answered through the server: the first offer, where they have a stream.
    pub(crate) fn answered(&mut self, cx: &mut Context, answer: Description, stream: Option<u64>) {
        let signals = match stream {
            Some(stream) => match self.signaling.stream.answered(stream) {
                Some(signals) => signals,
                None => return self.speaks_of_another(cx),
            },
            None => Vec::new(),
        };
        self.describe(cx, answer);
        self.take(cx, signals);
    }

    /// Makes a peer connection that answers this offer.
    pub(crate) fn answer(&mut self, cx: &mut Context, offer: Description, stream: Option<u64>) {
        self.connect(cx, Role::Answerer { stream });
        self.accepted(cx);
        self.describe(cx, offer);
    }

    /// They offered, in a call that goes on: to change the peer connection, or to make another.
    pub(crate) fn offered_again(&mut self, cx: &mut Context, offer: Description, stream: Option<u64>) {
        let crossed = self.connection().is_some_and(PeerConnection::is_unanswered);
        match stream {
            // Of the classic protocol.
            None => self.describe(cx, offer),
            // It was said twice.
            Some(stream) if stream == self.signaling.stream.number() => {}
            // Both make it anew.
            Some(_) if crossed && !self.signaling.gives_way => {}
            Some(_) => self.answer(cx, offer, stream),
        }
    }

    /// Says over the channel that the call is over, or the room left. The server is told as well: here it may
    /// be away, or take its time.
    pub(crate) fn say_goodbye(&mut self, cx: &mut Context, reason: LeaveReason) {
        if self.can_ask()
            && let Some(text) = self.signaling.stream.say(Signal::Leave(reason))
        {
            self.send_in_band(cx, text);
        }
    }

    /// Says something by every way that may lead there.
    fn say(&mut self, cx: &mut Context, signal: Signal) {
        let Some(text) = self.signaling.stream.say(signal) else {
            if let Some(peer_connection) = self.peer_connection() {
                let reason = EndReason::ConnectionLost;
                let event = MemberEvent::Failed { peer_connection, reason };
                cx.raise(Event::Member { id: self.id, event });
            }
            return;
        };
        self.send_in_band(cx, text);
        if !self.works() {
            self.say_past(cx);
        }
    }

    /// Says again what has not been heard, where the channel doesn't bring it there.
    pub(crate) fn say_again(&mut self, cx: &mut Context) {
        self.signaling.again_at = None;
        if !self.works() {
            self.say_past(cx);
        }
    }

    pub(super) fn say_again_if_due(&mut self, cx: &mut Context) {
        if self.signaling.again_at.is_some_and(|at| cx.now >= at) {
            self.say_again(cx);
        }
    }

    /// Returns whether what is put into the channel arrives at once.
    pub(crate) fn works(&self) -> bool {
        self.chat.is_open() && self.connection().is_some_and(PeerConnection::works)
    }

    fn send_in_band(&self, cx: &mut Context, text: String) {
        if let Some(id) = self.channel() {
            cx.act(Effect::Peer { id, effect: PeerEffect::SendText(text) });
        }
    }

    /// Sends what has not been heard through the server, as far as it is not on its way there already. While
    /// there is no server, nothing is: all of it is said once there is.
    fn say_past(&mut self, cx: &mut Context) {
        if cx.signaling.view() != ServerView::Online || !self.is_reachable() {
            return;
        }
        let Some(call) = self.call.clone() else { return };
        for signal in self.signaling.stream.again(self.signaling.past) {
            cx.send(ClientMessage::Signal { name: self.address.clone(), call: call.clone(), signal });
        }
        self.signaling.past = self.signaling.stream.last_said();
    }

    /// They said something about the connection: over the channel, or past it.
    pub(crate) fn hear_signal(&mut self, cx: &mut Context, frame: Frame<StreamMessage>) {
        let Some(heard) = self.signaling.stream.hear(frame) else { return self.speaks_of_another(cx) };
        self.signaling.undelivered = 0;
        if heard.ping {
            self.send_in_band(cx, self.signaling.stream.plain(Signal::Pong));
        }
        self.take(cx, heard.signals);
        if heard.owed {
            self.send_in_band(cx, self.signaling.stream.plain(Signal::Nothing));
        }
    }

    /// They speak of a peer connection that is no more, so they may not have heard of this one: a page that
    /// wakes works off what came meanwhile, and its queue was full.
    fn speaks_of_another(&mut self, cx: &mut Context) {
        self.with_connection(cx, PeerConnection::tell_again_now);
    }

    fn take(&mut self, cx: &mut Context, signals: Vec<Signal>) {
        for signal in signals {
            match signal {
                Signal::Description(description) => self.describe(cx, description),
                Signal::Candidate(candidate) => self.candidate(cx, candidate),
                Signal::Away => self.signaling.away_until = Some(cx.now.plus(AWAY_MS)),
                Signal::Restart => self.with_connection(cx, PeerConnection::restart_requested),
                Signal::Leave(reason) => {
                    cx.raise(Event::Member { id: self.id, event: MemberEvent::Left(reason) });
                }
                Signal::Ping | Signal::Pong | Signal::Nothing => {}
            }
        }
    }

    /// Makes a peer connection in place of one that is beyond repair.
    pub(crate) fn renew(&mut self, cx: &mut Context) {
        self.connect(cx, Role::Offerer { receive: &Device::ALL });
        self.accepted(cx);
    }

    /// Something came over the channel.
    pub(crate) fn heard(&mut self, cx: &mut Context) {
        self.signaling.away_until = None;
        self.with_connection(cx, |connection, cx| connection.heard(cx.now));
    }

    /// The network may be another one: looks at once whether the connection still works.
    pub(crate) fn look_again(&mut self, cx: &mut Context) {
        self.with_connection(cx, PeerConnection::doubt);
        self.say_again(cx);
    }

    /// Returns whether a connection is to be made anew now.
    pub(crate) fn is_due_for_renewal(&mut self, cx: &Context) -> bool {
        let can_renew = self.can_renew(cx);
        self.link.is_due(cx.now, can_renew)
    }

    /// Returns whether a connection can be agreed on now: there is a way past the channel.
    pub(super) fn can_renew(&self, cx: &Context) -> bool {
        self.is_reachable() && !self.is_away() && cx.signaling.view() == ServerView::Online
    }
}
