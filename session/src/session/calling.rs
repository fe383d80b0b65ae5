//! Calls: starting one, accepting one, ending one.

use super::*;
use crate::chat::Chat;
use crate::peer::Purpose;

impl Session {
    pub(super) fn start_call(&mut self, now: Time, typed: &str, kind: CallKind, out: &mut Vec<Effect>) {
        let (Some(me), None, None) = (&self.me, &self.call, &self.visit) else { return };
        let peer = typed.trim().to_owned();
        let impossible = match Name::parse(&peer) {
            Err(_) => Some(EndReason::Unavailable),
            Ok(_) if self.letters.same_name(&peer, &me.address) => Some(EndReason::Yourself),
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
        let conversation = self.new_conversation();
        self.begin(Call { id, peer, kind, stage, conversation, files: Vec::new(), announced: None });
        self.media.start(Devices::of(kind), out);
        self.go_on_when_ready(now, false, out);
    }

    /// `call` is now the call.
    pub(super) fn begin(&mut self, call: Call) {
        self.notice = None;
        self.past = None;
        self.line_refused = false;
        self.call = Some(call);
    }

    pub(super) fn accept(&mut self, now: Time, camera: bool, out: &mut Vec<Effect>) {
        let Some(mut call) = self.call.take() else { return };
        call.stage = match call.stage {
            Stage::Ringing { offer, settled, .. } if now >= settled => {
                Stage::Accepting { offer, until: now.plus(DEVICE_PATIENCE_MS) }
            }
            other => {
                self.call = Some(Call { stage: other, ..call });
                return;
            }
        };
        self.ring_is_over(now);
        let mut wanted = Devices::of(call.kind);
        wanted.camera &= camera;
        self.call = Some(call);
        self.media.start(wanted, out);
        self.go_on_when_ready(now, false, out);
    }

    fn ring_is_over(&mut self, now: Time) {
        if let Some(last) = &mut self.last_ring {
            last.until = now;
        }
    }

    /// Leaves `Preparing` or `Accepting` once the devices are there, or `anyway`.
    pub(super) fn go_on_when_ready(&mut self, now: Time, anyway: bool, out: &mut Vec<Effect>) {
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
                let wanted = Devices::of(call.kind);
                let receive: Vec<Device> = Device::ALL.into_iter().filter(|it| wanted.has(*it)).collect();
                let purpose =
                    Purpose { polite: false, receive: &receive, chat: Chat::new(call.conversation.by()) };
                let link = PeerLink::create(self.epochs, ice_servers, purpose, &self.media, &mut outputs);
                let until = now.plus(CALL_TIMEOUT_MS);
                Stage::Calling { link: Box::new(link), until, offered: false, ringing: false }
            }
            Stage::Accepting { offer, .. } => {
                self.epochs += 1;
                let purpose = Purpose { polite: true, receive: &[], chat: Chat::new(call.conversation.by()) };
                let mut link = PeerLink::create(self.epochs, ice_servers, purpose, &self.media, &mut outputs);
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
        self.peer_outputs(now, self.epochs, outputs, out);
    }

    /// Ends the call, if there is one: everything is released, and the other side is told `tell`.
    pub(super) fn end(
        &mut self,
        now: Time,
        reason: EndReason,
        tell: Option<LeaveReason>,
        out: &mut Vec<Effect>,
    ) {
        let Some(call) = self.call.take() else { return };
        let reason = match reason {
            EndReason::Declined if !call.files.is_empty() => EndReason::FilesRefused,
            EndReason::DeclinedByMe if call.announced.is_some() => EndReason::FilesRefusedByMe,
            other => other,
        };
        // Nobody knows of a call whose offer isn't out.
        let unknown = matches!(call.stage, Stage::Preparing { .. } | Stage::Calling { offered: false, .. });
        let told = tell.filter(|_| !unknown);
        if let Some(reason) = told {
            let (name, id) = (call.peer.clone(), call.id.clone());
            self.say(now, ClientMessage::Leave { name: Some(name), call: id, reason: Some(reason) }, out);
        }
        if let Stage::Ringing { .. } = call.stage {
            self.ring_is_over(now);
        }
        if let Stage::Calling { link, .. } | Stage::Active { link } = call.stage {
            link.close(out);
        }
        self.release_files(call.files, out);
        let mut conversation = call.conversation;
        conversation.end();
        if conversation.has_text() {
            self.past = Some(PastConversation { peer: call.peer.clone(), conversation });
        }
        self.media.stop_all(out);
        self.forget(call.id);
        self.notice = Some(Notice { peer: call.peer, reason });
    }

    /// The call of this id is over.
    pub(super) fn forget(&mut self, id: Option<CallId>) {
        self.over.extend(id);
        if self.over.len() > REMEMBERED_CALLS {
            self.over.pop_front();
        }
    }

    pub(super) fn tick_call(&mut self, now: Time, out: &mut Vec<Effect>) {
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
    }
}
