//! A room, from opening its link to leaving it: the lobby, joining, and a peer connection to every member.
//!
//! What a room has in common with a call (members, what is written) is in `member` and `group_chat`.

mod stay;

use tincan_shared::{
    CallId, ClientMessage, LeaveReason, LoginRefusal, Name, RoomAnswer, RoomMember, RoomName, RoomRefusal,
};

use crate::call::IncomingOffer;
use crate::context::{Context, MemberEvent};
use crate::device::Devices;
use crate::ids::MemberId;
use crate::member::Member;
use crate::time::Time;
use crate::view::{Lobby, LobbyProblem, Meeting, MeetingKind, PastConversation, Screen, ServerView};
pub(crate) use stay::Stay;

/// From opening a room's link to leaving the room.
#[derive(Debug)]
pub(crate) struct Room {
    /// As it stands in the link; then as the server spells it.
    title: String,
    /// `None` where that can't be a room's name.
    name: Option<RoomName>,
    /// What a guest wants to be called, once they have said so, and until they know that they are called
    /// otherwise.
    wished: String,
    /// Who rang meanwhile.
    missed: Option<String>,
    /// What was written in an earlier stay, while one stands before the room again.
    past: Option<PastConversation>,
    state: RoomState,
}

#[derive(Debug)]
enum RoomState {
    /// Before the room. `left` says that one was inside.
    Lobby {
        problem: Option<LobbyProblem>,
        left: bool,
    },
    /// The server was asked.
    Joining,
    Inside(Box<Stay>),
    /// The server has forgotten that one was inside, and was asked again.
    Returning(Box<Stay>),
}

/// What comes of leaving.
pub(crate) enum Leaving {
    /// A guest stands before the room again.
    Lobby(Room),
    /// One is nowhere. What was written is left, if anything was.
    Gone(Option<PastConversation>),
}

impl Room {
    /// Stands before a room, with these devices opened for the preview.
    pub(crate) fn open(cx: &mut Context, typed: &str, devices: Devices) -> Room {
        let name = RoomName::parse(typed).ok();
        let problem = name.is_none().then_some(LobbyProblem::Room(RoomRefusal::Name));
        if problem.is_none() {
            cx.media.start(devices, &mut cx.effects);
        }
        Room {
            title: name.as_ref().map_or(typed.trim(), RoomName::as_str).to_owned(),
            name,
            wished: String::new(),
            missed: None,
            past: None,
            state: RoomState::Lobby { problem, left: false },
        }
    }

    pub(crate) fn is_inside(&self) -> bool {
        self.stay().is_some()
    }

    /// Returns what there is of being inside.
    pub(crate) fn stay(&self) -> Option<&Stay> {
        match &self.state {
            RoomState::Inside(stay) | RoomState::Returning(stay) => Some(stay),
            RoomState::Lobby { .. } | RoomState::Joining => None,
        }
    }

    pub(crate) fn stay_mut(&mut self) -> Option<&mut Stay> {
        match &mut self.state {
            RoomState::Inside(stay) | RoomState::Returning(stay) => Some(stay),
            RoomState::Lobby { .. } | RoomState::Joining => None,
        }
    }

    pub(crate) fn next_timeout(&self, cx: &Context) -> Option<Time> {
        self.stay()?.next_timeout(cx)
    }

    pub(crate) fn screen(&self, cx: &Context) -> Screen {
        let lobby = |problem: Option<LobbyProblem>, left| {
            Screen::Lobby(Lobby {
                room: self.title.clone(),
                me: cx.is_signed_in().then(|| cx.display_name().to_owned()),
                local: cx.media.view(),
                joining: matches!(self.state, RoomState::Joining),
                problem,
                left,
                past: self.past.clone(),
            })
        };
        let (stay, returning) = match &self.state {
            RoomState::Lobby { problem, left } => return lobby(problem.clone(), *left),
            RoomState::Joining => return lobby(None, false),
            RoomState::Inside(stay) => (stay, false),
            RoomState::Returning(stay) => (stay, true),
        };
        let me = cx.display_name().to_owned();
        Screen::Meeting(Meeting {
            kind: MeetingKind::Room {
                name: self.title.clone(),
                limit: stay.limit,
                renamed: !self.wished.is_empty() && self.wished != me,
                missed: self.missed.clone(),
                returning,
            },
            me,
            local: cx.media.view(),
            others: stay.members.iter().map(Member::view).collect(),
            conversation: stay.chat.conversation().clone(),
            sent: stay.chat.sent(),
            offers_earlier: stay.offers_earlier,
        })
    }

    /// The notes about who rang, and what one is called, were read.
    pub(crate) fn dismiss_notes(&mut self) {
        self.missed = None;
        self.wished.clear();
    }

    /// Goes in. A guest is called by what was typed.
    pub(crate) fn join(&mut self, cx: &mut Context, typed: &str) {
        let (RoomState::Lobby { .. }, Some(name)) = (&self.state, &self.name) else { return };
        let room = name.clone();
        if cx.account.is_some() {
            if cx.signaling.view() != ServerView::Online {
                return self.stand_before(Some(LobbyProblem::Offline), false);
            }
            self.state = RoomState::Joining;
            return cx.send(ClientMessage::Join { room: room.as_str().to_owned() });
        }
        match Name::parse(typed) {
            Ok(name) => {
                self.state = RoomState::Joining;
                self.wished = name.as_str().to_owned();
                cx.sign_in(name, Some(room));
            }
            Err(error) => {
                let name = typed.trim().to_owned();
                self.stand_before(Some(LobbyProblem::Name { name, reason: error.into() }), false);
            }
        }
    }

    pub(crate) fn leave(mut self, cx: &mut Context) -> Leaving {
        self.say_goodbye(cx);
        self.part_from_everyone(cx);
        cx.media.stop_all(&mut cx.effects);
        let (inside, asked) = (self.is_inside(), matches!(self.state, RoomState::Joining));
        if cx.is_signed_in() {
            if inside || asked {
                cx.send(ClientMessage::LeaveRoom);
            }
            return Leaving::Gone(self.into_past());
        }
        cx.account = None;
        if inside || asked {
            cx.with_signaling(|signaling, env| signaling.close(env));
        }
        if !inside {
            return Leaving::Gone(self.into_past());
        }
        let state = std::mem::replace(&mut self.state, RoomState::Lobby { problem: None, left: true });
        self.past = written(state, &self.title);
        Leaving::Lobby(self)
    }

    /// Returns what was written, if anything was.
    fn into_past(self) -> Option<PastConversation> {
        written(self.state, &self.title).or(self.past)
    }

    /// Closes everything without a word to the server: it knows.
    pub(crate) fn close(mut self, cx: &mut Context) {
        self.say_goodbye(cx);
        self.part_from_everyone(cx);
        cx.media.stop_all(&mut cx.effects);
    }

    /// Is before the room again.
    fn stand_before(&mut self, problem: Option<LobbyProblem>, left: bool) {
        self.state = RoomState::Lobby { problem, left };
    }

    fn say_goodbye(&mut self, cx: &mut Context) {
        for member in self.stay_mut().map_or(&mut [][..], |stay| &mut stay.members) {
            member.say_goodbye(cx, LeaveReason::Hangup);
        }
    }

    fn part_from_everyone(&mut self, cx: &mut Context) {
        if let Some(stay) = self.stay_mut() {
            stay.part_from_everyone(cx);
        }
    }

    /// The guest's name, or the room, is not to be had.
    pub(crate) fn refuse_guest(&mut self, cx: &mut Context, name: String, reason: LoginRefusal) {
        self.part_from_everyone(cx);
        let problem = match reason {
            LoginRefusal::RoomFull => LobbyProblem::Room(RoomRefusal::Full),
            LoginRefusal::RoomName => LobbyProblem::Room(RoomRefusal::Name),
            reason => LobbyProblem::Name { name, reason },
        };
        self.missed = None;
        self.stand_before(Some(problem), false);
        cx.account = None;
    }

    /// The server has forgotten everybody: who was inside goes in again.
    pub(crate) fn return_to_it(&mut self, cx: &mut Context) {
        if let Some(stay) = self.stay_mut() {
            stay.forgotten(cx);
        }
        self.state = match std::mem::replace(&mut self.state, RoomState::Joining) {
            RoomState::Inside(stay) | RoomState::Returning(stay) => RoomState::Returning(stay),
            RoomState::Joining => RoomState::Joining,
            lobby @ RoomState::Lobby { .. } => {
                self.state = lobby;
                return;
            }
        };
        // A guest's login says where to.
        if cx.is_signed_in() {
            cx.send(ClientMessage::Join { room: self.title.clone() });
        }
    }

    /// The server says that one is in, and who else is, or that one is not. It says so again to one who has
    /// missed who came and went.
    pub(crate) fn entered(&mut self, cx: &mut Context, answer: RoomAnswer) {
        if let RoomState::Lobby { .. } = self.state {
            return forget_members(cx, answer);
        }
        if !answer.success {
            self.part_from_everyone(cx);
            let refusal = answer.reason.unwrap_or(RoomRefusal::Other);
            self.missed = None;
            return self.stand_before(Some(LobbyProblem::Room(refusal)), false);
        }
        self.title = answer.room;
        let (limit, members) = (answer.limit.unwrap_or_default(), answer.members);
        let stay = match std::mem::replace(&mut self.state, RoomState::Joining) {
            RoomState::Inside(mut stay) => {
                stay.update(cx, members);
                stay
            }
            RoomState::Returning(mut stay) => {
                stay.returned(cx, limit, members);
                stay
            }
            // The others may still know the lines of an earlier stay by their numbers: these go by others.
            RoomState::Lobby { .. } | RoomState::Joining => {
                self.past = None;
                let mut stay = Box::new(Stay::new(cx));
                stay.entered(cx, limit, members);
                stay
            }
        };
        self.state = RoomState::Inside(stay);
    }

    /// Somebody has come in, or is to be connected to anew.
    pub(crate) fn joined(&mut self, cx: &mut Context, said: RoomMember) {
        match self.stay_mut() {
            Some(stay) => stay.joined(cx, said),
            None => cx.over.extend([said.call]),
        }
    }

    /// Somebody has gone out.
    pub(crate) fn left(
        &mut self,
        cx: &mut Context,
        address: &str,
        call: &CallId,
        reason: Option<LeaveReason>,
    ) {
        if let Some(stay) = self.stay_mut() {
            stay.left(cx, address, call, reason);
        }
    }

    /// Somebody, perhaps oneself, is called otherwise from now on.
    pub(crate) fn renamed(&mut self, cx: &mut Context, address: &str, name: String) {
        if let Some(me) = cx.account.as_mut().filter(|me| me.address == address) {
            me.display_name = name;
        } else if let Some(stay) = self.stay_mut() {
            stay.renamed(cx, address, name);
        }
    }

    /// An offer has come: of somebody inside, or of somebody who rings, and is told that one is busy.
    pub(crate) fn offered(&mut self, cx: &mut Context, offer: IncomingOffer) {
        let member = offer.call.as_ref().and_then(|id| self.stay_mut()?.in_call(id));
        match member {
            Some(member) => stay::take_offer(cx, member, offer.description, offer.stream),
            None => {
                self.missed = Some(offer.name.clone());
                cx.send_busy(offer.name, offer.call);
            }
        }
    }

    pub(crate) fn member_event(&mut self, cx: &mut Context, member: MemberId, event: MemberEvent) {
        if let Some(stay) = self.stay_mut() {
            stay.member_event(cx, member, event);
        }
    }

    /// What was said to a member did not get through.
    pub(crate) fn undelivered(&mut self, cx: &mut Context, call: &CallId) {
        if let Some(member) = self.stay_mut().and_then(|stay| stay.in_call(call))
            && member.peer_connection().is_some()
            && !member.works()
        {
            member.fail(cx);
        }
    }

    pub(crate) fn tick(&mut self, cx: &mut Context) {
        if let Some(stay) = self.stay_mut() {
            stay.tick(cx);
        }
    }
}

/// Returns what was written in the room of this title, if anything was.
fn written(state: RoomState, title: &str) -> Option<PastConversation> {
    match state {
        RoomState::Inside(stay) | RoomState::Returning(stay) => stay.chat.end(title.to_owned()),
        RoomState::Lobby { .. } | RoomState::Joining => None,
    }
}

/// One has left the room before the answer came. What its members say to us until they know must not ring.
pub(crate) fn forget_members(cx: &mut Context, answer: RoomAnswer) {
    cx.over.extend(answer.members.into_iter().map(|member| member.call));
}
