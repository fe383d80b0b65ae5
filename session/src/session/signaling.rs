//! What the server and, through it, the other side say; and what is said to them.

use std::mem;

use tincan_shared::{
    CallId, ClientMessage, Description, DescriptionKind, ErrorCode, FileNotice, LeaveReason, LoginRefusal,
    ServerMessage,
};

use super::*;
use crate::files::SourceFile;

/// For how long a call can't be accepted that rings in the place of another, in milliseconds: about as long as it takes to
/// notice, and to stop a finger.
const SETTLING_MS: u64 = 800;

/// What the user sees of a call that rings.
#[derive(Debug, PartialEq, Eq)]
struct Ring {
    peer: String,
    kind: CallKind,
    files: Option<FileNotice>,
}

/// The ring that the user saw last, or sees.
#[derive(Debug)]
pub(super) struct LastRing {
    ring: Ring,
    /// It could not be accepted before.
    settled: Time,
    /// When it was over.
    pub(super) until: Time,
}

impl Session {
    pub(super) fn link_outputs(&mut self, now: Time, outputs: Vec<LinkOutput>, out: &mut Vec<Effect>) {
        for output in outputs {
            match output {
                LinkOutput::Do(effect) => out.push(Effect::Link(effect)),
                LinkOutput::SignedIn { name, display_name, ice_servers } => {
                    self.problem = None;
                    let guest = display_name.is_some();
                    let display_name = display_name.unwrap_or_else(|| name.clone());
                    self.me = Some(Account { address: name, display_name, guest, ice_servers });
                }
                LinkOutput::Refused { name, reason } => self.refused(now, name, reason, out),
                // In a room one waits: the others go on for as long as they are connected.
                LinkOutput::GaveUp => self.end(now, EndReason::ServerLost, Some(LeaveReason::Lost), out),
                // The other side has been told, or knows no more of us than the server does.
                LinkOutput::Reset => {
                    self.end(now, EndReason::ServerLost, None, out);
                    self.return_to_room(now, out);
                }
                LinkOutput::Message(message) => self.message(now, message, out),
            }
        }
    }

    /// The name is not to be had, or not any more.
    fn refused(&mut self, now: Time, name: String, reason: LoginRefusal, out: &mut Vec<Effect>) {
        let guest = self.me.as_ref().is_none_or(|me| me.guest);
        if self.visit.is_some() && guest {
            return self.refuse_guest(name, reason, out);
        }
        self.end(now, EndReason::ServerLost, None, out);
        self.forget_visit(out);
        self.me = None;
        self.problem = Some(StartProblem::Refused { name, reason });
    }

    fn message(&mut self, now: Time, message: ServerMessage, out: &mut Vec<Effect>) {
        match message {
            ServerMessage::Offer { offer, name, call, files } => {
                self.offered(now, offer, name, call, files, out);
            }
            ServerMessage::Answer { answer, name, call } => {
                if let Some(epoch) = self.member_link(call.as_ref()) {
                    self.with_peer(now, epoch, out, |link, _, out| link.describe(answer, out));
                } else if self.concerned(name.as_deref(), call.as_ref()) {
                    self.answered(now, answer, name, out);
                }
            }
            ServerMessage::Candidate { candidate, name, call } => {
                if let Some(epoch) = self.member_link(call.as_ref()) {
                    return self.with_peer(now, epoch, out, |link, _, out| link.candidate(candidate, out));
                }
                if !self.concerned(name.as_deref(), call.as_ref()) {
                    return;
                }
                if let Some(Call {
                    stage: Stage::Ringing { offer, .. } | Stage::Accepting { offer, .. },
                    ..
                }) = &mut self.call
                {
                    offer.add(candidate);
                } else {
                    self.with_link(now, out, |link, out| link.candidate(candidate, out));
                }
            }
            ServerMessage::Leave { name, call, reason } => {
                if let Some(current) = &self.call
                    && current.concerns(name.as_deref(), call.as_ref(), self.letters)
                    && !matches!(current.stage, Stage::Preparing { .. })
                {
                    let reason = current.end_reason(reason);
                    self.end(now, reason, None, out);
                }
            }
            ServerMessage::Ringing { name, call: id } => {
                if let Some(call) = &mut self.call
                    && call.id.as_ref() == Some(&id)
                    && let Stage::Calling { ringing, .. } = &mut call.stage
                {
                    *ringing = true;
                    call.peer = name;
                }
            }
            ServerMessage::Error { code, call, .. } => {
                // What was said of the call did not get through, and the server knows of no such call, or has no room.
                let lost = matches!(code, Some(ErrorCode::QueueFull | ErrorCode::Unavailable));
                if let Some(call) = call.as_ref().filter(|_| lost) {
                    self.fail_call(now, call, out);
                }
                if lost && call.is_some() && self.concerned(None, call.as_ref()) {
                    self.end(now, EndReason::PeerLost, Some(LeaveReason::Failed), out);
                }
            }
            ServerMessage::Room(answer) => self.entered(now, answer, out),
            ServerMessage::Joined(member) => self.joined(now, member, out),
            ServerMessage::Left { name, call, .. } => self.left(now, &name, &call, out),
            ServerMessage::Renamed { name, display_name } => self.renamed(now, &name, display_name),
            // The link keeps these to itself.
            ServerMessage::Login(_) | ServerMessage::Pong => {}
        }
    }

    /// The peer connection to the member of the room whose call this is.
    fn member_link(&mut self, call: Option<&CallId>) -> Option<u32> {
        self.visit.as_mut()?.in_call(call?)?.link().map(PeerLink::epoch)
    }

    fn concerned(&self, name: Option<&str>, id: Option<&CallId>) -> bool {
        self.call.as_ref().is_some_and(|call| call.concerns(name, id, self.letters))
    }

    /// Tells the other side a description of ours. The first one of an outgoing call rings there.
    pub(super) fn describe(
        &mut self,
        now: Time,
        epoch: u32,
        description: Description,
        out: &mut Vec<Effect>,
    ) {
        let mut files = None;
        if let Some(call) = &mut self.call
            && let Stage::Calling { until, offered: offered @ false, .. } = &mut call.stage
        {
            *offered = true;
            *until = now.plus(CALL_TIMEOUT_MS);
            files = notice(&call.files);
        }
        let Some((name, call)) = self.way_to(epoch) else { return };
        let message = match description.kind {
            DescriptionKind::Offer => ClientMessage::Offer { name, offer: description, call, files },
            DescriptionKind::Answer => ClientMessage::Answer { name, answer: description, call },
        };
        self.say(now, message, out);
    }

    fn answered(&mut self, now: Time, answer: Description, name: Option<String>, out: &mut Vec<Effect>) {
        let Some(mut call) = self.call.take() else { return };
        if let Stage::Calling { mut link, offered: true, .. } = call.stage {
            link.accepted(now);
            call.peer = name.unwrap_or(call.peer);
            call.stage = Stage::Active { link };
        }
        self.call = Some(call);
        self.with_link(now, out, |link, out| link.describe(answer, out));
    }

    fn offered(
        &mut self,
        now: Time,
        description: Description,
        name: String,
        id: Option<CallId>,
        files: Option<FileNotice>,
        out: &mut Vec<Effect>,
    ) {
        if id.as_ref().is_some_and(|id| self.over.contains(id)) {
            return;
        }
        if self.offered_in_room(now, &description, id.as_ref(), out) {
            return;
        }
        if let Some(visit) = &mut self.visit {
            visit.missed = Some(name.clone());
            return self.say_busy(now, name, id, out);
        }
        let Some(call) = &mut self.call else {
            return self.ring(now, description, name, id, files);
        };
        if !self.letters.same_name(&name, &call.peer) {
            return self.say_busy(now, name, id, out);
        }
        let same_call = id == call.id;
        match &mut call.stage {
            // Both want to call each other, and theirs is out first: mine need not be made any more.
            Stage::Preparing { until } => {
                let until = *until;
                self.adopt(now, Offer::new(description), name, id, until, out);
            }
            // Both have called. Both sides see the same two names, so both pick the same call.
            Stage::Calling { .. } => {
                if self.me.as_ref().is_some_and(|me| me.address > name) {
                    self.give_way(now, Offer::new(description), name, id, out);
                }
            }
            Stage::Ringing { .. } | Stage::Accepting { .. } if same_call && id.is_some() => {}
            Stage::Ringing { .. } => self.ring(now, description, name, id, files),
            Stage::Active { .. } if same_call || id.is_none() => {
                self.with_link(now, out, |link, out| link.describe(description, out));
            }
            // They have begun anew, so the call that we know of is over for them.
            Stage::Accepting { .. } | Stage::Active { .. } => {
                self.end(now, EndReason::PeerLost, None, out);
                self.ring(now, description, name, id, files);
            }
        }
    }

    fn say_busy(&mut self, now: Time, name: String, call: Option<CallId>, out: &mut Vec<Effect>) {
        if self.busy.spend(now) {
            let reason = Some(LeaveReason::Busy);
            self.say(now, ClientMessage::Leave { name: Some(name), call, reason }, out);
        }
    }

    /// Runs `step` on the connection of the call.
    fn with_link(
        &mut self,
        now: Time,
        out: &mut Vec<Effect>,
        step: impl FnOnce(&mut PeerLink, &mut Vec<PeerOutput>),
    ) {
        if let Some(epoch) = self.call.as_ref().and_then(Call::link).map(PeerLink::epoch) {
            self.with_peer(now, epoch, out, |link, _, out| step(link, out));
        }
    }

    fn ring(
        &mut self,
        now: Time,
        description: Description,
        peer: String,
        id: Option<CallId>,
        files: Option<FileNotice>,
    ) {
        let offer = Offer::new(description);
        let kind = offer.kind();
        let until = now.plus(CALL_TIMEOUT_MS + RING_MARGIN_MS);
        // Whoever would film is asked about that, and about the files later.
        let announced = files.filter(|_| kind == CallKind::Text);
        // One that takes the place of another mustn't be accepted by whoever was about to accept that.
        let ring = Ring { peer: peer.clone(), kind, files: announced.clone() };
        let settled = match &self.last_ring {
            Some(last) if last.ring == ring => last.settled,
            Some(last) if self.call.is_some() || now < last.until.plus(SETTLING_MS) => now.plus(SETTLING_MS),
            _ => now,
        };
        self.last_ring = Some(LastRing { ring, settled, until: now });
        let stage = Stage::Ringing { offer, until, settled };
        let conversation = self.new_conversation();
        self.begin(Call { id, peer, kind, stage, conversation, files: Vec::new(), announced });
    }

    /// Withdraws the outgoing call and takes theirs in its place.
    fn give_way(&mut self, now: Time, offer: Offer, name: String, id: Option<CallId>, out: &mut Vec<Effect>) {
        let Some(call) = &mut self.call else { return };
        let own = call.id.clone();
        let until = now.plus(DEVICE_PATIENCE_MS);
        if let Stage::Calling { link, .. } = mem::replace(&mut call.stage, Stage::Preparing { until }) {
            link.close(out);
        }
        self.forget(own.clone());
        // They may have cancelled before my call reached them; then it rings there, and must not.
        let reason = Some(LeaveReason::Cancelled);
        self.say(now, ClientMessage::Leave { name: Some(name.clone()), call: own, reason }, out);
        self.adopt(now, offer, name, id, until, out);
    }

    /// Turns an outgoing call into accepting theirs: both wanted it. The devices are those that I chose.
    fn adopt(
        &mut self,
        now: Time,
        offer: Offer,
        name: String,
        id: Option<CallId>,
        until: Time,
        out: &mut Vec<Effect>,
    ) {
        let Some(call) = &mut self.call else { return };
        call.id = id;
        call.peer = name;
        call.stage = Stage::Accepting { offer, until };
        self.go_on_when_ready(now, false, out);
    }
}

/// What whoever is called is told of the files that a call is made for.
fn notice(files: &[(SourceFile, u128)]) -> Option<FileNotice> {
    let (first, _) = files.first()?;
    let bytes = files.iter().fold(0_u64, |sum, (file, _)| sum.saturating_add(file.size));
    Some(FileNotice { name: first.name.clone(), count: files.len() as u32, bytes })
}
