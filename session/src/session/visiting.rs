//! Rooms: standing before one, going in, and keeping a connection to everyone in it.

use tincan_shared::{LoginRefusal, Member as MemberSaid, RoomAnswer, RoomRefusal};

use super::room::{Reach, VisitStage};
use super::*;
use crate::chat::{Author, Body, Chat};
use crate::peer::Purpose;
use crate::view::{Lobby, LobbyProblem, Meeting, Place};

impl Session {
    pub(super) fn visit_screen(&self, visit: &Visit) -> Screen {
        let me = self.me.as_ref();
        let lobby = |problem: Option<LobbyProblem>, left| {
            Screen::Lobby(Lobby {
                room: visit.room.clone(),
                me: me.filter(|me| !me.guest).map(|me| me.display_name.clone()),
                local: self.media.view(),
                joining: visit.stage == VisitStage::Joining,
                problem,
                left,
            })
        };
        match &visit.stage {
            VisitStage::Lobby { problem, left } => lobby(problem.clone(), *left),
            VisitStage::Joining => lobby(None, false),
            VisitStage::Inside | VisitStage::Returning => {
                let me = me.map(|me| me.display_name.clone()).unwrap_or_default();
                let place = Place::Room {
                    name: visit.room.clone(),
                    limit: visit.limit,
                    renamed: !visit.wished.is_empty() && visit.wished != me,
                    missed: visit.missed.clone(),
                    returning: visit.stage == VisitStage::Returning,
                };
                Screen::Meeting(Meeting {
                    place,
                    me,
                    local: self.media.view(),
                    others: visit.members.iter().map(Member::view).collect(),
                    conversation: visit.conversation.clone(),
                    line_refused: self.line_refused,
                    offers_earlier: visit.offers,
                })
            }
        }
    }

    pub(super) fn open_room(&mut self, typed: &str, devices: Devices, out: &mut Vec<Effect>) {
        let inside = self.visit.as_ref().is_some_and(Visit::is_inside);
        if self.call.is_some() || inside || (self.me.is_none() && self.link.view() != ServerView::Idle) {
            return;
        }
        self.problem = None;
        self.notice = None;
        self.past = None;
        self.line_refused = false;
        let mut visit = Visit::new(typed);
        if visit.name.is_none() {
            let problem = Some(LobbyProblem::Room(RoomRefusal::Name));
            visit.stage = VisitStage::Lobby { problem, left: false };
        } else {
            self.media.start(devices, out);
        }
        self.visit = Some(visit);
    }

    pub(super) fn join_room(&mut self, now: Time, typed: &str, out: &mut Vec<Effect>) {
        // The others may still know the lines of an earlier stay by their numbers.
        let conversation = self.new_conversation();
        let Some(visit) = &mut self.visit else { return };
        let (VisitStage::Lobby { .. }, Some(room)) = (&visit.stage, visit.name.clone()) else { return };
        visit.conversation = conversation;
        if self.me.is_some() {
            if self.link.view() != ServerView::Online {
                visit.stage = VisitStage::Lobby { problem: Some(LobbyProblem::Offline), left: false };
                return;
            }
            visit.stage = VisitStage::Joining;
            let room = room.as_str().to_owned();
            return self.say(now, ClientMessage::Join { room }, out);
        }
        match Name::parse(typed) {
            Ok(name) => {
                visit.stage = VisitStage::Joining;
                visit.wished = name.as_str().to_owned();
                let token = self.secrets.next();
                self.with_signaling(now, out, |link, outputs| {
                    link.sign_in(now, name, Some(room), token, outputs);
                });
            }
            Err(error) => {
                let name = typed.trim().to_owned();
                let problem = Some(LobbyProblem::Name { name, reason: error.into() });
                visit.stage = VisitStage::Lobby { problem, left: false };
            }
        }
    }

    pub(super) fn leave_room(&mut self, now: Time, out: &mut Vec<Effect>) {
        self.part_from_everyone(out);
        let Some(visit) = &mut self.visit else { return };
        let (inside, asked) = (visit.is_inside(), visit.stage == VisitStage::Joining);
        visit.conversation.end();
        let signed_in = self.me.as_ref().is_some_and(|me| !me.guest);
        self.media.stop_all(out);
        self.line_refused = false;
        if signed_in {
            if let Some(visit) = self.visit.take()
                && visit.conversation.has_text()
            {
                let (peer, conversation) = (visit.room, visit.conversation);
                self.past = Some(PastConversation { peer, conversation });
            }
            if inside || asked {
                self.say(now, ClientMessage::LeaveRoom, out);
            }
            return;
        }
        if inside {
            visit.stand_before(None, true);
        } else {
            self.visit = None;
        }
        self.me = None;
        if inside || asked {
            self.with_signaling(now, out, |link, outputs| link.close(outputs));
        }
    }

    /// Whatever it was, one is not in a room any more, nor before one.
    pub(super) fn forget_visit(&mut self, out: &mut Vec<Effect>) {
        self.part_from_everyone(out);
        if self.visit.take().is_some() {
            self.media.stop_all(out);
        }
    }

    /// Ends the connections to all members.
    fn part_from_everyone(&mut self, out: &mut Vec<Effect>) {
        if let Some(visit) = &mut self.visit {
            for call in visit.clear(out) {
                self.forget(Some(call));
            }
        }
    }

    /// The guest's name, or the room, is not to be had.
    pub(super) fn refuse_guest(&mut self, name: String, reason: LoginRefusal, out: &mut Vec<Effect>) {
        self.part_from_everyone(out);
        let Some(visit) = &mut self.visit else { return };
        let problem = match reason {
            LoginRefusal::RoomFull => LobbyProblem::Room(RoomRefusal::Full),
            LoginRefusal::RoomName => LobbyProblem::Room(RoomRefusal::Name),
            reason => LobbyProblem::Name { name, reason },
        };
        visit.stand_before(Some(problem), false);
        self.me = None;
    }

    /// The server has forgotten everybody: who was inside goes in again.
    pub(super) fn return_to_room(&mut self, now: Time, out: &mut Vec<Effect>) {
        let Some(visit) = &mut self.visit else { return };
        if matches!(visit.stage, VisitStage::Lobby { .. }) {
            return;
        }
        self.part_from_everyone(out);
        let Some(visit) = &mut self.visit else { return };
        if visit.stage == VisitStage::Inside {
            visit.stage = VisitStage::Returning;
        }
        // A guest's login says where to.
        if self.me.as_ref().is_some_and(|me| !me.guest) {
            let room = visit.room.clone();
            self.say(now, ClientMessage::Join { room }, out);
        }
    }

    pub(super) fn entered(&mut self, now: Time, answer: RoomAnswer, out: &mut Vec<Effect>) {
        self.part_from_everyone(out);
        let asked = |visit: &&mut Visit| !matches!(visit.stage, VisitStage::Lobby { .. });
        let Some(visit) = self.visit.as_mut().filter(asked) else {
            // Left again before the answer came. What the others say to us until they know must not ring.
            return answer.members.into_iter().for_each(|member| self.forget(Some(member.call)));
        };
        if !answer.success {
            let refusal = answer.reason.unwrap_or(RoomRefusal::Other);
            return visit.stand_before(Some(LobbyProblem::Room(refusal)), false);
        }
        visit.stage = VisitStage::Inside;
        visit.room = answer.room;
        visit.limit = answer.limit.unwrap_or_default();
        visit.me = self.me.as_ref().map(|me| me.display_name.clone()).unwrap_or_default();
        if !answer.members.is_empty() && visit.conversation.lines().is_empty() {
            visit.conversation.note(now, Author::Me, Body::NothingEarlier);
        }
        for said in answer.members {
            self.meet(now, said, true, out);
        }
    }

    pub(super) fn joined(&mut self, now: Time, said: MemberSaid, out: &mut Vec<Effect>) {
        let Some(visit) = self.visit.as_mut().filter(|visit| visit.is_inside()) else {
            return self.forget(Some(said.call));
        };
        let Some(member) = visit.member_mut(&said.name) else {
            let who = Author::Other(said.display_name.as_str().into());
            visit.conversation.note(now, who, Body::Joined);
            return self.meet(now, said, false, out);
        };
        if member.call != said.call {
            let chat = member.close(out);
            let old = std::mem::replace(&mut member.call, said.call);
            member.reach = Reach::expected(now, chat);
            self.forget(Some(old));
            if said.caller {
                self.call_member(now, &said.name, out);
            }
        }
    }

    /// Somebody is in the room: one of both calls the other.
    fn meet(&mut self, now: Time, said: MemberSaid, before_me: bool, out: &mut Vec<Effect>) {
        let Some(visit) = &mut self.visit else { return };
        let (caller, address) = (said.caller, said.name.clone());
        let mut chat = Chat::new(visit.conversation.by());
        if before_me {
            chat.set_offers(visit.offers, &mut Vec::new());
        } else {
            Session::pass_on_earlier(visit, &mut chat);
        }
        visit.add(now, said, before_me, chat);
        if caller {
            self.call_member(now, &address, out);
        }
    }

    fn call_member(&mut self, now: Time, address: &str, out: &mut Vec<Effect>) {
        self.link_member(now, address, false, None, out);
    }

    /// Makes a connection to a member: to offer, or to answer `offer`.
    fn link_member(
        &mut self,
        now: Time,
        address: &str,
        polite: bool,
        offer: Option<Description>,
        out: &mut Vec<Effect>,
    ) {
        self.epochs += 1;
        let epoch = self.epochs;
        let (Some(me), Some(visit)) = (&self.me, &mut self.visit) else { return };
        let Some(member) = visit.member_mut(address) else { return };
        let chat = member.close(out);
        let mut outputs = Vec::new();
        let purpose = Purpose { polite, receive: &Device::ALL, chat };
        let mut link = PeerLink::create(epoch, me.ice_servers.clone(), purpose, &self.media, &mut outputs);
        link.accepted(now);
        if let Some(offer) = offer {
            link.describe(offer, &mut outputs);
        }
        member.reach = Reach::Linked(Box::new(link));
        self.peer_outputs(now, epoch, outputs, out);
    }

    pub(super) fn left(&mut self, now: Time, address: &str, call: &CallId, out: &mut Vec<Effect>) {
        let Some(visit) = &mut self.visit else { return };
        if let Some(member) = visit.remove(address, call, out) {
            visit.conversation.note(now, Author::Other(member.name.as_str().into()), Body::Left);
            self.forget(Some(member.call));
        }
    }

    pub(super) fn renamed(&mut self, now: Time, address: &str, name: String) {
        let Some(visit) = &mut self.visit else { return };
        if let Some(me) = self.me.as_mut().filter(|me| me.address == address) {
            visit.me.clone_from(&name);
            me.display_name = name;
        } else if let Some(member) = visit.member_mut(address) {
            let before = std::mem::replace(&mut member.name, name.clone());
            let who = Author::Other(before.into());
            visit.conversation.note(now, who, Body::Renamed(name.into()));
        }
    }

    /// An offer came from somebody in the room. Answers whether it was for the room.
    pub(super) fn offered_in_room(
        &mut self,
        now: Time,
        offer: &Description,
        id: Option<&CallId>,
        out: &mut Vec<Effect>,
    ) -> bool {
        let Some(visit) = &mut self.visit else { return false };
        let Some(member) = id.and_then(|id| visit.in_call(id)) else { return false };
        let address = member.address.clone();
        match &member.reach {
            Reach::Expected { .. } => self.link_member(now, &address, true, Some(offer.clone()), out),
            Reach::Linked(link) => {
                let epoch = link.epoch();
                self.with_peer(now, epoch, out, |link, _, out| link.describe(offer.clone(), out));
            }
            // It is of the connection that failed here.
            Reach::Asked { .. } | Reach::Failed { .. } => {}
        }
        true
    }

    /// The connection to the member at `epoch` can't be used any more, or not be made.
    pub(super) fn fail_member(&mut self, now: Time, epoch: u32, out: &mut Vec<Effect>) {
        if let Some(member) = self.visit.as_mut().and_then(|visit| visit.linked(epoch)) {
            member.fail(now, &mut self.rng, out);
        }
    }

    /// What was said to a member did not get through.
    pub(super) fn fail_call(&mut self, now: Time, call: &CallId, out: &mut Vec<Effect>) {
        let member = self.visit.as_mut().and_then(|visit| visit.in_call(call));
        if let Some(member) = member.filter(|member| member.link().is_some()) {
            member.fail(now, &mut self.rng, out);
        }
    }

    pub(super) fn tick_room(&mut self, now: Time, out: &mut Vec<Effect>) {
        let Some(visit) = &mut self.visit else { return };
        let mut asked = Vec::new();
        for member in &mut visit.members {
            match &mut member.reach {
                Reach::Expected { until, .. } | Reach::Asked { until, .. } if now >= *until => {
                    member.fail(now, &mut self.rng, out);
                }
                Reach::Failed { retry_at, chat } if now >= *retry_at => {
                    let chat: Chat = std::mem::take(chat);
                    member.reach = Reach::asked(now, chat);
                    asked.push((member.address.clone(), member.call.clone()));
                }
                _ => {}
            }
        }
        for (name, call) in asked {
            self.say(now, ClientMessage::Reconnect { name, call }, out);
        }
    }
}
