//! What every part of the session works with, and how one part tells another what has happened.

use std::collections::VecDeque;

use tincan_shared::{CallId, ClientMessage, IceServer, LeaveReason, Name, RoomName};

use crate::chat::{AuthorId, ChatEvent, Conversation};
use crate::clock::Clock;
use crate::effect::{Effect, IceSettings};
use crate::ids::{MemberId, PeerConnectionId};
use crate::media::LocalMedia;
use crate::names::Names;
use crate::over::{BusyBudget, OverCalls};
use crate::random::Random;
use crate::rings::Rings;
use crate::signaling::{Credentials, Env, ServerEvent, Signaling};
use crate::time::Time;
use crate::view::{EndReason, Kept, KeptCall};

/// What calls, rooms and members decide with. One input is handled at a time, so `now` is when it happened,
/// and `effects` are what is to be done about it.
#[derive(Debug)]
pub(crate) struct Context {
    /// By `clock`, as every deadline is.
    pub(crate) now: Time,
    pub(crate) clock: Clock,
    /// As whom one is signed in.
    pub(crate) account: Option<Account>,
    /// Whether everything goes through a relay.
    pub(crate) relay_only: bool,
    /// Who the page before this one was, until it is used.
    pub(crate) kept: Option<Kept>,
    pub(crate) signaling: Signaling,
    pub(crate) media: LocalMedia,
    pub(crate) random: Random,
    pub(crate) effects: Vec<Effect>,
    pub(crate) names: Names,
    /// The calls that are over.
    pub(crate) over: OverCalls,
    pub(crate) rings: Rings,
    busy: BusyBudget,
    events: VecDeque<Event>,
    peer_connections: u32,
    members: u32,
}

/// What the server said at sign-in.
#[derive(Debug)]
pub(crate) struct Account {
    /// Where one is reached: the name, or a guest's address.
    pub(crate) address: String,
    pub(crate) display_name: String,
    /// A guest belongs to the room that is visited. Any other name is one's own on the whole server.
    pub(crate) guest: bool,
    pub(crate) ice_servers: Vec<IceServer>,
}

/// What one part of the session has to tell the whole. Handled before the next input.
#[derive(Debug)]
pub(crate) enum Event {
    Server(ServerEvent),
    Member {
        id: MemberId,
        event: MemberEvent,
    },
    /// The call with this member ends, and the other side is told why.
    CallEnds {
        with: MemberId,
        reason: EndReason,
        tell: Option<LeaveReason>,
    },
}

/// What has happened between a member and this side.
#[derive(Debug)]
pub(crate) enum MemberEvent {
    /// The first offer went out.
    Offered,
    /// This peer connection is beyond repair, or never came about.
    Failed { peer_connection: PeerConnectionId, reason: EndReason },
    /// They said this over the data channel.
    Said(ChatEvent),
    /// They said that they have left.
    Left(LeaveReason),
}

impl Context {
    pub(crate) fn new(random: Random, names: Names) -> Context {
        Context {
            now: Time::default(),
            clock: Clock::default(),
            account: None,
            relay_only: false,
            kept: None,
            signaling: Signaling::new(),
            media: LocalMedia::new(),
            random,
            effects: Vec::new(),
            names,
            over: OverCalls::default(),
            rings: Rings::default(),
            busy: BusyBudget::default(),
            events: VecDeque::new(),
            peer_connections: 0,
            members: 0,
        }
    }

    /// Returns how peer connections look for ways.
    pub(crate) fn ice_settings(&self) -> IceSettings {
        let servers = self.account.as_ref().map(|account| account.ice_servers.clone()).unwrap_or_default();
        IceSettings { servers, relay_only: self.relay_only }
    }

    /// Returns what time it is for everybody: what is shown beside a line.
    pub(crate) fn wall_time(&self) -> Time {
        self.clock.wall_time(self.now)
    }

    pub(crate) fn act(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn raise(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Returns what has still to be handled.
    pub(crate) fn next_event(&mut self) -> Option<Event> {
        let server = self.signaling.poll().map(Event::Server);
        server.or_else(|| self.events.pop_front())
    }

    /// Sends a message to the server.
    pub(crate) fn send(&mut self, message: ClientMessage) {
        self.with_signaling(|signaling, env| signaling.send(message, env));
    }

    /// Tells `name` that one is in another call, unless that was said too often lately.
    pub(crate) fn send_busy(&mut self, name: String, call: Option<CallId>) {
        if self.busy.spend(self.now) {
            self.send(ClientMessage::Leave { name: Some(name), call, reason: Some(LeaveReason::Busy) });
        }
    }

    /// Returns whether a call is over here. Whoever goes on with it is told so: what they were told first may
    /// have been lost with the server.
    pub(crate) fn is_over(&mut self, name: &str, call: &CallId) -> bool {
        let is_over = self.over.contains(call);
        if is_over && !call.is_of_room() && self.busy.spend(self.now) {
            let (name, call) = (Some(name.to_owned()), Some(call.clone()));
            self.send(ClientMessage::Leave { name, call, reason: Some(LeaveReason::Hangup) });
        }
        is_over
    }

    pub(crate) fn with_signaling(&mut self, step: impl FnOnce(&mut Signaling, &mut Env)) {
        let Context { now, signaling, random, effects, .. } = self;
        step(signaling, &mut Env { now: *now, random, effects });
    }

    /// Signs in by `name`, or as a guest of `room`: as who the page before this one was, where that is known.
    /// Returns the call that it was in.
    pub(crate) fn sign_in(&mut self, name: Name, room: Option<RoomName>) -> Option<KeptCall> {
        let (credentials, call) = match self.kept.take() {
            Some(Kept { token, ticket, call, over }) => {
                self.over.extend(over);
                (Credentials { token, ticket, of_earlier_page: true }, call)
            }
            None => {
                let token = self.random.token();
                (Credentials { token, ticket: None, of_earlier_page: false }, None)
            }
        };
        self.with_signaling(|signaling, env| signaling.sign_in(name, room, credentials, env));
        call
    }

    /// Returns whether one is signed in by a name that is one's own on the whole server.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.account.as_ref().is_some_and(|account| !account.guest)
    }

    /// Returns what one is called; nothing while nobody is signed in.
    pub(crate) fn display_name(&self) -> &str {
        self.account.as_ref().map_or("", |account| &account.display_name)
    }

    pub(crate) fn new_peer_connection(&mut self) -> PeerConnectionId {
        self.peer_connections += 1;
        PeerConnectionId(self.peer_connections)
    }

    pub(crate) fn new_member(&mut self) -> MemberId {
        self.members += 1;
        MemberId(self.members)
    }

    pub(crate) fn new_call_id(&mut self) -> CallId {
        CallId::from_random(self.random.bits() as u64)
    }

    /// Returns the number of a stream of signals: a whole number in any JSON.
    pub(crate) fn new_stream(&mut self) -> u64 {
        self.random.bits() as u64 & 0xf_ffff_ffff_ffff
    }

    /// Returns a conversation in which one's own lines go by a new number.
    pub(crate) fn new_conversation(&mut self) -> Conversation {
        // What JavaScript, and so any JSON, takes for a whole number; 0 is nobody's.
        Conversation::new(AuthorId((self.random.bits() as u64 >> 11).max(1)))
    }
}
