//! A call between two: how it is made, rings, is accepted and ends.
//!
//! What a call has in common with a room (the member, what is written) is in `member` and `group_chat`. A
//! call doesn't know where it is kept: it raises [`Event::CallEnds`], and `Place::end_call`, which keeps it,
//! calls [`Call::end`].

mod offer;
mod state;

use std::mem;
use std::slice;

use tincan_shared::{CallId, Claim, ClientMessage, Description, FileNotice, IceCandidate, LeaveReason, Name};

use crate::chat::ChatEvent;
use crate::context::{Context, Event, MemberEvent};
use crate::device::{Device, Devices};
use crate::effect::Effect;
use crate::files::{FileEffect, SourceFile};
use crate::group_chat::GroupChat;
use crate::member::{Member, Role};
use crate::rings::Ring;
use crate::time::Time;
use crate::view::{
    CallKind, CallingStage, EndReason, KeptCall, Meeting, MeetingKind, Notice, PastConversation, Screen,
    ServerView,
};
use offer::Offer;
use state::CallState;

/// How long a call rings before it counts as not answered, in milliseconds.
pub const CALL_TIMEOUT_MS: u64 = 45_000;
/// How much longer the callee waits for the caller to say so.
const RING_MARGIN_MS: u64 = 10_000;
/// How long a call waits for the devices (the browser may be asking for permission) before it goes on
/// without. They join when they come.
const DEVICE_TIMEOUT_MS: u64 = 10_000;

/// One call, from the wish to call or the first ring to its end.
#[derive(Debug)]
pub(crate) struct Call {
    /// The other side. Their name is as typed at first, then as the server writes it.
    pub(crate) member: Member,
    pub(crate) chat: GroupChat,
    kind: CallKind,
    state: CallState,
    /// To be offered once there is a channel.
    files: Vec<SourceFile>,
    /// What they want to hand over, which is accepted with the call.
    announced: Option<FileNotice>,
    /// What was written in the call before. It is kept until something is written in this one.
    earlier: Option<PastConversation>,
}

/// An offer as the server brings it.
#[derive(Debug)]
pub(crate) struct IncomingOffer {
    pub(crate) description: Description,
    pub(crate) name: String,
    /// `None` where the caller speaks the classic protocol.
    pub(crate) call: Option<CallId>,
    pub(crate) files: Option<FileNotice>,
    /// The number of the stream of signals that it begins.
    pub(crate) stream: Option<u64>,
}

/// What becomes of an offer that comes in a call.
pub(crate) enum OfferVerdict {
    /// It was dealt with.
    Taken,
    /// It rings in the place of this call, which rings.
    ReplacesRing(IncomingOffer),
    /// They have begun anew, so this call is over for them; then it rings.
    EndsCall(IncomingOffer),
}

impl Call {
    /// Begins a call to somebody.
    ///
    /// # Errors
    ///
    /// If it can't even be tried.
    pub(crate) fn outgoing(cx: &mut Context, name: &str, kind: CallKind) -> Result<Call, EndReason> {
        let address = cx.account.as_ref().map_or("", |account| &account.address);
        if Name::parse(name).is_err() {
            return Err(EndReason::Unavailable);
        } else if cx.names.are_same(name, address) {
            return Err(EndReason::Yourself);
        } else if cx.signaling.view() != ServerView::Online {
            // It would ring at some later moment, when nobody expects it any more.
            return Err(EndReason::Offline);
        }
        let id = Some(cx.new_call_id());
        let state = CallState::Preparing { until: cx.now.plus(DEVICE_TIMEOUT_MS) };
        let mut call = Call::new(cx, name.to_owned(), id, kind, state);
        cx.media.start(devices_of(kind), &mut cx.effects);
        call.proceed(cx);
        Ok(call)
    }

    /// Rings. `replaces` says that another call was ringing until this moment.
    pub(crate) fn incoming(cx: &mut Context, offered: IncomingOffer, replaces: bool) -> Call {
        let IncomingOffer { description, name, call, files, stream } = offered;
        let offer = Offer::new(description, stream);
        let kind = offer.kind();
        // Whoever would film is asked about that, and about the files later.
        let announced = files.filter(|_| kind == CallKind::Text);
        let ring = Ring { peer: name.clone(), kind, files: announced.clone() };
        let settled = cx.rings.begin(cx.now, ring, replaces);
        let until = cx.now.plus(CALL_TIMEOUT_MS + RING_MARGIN_MS);
        let mut call = Call::new(cx, name, call, kind, CallState::Ringing { offer, until, settled });
        call.member.give_way(true);
        Call { announced, ..call }
    }

    /// Goes back into a call that the page before this one was in.
    pub(crate) fn returning(cx: &mut Context, kept: KeptCall) -> Call {
        let KeptCall { id, peer, kind, gives_way, devices } = kept;
        let mut call = Call::new(cx, peer, Some(id), kind, CallState::Active);
        call.member.give_way(gives_way);
        call.member.return_to_them(cx);
        cx.media.start(devices, &mut cx.effects);
        call
    }

    /// Returns what a page after this one needs to go back into the call.
    pub(crate) fn kept(&self, cx: &Context) -> Option<KeptCall> {
        let Claim { name: peer, call: id } = self.member.claim().filter(|_| self.is_active())?;
        let microphone = cx.media.track(Device::Microphone).is_some() && !cx.media.muted();
        let devices = Devices { microphone, camera: cx.media.track(Device::Camera).is_some() };
        Some(KeptCall { id, peer, kind: self.kind, gives_way: self.member.gives_way(), devices })
    }

    /// Returns whether it goes on if the page is loaded anew.
    pub(crate) fn outlives_the_page(&self) -> bool {
        self.is_active() && self.member.outlives_its_connection()
    }

    fn new(cx: &mut Context, peer: String, id: Option<CallId>, kind: CallKind, state: CallState) -> Call {
        let mut chat = GroupChat::new(cx);
        let member = Member::new(cx.new_member(), peer.clone(), peer, id, chat.lines_by());
        chat.come(&member);
        Call { member, chat, kind, state, files: Vec::new(), announced: None, earlier: None }
    }

    /// Keeps what was written in the call before.
    pub(crate) fn keep(&mut self, earlier: Option<PastConversation>) {
        self.earlier = earlier;
    }

    /// Has these files offered once there is a channel. Before the offer is out, it says so.
    pub(crate) fn bring(&mut self, files: Vec<SourceFile>) {
        self.member.announce(notice(&files));
        self.files = files;
    }

    /// Returns whether a frame from `name` about `id` is about this call. A client of the classic protocol
    /// gives no id, and then not always a name.
    pub(crate) fn concerns(&self, cx: &Context, name: Option<&str>, id: Option<&CallId>) -> bool {
        // Until it rings there, the server may write the name otherwise than it was typed. Then the id has to
        // do, which only the two sides know.
        let offered = matches!(self.state, CallState::Offering { .. } | CallState::Offered { .. });
        self.has_id(id) && (offered && id.is_some() || self.is_with(cx, name))
    }

    /// Returns whether a frame from `name` about `id` is what the other side says in this call: somebody else
    /// must not be able to accept it.
    pub(crate) fn is_spoken_to(&self, cx: &Context, name: Option<&str>, id: Option<&CallId>) -> bool {
        self.has_id(id) && self.is_with(cx, name)
    }

    fn has_id(&self, id: Option<&CallId>) -> bool {
        match (id, &self.member.call) {
            (Some(id), Some(own)) => id == own,
            _ => true,
        }
    }

    fn is_with(&self, cx: &Context, name: Option<&str>) -> bool {
        name.is_none_or(|name| cx.names.are_same(name, &self.member.name))
    }

    /// Returns whether devices may be opened: not while it only rings.
    pub(crate) fn may_use_devices(&self) -> bool {
        !self.state.is_ringing()
    }

    pub(crate) fn is_active(&self) -> bool {
        matches!(self.state, CallState::Active)
    }

    /// Returns whether both sides want it, so that the two may write and send files.
    pub(crate) fn is_accepted(&self) -> bool {
        self.state.is_accepted()
    }

    /// Returns whether it goes on whatever becomes of the server.
    pub(crate) fn outlives_the_server(&self) -> bool {
        self.is_active() && self.member.has_met()
    }

    /// Returns when time alone will change something.
    pub(crate) fn next_timeout(&self, cx: &Context) -> Option<Time> {
        let others = [self.state.until(), self.member.next_timeout(cx), self.chat.next_timeout()];
        others.into_iter().flatten().min()
    }

    pub(crate) fn screen(&self, cx: &Context) -> Screen {
        let (peer, kind, local) = (self.member.name.clone(), self.kind, cx.media.view());
        let calling = |stage| Screen::Calling { peer: peer.clone(), kind, stage, local };
        match &self.state {
            CallState::Preparing { .. } => calling(CallingStage::Preparing),
            CallState::Offering { .. } | CallState::Offered { .. } => calling(CallingStage::Calling),
            CallState::RingsThere { .. } => calling(CallingStage::Ringing),
            CallState::Ringing { .. } => {
                let (me, past) = (cx.display_name().to_owned(), self.earlier.clone());
                Screen::Incoming { me, past, peer, kind, files: self.announced.clone() }
            }
            CallState::Accepting { .. } | CallState::Active => Screen::Meeting(Meeting {
                kind: MeetingKind::Call { kind },
                me: cx.display_name().to_owned(),
                local,
                others: vec![self.member.view()],
                conversation: self.chat.conversation().clone(),
                sent: self.chat.sent(),
                offers_earlier: false,
            }),
        }
    }

    /// The user gives up before it is accepted.
    pub(crate) fn cancel(&self, cx: &mut Context) {
        if self.state.is_outgoing() {
            self.raise_end(cx, EndReason::CancelledByMe, Some(LeaveReason::Cancelled));
        }
    }

    pub(crate) fn decline(&self, cx: &mut Context) {
        if self.state.is_ringing() {
            self.raise_end(cx, EndReason::DeclinedByMe, Some(LeaveReason::Declined));
        }
    }

    pub(crate) fn hang_up(&self, cx: &mut Context) {
        if self.state.is_accepted() {
            self.raise_end(cx, EndReason::HungUpByMe, Some(LeaveReason::Hangup));
        }
    }

    /// Returns what the other side is told when the user signs out.
    pub(crate) fn farewell(&self) -> LeaveReason {
        if self.state.is_outgoing() { LeaveReason::Cancelled } else { LeaveReason::Hangup }
    }

    pub(crate) fn accept(&mut self, cx: &mut Context, camera: bool) {
        let until = cx.now.plus(DEVICE_TIMEOUT_MS);
        self.state = match mem::replace(&mut self.state, CallState::Active) {
            CallState::Ringing { offer, settled, .. } if cx.now >= settled => {
                CallState::Accepting { offer, until }
            }
            other => {
                self.state = other;
                return;
            }
        };
        cx.rings.accept(cx.now, &self.member.name);
        let mut wanted = devices_of(self.kind);
        wanted.camera &= camera;
        cx.media.start(wanted, &mut cx.effects);
        self.proceed(cx);
    }

    /// Goes on once the devices that the call waits for are there.
    pub(crate) fn proceed(&mut self, cx: &mut Context) {
        if !cx.media.starting() {
            self.connect(cx);
        }
    }

    /// Makes the peer connection that the call waits with, if it waits.
    fn connect(&mut self, cx: &mut Context) {
        match mem::replace(&mut self.state, CallState::Active) {
            CallState::Preparing { .. } => {
                self.state = CallState::Offering { until: cx.now.plus(CALL_TIMEOUT_MS) };
                let wanted = devices_of(self.kind);
                let receive: Vec<Device> = Device::ALL.into_iter().filter(|it| wanted.has(*it)).collect();
                self.member.connect(cx, Role::Offerer { receive: &receive });
            }
            CallState::Accepting { offer, .. } => {
                self.member.answer(cx, offer.description, offer.stream);
                for candidate in offer.candidates {
                    self.member.candidate(cx, candidate);
                }
            }
            other => self.state = other,
        }
    }

    pub(crate) fn tick(&mut self, cx: &mut Context) {
        self.member.tick(cx);
        self.chat.tick(cx, slice::from_mut(&mut self.member));
        if self.member.is_due_for_renewal(cx) {
            self.member.renew(cx);
        }
        if self.is_active() && self.member.is_gone(cx) {
            return self.raise_end(cx, EndReason::PeerLost, Some(LeaveReason::Failed));
        }
        if self.state.until().is_none_or(|until| cx.now < until) {
            return;
        }
        match self.state {
            CallState::Preparing { .. } | CallState::Accepting { .. } => self.connect(cx),
            CallState::Offering { .. } | CallState::Offered { .. } | CallState::RingsThere { .. } => {
                self.raise_end(cx, EndReason::NoAnswer, Some(LeaveReason::NoAnswer));
            }
            CallState::Ringing { .. } => self.raise_end(cx, EndReason::Missed, Some(LeaveReason::NoAnswer)),
            CallState::Active => {}
        }
    }

    /// Something happened between the two.
    pub(crate) fn member_event(&mut self, cx: &mut Context, event: MemberEvent) {
        match event {
            MemberEvent::Offered => {
                if let CallState::Offering { .. } = self.state {
                    self.state = CallState::Offered { until: cx.now.plus(CALL_TIMEOUT_MS) };
                }
            }
            MemberEvent::Failed { peer_connection, .. } if self.member.outlives_its_connection() => {
                if self.member.peer_connection() == Some(peer_connection) {
                    self.member.fail(cx);
                }
            }
            MemberEvent::Failed { reason, .. } => {
                let tell = match reason {
                    EndReason::NoConnection(_) => LeaveReason::NoConnection,
                    _ => LeaveReason::Failed,
                };
                self.raise_end(cx, reason, Some(tell));
            }
            MemberEvent::Left(reason) => self.left(cx, Some(reason)),
            // Nobody comes into a call.
            MemberEvent::Said(ChatEvent::Offers(_)) => {}
            MemberEvent::Said(event) => self.chat.hear(cx, &mut self.member, event),
        }
    }

    /// The server has handed the offer over to `name`.
    pub(crate) fn rings_there(&mut self, name: String) {
        if let CallState::Offered { until } = self.state {
            self.state = CallState::RingsThere { until };
            self.rename(name);
        }
    }

    pub(crate) fn answered(
        &mut self,
        cx: &mut Context,
        answer: Description,
        name: Option<String>,
        stream: Option<u64>,
    ) {
        if let CallState::Offered { .. } | CallState::RingsThere { .. } = self.state {
            self.state = CallState::Active;
            self.member.accepted(cx);
            if let Some(name) = name {
                self.rename(name);
            }
        }
        self.member.answered(cx, answer, stream);
    }

    pub(crate) fn candidate(&mut self, cx: &mut Context, candidate: Option<IceCandidate>) {
        match &mut self.state {
            CallState::Ringing { offer, .. } | CallState::Accepting { offer, .. } => offer.add(candidate),
            _ => self.member.candidate(cx, candidate),
        }
    }

    /// The other side has left.
    pub(crate) fn left(&mut self, cx: &mut Context, reason: Option<LeaveReason>) {
        if reason == Some(LeaveReason::Lost) && self.outlives_the_server() {
            return self.member.claim_anew(cx);
        }
        if !matches!(self.state, CallState::Preparing { .. }) {
            let no_path = self.member.why_no_path(cx);
            self.raise_end(cx, self.state.end_reason(reason, no_path), None);
        }
    }

    /// What was said did not get through, because the server knows of no such call.
    pub(crate) fn undelivered(&mut self, cx: &mut Context) {
        if self.outlives_the_server() {
            return self.member.claim_anew(cx);
        }
        self.raise_end(cx, EndReason::PeerLost, Some(LeaveReason::Failed));
    }

    /// An offer has come.
    pub(crate) fn offered(&mut self, cx: &mut Context, offer: IncomingOffer) -> OfferVerdict {
        if !cx.names.are_same(&offer.name, &self.member.name) {
            cx.send_busy(offer.name, offer.call);
            return OfferVerdict::Taken;
        }
        let same_call = offer.call == self.member.call;
        match self.state {
            // Both want to call each other, and theirs is out first: mine need not be made any more.
            CallState::Preparing { until } => self.adopt(cx, offer, until),
            // Both have called. Both sides see the same two names, so both pick the same call.
            CallState::Offering { .. } | CallState::Offered { .. } | CallState::RingsThere { .. } => {
                if cx.account.as_ref().is_some_and(|me| me.address > offer.name) {
                    self.give_way(cx, offer);
                }
            }
            CallState::Ringing { .. } | CallState::Accepting { .. } if same_call && offer.call.is_some() => {}
            CallState::Ringing { .. } => return OfferVerdict::ReplacesRing(offer),
            CallState::Active if same_call || offer.call.is_none() => {
                self.member.offered_again(cx, offer.description, offer.stream);
            }
            CallState::Accepting { .. } | CallState::Active => return OfferVerdict::EndsCall(offer),
        }
        OfferVerdict::Taken
    }

    /// Withdraws the outgoing call and takes theirs in its place.
    fn give_way(&mut self, cx: &mut Context, offer: IncomingOffer) {
        self.member.disconnect(cx);
        let own = self.member.call.clone();
        cx.over.extend(own.clone());
        // They may have cancelled before my call reached them; then it rings there, and must not.
        let reason = Some(LeaveReason::Cancelled);
        cx.send(ClientMessage::Leave { name: Some(offer.name.clone()), call: own, reason });
        let until = cx.now.plus(DEVICE_TIMEOUT_MS);
        self.adopt(cx, offer, until);
    }

    /// Turns an outgoing call into accepting theirs: both wanted it. The devices are those that I chose.
    fn adopt(&mut self, cx: &mut Context, offer: IncomingOffer, until: Time) {
        self.member.call = offer.call;
        self.member.give_way(true);
        self.rename(offer.name);
        self.state = CallState::Accepting { offer: Offer::new(offer.description, offer.stream), until };
        self.proceed(cx);
    }

    /// The server has written the name as its owner does.
    fn rename(&mut self, name: String) {
        self.member.address.clone_from(&name);
        self.member.name = name;
    }

    /// Returns the files that the call was made for, to be offered now.
    pub(crate) fn take_files(&mut self) -> Vec<SourceFile> {
        mem::take(&mut self.files)
    }

    /// Returns what they have announced, to be accepted when they offer it.
    pub(crate) fn take_announced(&mut self) -> Option<FileNotice> {
        self.announced.take()
    }

    fn raise_end(&self, cx: &mut Context, reason: EndReason, tell: Option<LeaveReason>) {
        cx.raise(Event::CallEnds { with: self.member.id, reason, tell });
    }

    /// Ends the call: everything is released, and the other side is told `tell`. Returns what is left of it.
    pub(crate) fn end(
        mut self,
        cx: &mut Context,
        reason: EndReason,
        tell: Option<LeaveReason>,
    ) -> (Notice, Option<PastConversation>) {
        let reason = match reason {
            EndReason::Declined if !self.files.is_empty() => EndReason::FilesRefused,
            EndReason::DeclinedByMe if self.announced.is_some() => EndReason::FilesRefusedByMe,
            other => other,
        };
        if let Some(reason) = tell.filter(|_| self.state.is_known()) {
            self.member.say_goodbye(cx, reason);
            let (name, call) = (self.member.address.clone(), self.member.call.clone());
            cx.send(ClientMessage::Leave { name: Some(name), call, reason: Some(reason) });
        }
        if self.state.is_ringing() {
            cx.rings.end(cx.now);
        }
        self.member.disconnect(cx);
        release(cx, &self.files);
        cx.media.stop_all(&mut cx.effects);
        let peer = self.member.name.clone();
        let earlier = self.earlier.take();
        let chat = self.forget(cx);
        (Notice { peer: peer.clone(), reason }, chat.end(peer).or(earlier))
    }

    /// Ends a call that rings, and whose place another ring takes. There is nothing else to be said of it.
    /// Returns what it kept.
    pub(crate) fn supersede(mut self, cx: &mut Context) -> Option<PastConversation> {
        let earlier = self.earlier.take();
        self.forget(cx);
        earlier
    }

    /// Remembers that the call is over, so that what is late of it doesn't ring.
    fn forget(self, cx: &mut Context) -> GroupChat {
        cx.over.extend(self.member.call);
        self.chat
    }
}

/// Returns what a call of this kind uses from the beginning.
fn devices_of(kind: CallKind) -> Devices {
    Devices { microphone: kind != CallKind::Text, camera: kind == CallKind::Video }
}

/// Lets go of files that will not be offered.
pub(crate) fn release(cx: &mut Context, files: &[SourceFile]) {
    for file in files {
        cx.act(Effect::File(FileEffect::Release { source: file.source }));
    }
}

/// Returns what whoever is called is told of the files that a call is made for.
fn notice(files: &[SourceFile]) -> Option<FileNotice> {
    let first = files.first()?;
    let bytes = files.iter().fold(0_u64, |sum, file| sum.saturating_add(file.size));
    Some(FileNotice { name: first.name.clone(), count: files.len() as u32, bytes })
}
