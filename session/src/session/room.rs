//! A room that one stands before or is in, and the others in it.

use std::mem;

use tincan_shared::{CallId, Member as MemberSaid, RoomName};

use crate::chat::{Chat, Conversation};
use crate::effect::Effect;
use crate::peer::{CONNECT_TIMEOUT_MS, PeerLink};
use crate::rng::Rng;
use crate::time::Time;
use crate::view::{ConnectionView, LobbyProblem, Participant};

/// How much longer than the caller the other side waits for an offer.
const OFFER_MARGIN_MS: u64 = 5_000;
/// The waits before a connection that failed is made anew: doubled from the first to the last, with jitter, since
/// both sides see it fail in the same moment.
const FIRST_RETRY_MS: u64 = 500;
const LAST_RETRY_MS: u64 = 15_000;

/// From opening a room's link to leaving the room.
#[derive(Debug)]
pub(super) struct Visit {
    /// As it stands in the link; then as the server spells it.
    pub(super) room: String,
    /// `None` where that can't be a room's name.
    pub(super) name: Option<RoomName>,
    pub(super) stage: VisitStage,
    /// What a guest wants to be called, once they have said so, and until they know that they are called otherwise.
    pub(super) wished: String,
    pub(super) limit: usize,
    /// What one is called in it.
    pub(super) me: String,
    /// Whoever comes is shown what was written.
    pub(super) offers: bool,
    pub(super) members: Vec<Member>,
    /// How many members there have been: their numbers.
    pub(super) arrivals: u32,
    pub(super) conversation: Conversation,
    /// Who rang meanwhile.
    pub(super) missed: Option<String>,
}

/// How far a visit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum VisitStage {
    /// Before the room.
    Lobby {
        problem: Option<LobbyProblem>,
        left: bool,
    },
    /// The server was asked.
    Joining,
    Inside,
    /// The server has forgotten that one was inside, and was asked again.
    Returning,
}

/// Somebody else in the room.
#[derive(Debug)]
pub(super) struct Member {
    /// Tells them from everyone else who was ever here.
    pub(super) who: u32,
    pub(super) address: String,
    pub(super) name: String,
    /// Names this connection on the wire. The next has another.
    pub(super) call: CallId,
    pub(super) reach: Reach,
    /// How many earlier lines they have passed on, where they were in the room before.
    pub(super) told_earlier: Option<usize>,
    /// How often in a row no connection came about.
    failures: u32,
}

/// The way to a member.
#[derive(Debug)]
pub(super) enum Reach {
    /// They will make an offer, until then at the longest.
    Expected { until: Time, chat: Chat },
    /// The server was asked to have both begin anew, and will have said so by then. What comes of the old call until
    /// then is late.
    Asked { until: Time, chat: Chat },
    /// There is a connection, or one is being made.
    Linked(Box<PeerLink>),
    /// There is none, and at this time a new one is asked for.
    Failed { retry_at: Time, chat: Chat },
}

impl Visit {
    pub(super) fn new(room: &str) -> Visit {
        let name = RoomName::parse(room).ok();
        Visit {
            room: name.as_ref().map_or(room.trim(), RoomName::as_str).to_owned(),
            name,
            stage: VisitStage::Lobby { problem: None, left: false },
            wished: String::new(),
            limit: 0,
            me: String::new(),
            offers: false,
            members: Vec::new(),
            arrivals: 0,
            conversation: Conversation::default(),
            missed: None,
        }
    }

    /// Back before the room.
    pub(super) fn stand_before(&mut self, problem: Option<LobbyProblem>, left: bool) {
        self.stage = VisitStage::Lobby { problem, left };
        self.conversation = Conversation::default();
        self.offers = false;
        self.missed = None;
    }

    pub(super) fn is_inside(&self) -> bool {
        matches!(self.stage, VisitStage::Inside | VisitStage::Returning)
    }

    pub(super) fn member_mut(&mut self, address: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.address == address)
    }

    /// The member whose connection `call` is.
    pub(super) fn in_call(&mut self, call: &CallId) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.call == *call)
    }

    /// The member to whom the peer connection `epoch` leads.
    pub(super) fn linked(&mut self, epoch: u32) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.link().is_some_and(|link| link.epoch() == epoch))
    }

    pub(super) fn links(&self) -> impl Iterator<Item = &PeerLink> {
        self.members.iter().filter_map(Member::link)
    }

    /// Adds somebody whose offer is awaited.
    pub(super) fn add(&mut self, now: Time, said: MemberSaid, before_me: bool, chat: Chat) {
        self.arrivals += 1;
        self.members.push(Member {
            who: self.arrivals,
            address: said.name,
            name: said.display_name,
            call: said.call,
            reach: Reach::expected(now, chat),
            told_earlier: before_me.then_some(0),
            failures: 0,
        });
    }

    /// Takes somebody away whose call is this one.
    pub(super) fn remove(&mut self, address: &str, call: &CallId, out: &mut Vec<Effect>) -> Option<Member> {
        let is_meant = |member: &Member| member.address == address && member.call == *call;
        let index = self.members.iter().position(is_meant)?;
        let mut member = self.members.remove(index);
        member.close(out);
        self.conversation.gone(member.who);
        Some(member)
    }

    /// Takes everybody away. Answers the calls that are over by it.
    pub(super) fn clear(&mut self, out: &mut Vec<Effect>) -> Vec<CallId> {
        let mut over = Vec::new();
        for mut member in mem::take(&mut self.members) {
            member.close(out);
            self.conversation.gone(member.who);
            over.push(member.call);
        }
        over
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.members.iter().filter_map(Member::next_timeout).min()
    }
}

impl Reach {
    pub(super) fn expected(now: Time, chat: Chat) -> Reach {
        Reach::Expected { until: now.plus(CONNECT_TIMEOUT_MS + OFFER_MARGIN_MS), chat }
    }

    pub(super) fn asked(now: Time, chat: Chat) -> Reach {
        Reach::Asked { until: now.plus(CONNECT_TIMEOUT_MS), chat }
    }
}

impl Member {
    pub(super) fn link(&self) -> Option<&PeerLink> {
        match &self.reach {
            Reach::Linked(link) => Some(link),
            Reach::Expected { .. } | Reach::Asked { .. } | Reach::Failed { .. } => None,
        }
    }

    pub(super) fn link_mut(&mut self) -> Option<&mut PeerLink> {
        match &mut self.reach {
            Reach::Linked(link) => Some(link),
            Reach::Expected { .. } | Reach::Asked { .. } | Reach::Failed { .. } => None,
        }
    }

    /// What is said to them, whatever becomes of the connection.
    pub(super) fn chat(&self) -> &Chat {
        match &self.reach {
            Reach::Linked(link) => link.chat(),
            Reach::Expected { chat, .. } | Reach::Asked { chat, .. } | Reach::Failed { chat, .. } => chat,
        }
    }

    /// Ends the connection, if there is one. Answers what goes on with the next.
    pub(super) fn close(&mut self, out: &mut Vec<Effect>) -> Chat {
        match mem::replace(&mut self.reach, Reach::expected(Time::default(), Chat::default())) {
            Reach::Linked(link) => link.close(out),
            Reach::Expected { chat, .. } | Reach::Asked { chat, .. } | Reach::Failed { chat, .. } => chat,
        }
    }

    /// The connection is beyond repair, or never came about.
    pub(super) fn fail(&mut self, now: Time, rng: &mut Rng, out: &mut Vec<Effect>) {
        let wait = (FIRST_RETRY_MS << self.failures.min(10)).min(LAST_RETRY_MS);
        self.failures += 1;
        let chat = self.close(out);
        self.reach = Reach::Failed { retry_at: now.plus(wait + rng.below(wait)), chat };
    }

    pub(super) fn connected(&mut self) {
        self.failures = 0;
    }

    pub(super) fn view(&self) -> Participant {
        let connection = match &self.reach {
            Reach::Linked(link) => link.view(),
            Reach::Expected { .. } if self.failures == 0 => ConnectionView::Connecting,
            Reach::Expected { .. } | Reach::Asked { .. } | Reach::Failed { .. } => ConnectionView::Failed,
        };
        let connection = match connection {
            // After a failure, what is being made is a further try.
            ConnectionView::Connecting if self.failures > 0 => ConnectionView::Failed,
            connection => connection,
        };
        let link = self.link();
        Participant {
            address: self.address.clone(),
            name: self.name.clone(),
            epoch: link.map(PeerLink::epoch),
            connection,
            weak: link.is_some_and(PeerLink::is_weak),
            typing: link.is_some_and(PeerLink::is_typing),
            remote: link.map(PeerLink::remote).unwrap_or_default(),
        }
    }

    fn next_timeout(&self) -> Option<Time> {
        match &self.reach {
            Reach::Expected { until, .. } | Reach::Asked { until, .. } => Some(*until),
            Reach::Linked(link) => link.next_timeout(),
            Reach::Failed { retry_at, .. } => Some(*retry_at),
        }
    }
}
