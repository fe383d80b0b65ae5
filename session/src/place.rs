//! Where one is: nowhere, in a call, or at a room.

use std::mem;
use std::slice;

use tincan_shared::{CallId, Claim, LeaveReason};

use crate::call::{Call, IncomingOffer, OfferVerdict};
use crate::context::{Context, MemberEvent};
use crate::group_chat::GroupChat;
use crate::ids::{MemberId, PeerConnectionId};
use crate::input::Intent;
use crate::member::Member;
use crate::room::Room;
use crate::time::Time;
use crate::view::{EndReason, Notice, PastConversation, Screen};

#[derive(Debug)]
pub(crate) enum Place {
    Nowhere(Home),
    /// From the wish to call, or the first ring, to its end.
    Call(Box<Call>),
    /// A room that one stands before or is in.
    Room(Box<Room>),
}

/// What is left of the last call or room.
#[derive(Debug, Default)]
pub(crate) struct Home {
    /// How the last call ended, until it was read.
    pub(crate) notice: Option<Notice>,
    /// What was written there, if anything was.
    pub(crate) past: Option<PastConversation>,
}

impl Default for Place {
    fn default() -> Place {
        Place::Nowhere(Home::default())
    }
}

impl Place {
    pub(crate) fn screen(&self, cx: &Context) -> Screen {
        match self {
            Place::Nowhere(Home { notice, past }) => {
                Screen::Home { me: cx.display_name().to_owned(), notice: notice.clone(), past: past.clone() }
            }
            Place::Call(call) => call.screen(cx),
            Place::Room(room) => room.screen(cx),
        }
    }

    pub(crate) fn next_timeout(&self, cx: &Context) -> Option<Time> {
        match self {
            Place::Nowhere(_) => None,
            Place::Call(call) => call.next_timeout(cx),
            Place::Room(room) => room.next_timeout(cx),
        }
    }

    pub(crate) fn tick(&mut self, cx: &mut Context) {
        match self {
            Place::Nowhere(_) => {}
            Place::Call(call) => call.tick(cx),
            Place::Room(room) => room.tick(cx),
        }
    }

    /// Returns everyone else in the call or room.
    pub(crate) fn members(&self) -> &[Member] {
        match self {
            Place::Nowhere(_) => &[],
            Place::Call(call) => slice::from_ref(&call.member),
            Place::Room(room) => room.stay().map_or(&[], |stay| &stay.members),
        }
    }

    pub(crate) fn members_mut(&mut self) -> &mut [Member] {
        match self {
            Place::Nowhere(_) => &mut [],
            Place::Call(call) => slice::from_mut(&mut call.member),
            Place::Room(room) => room.stay_mut().map_or(&mut [], |stay| &mut stay.members),
        }
    }

    /// Returns the members who may send files and be sent some: not of a call that is not accepted.
    pub(crate) fn companions(&self) -> &[Member] {
        match self {
            Place::Call(call) if !call.is_accepted() => &[],
            place => place.members(),
        }
    }

    /// Returns the member to whom a peer connection leads.
    pub(crate) fn member_at(&mut self, id: PeerConnectionId) -> Option<&mut Member> {
        self.members_mut().iter_mut().find(|member| member.peer_connection() == Some(id))
    }

    /// Returns what is written here and to whom it goes, where one may write.
    pub(crate) fn chat(&mut self) -> Option<(&mut GroupChat, &mut [Member])> {
        match self {
            Place::Call(call) if call.is_accepted() => {
                Some((&mut call.chat, slice::from_mut(&mut call.member)))
            }
            Place::Room(room) => room.stay_mut().map(|stay| (&mut stay.chat, &mut *stay.members)),
            Place::Nowhere(_) | Place::Call(_) => None,
        }
    }

    /// Returns the calls that go on although the server may have forgotten them.
    pub(crate) fn claims(&self) -> impl Iterator<Item = Claim> {
        self.companions().iter().filter_map(Member::claim)
    }

    /// Returns the member to whom the way is this call, and whom the server writes so.
    pub(crate) fn member_in_call(&mut self, cx: &Context, name: &str, id: &CallId) -> Option<&mut Member> {
        match self {
            Place::Nowhere(_) => None,
            Place::Call(call) => {
                let theirs = call.may_use_devices() && call.is_spoken_to(cx, Some(name), Some(id));
                theirs.then_some(&mut call.member)
            }
            Place::Room(room) => room.stay_mut()?.in_call(id).filter(|member| member.address == name),
        }
    }

    /// The server has forgotten everybody, or the other side of the call: what works without it goes on.
    pub(crate) fn forgotten(&mut self, cx: &mut Context) {
        match self {
            Place::Nowhere(_) => {}
            Place::Call(call) if call.outlives_the_server() => call.member.unknown_to_server(cx),
            // The other side has been told, or knows no more of us than the server does.
            Place::Call(_) => self.end_call(cx, EndReason::ServerLost, None),
            Place::Room(room) => room.return_to_it(cx),
        }
    }

    /// Returns whether microphone and camera may be opened: at a room, and in a call that was wanted.
    pub(crate) fn may_use_devices(&self) -> bool {
        match self {
            Place::Nowhere(_) => false,
            Place::Call(call) => call.may_use_devices(),
            Place::Room(_) => true,
        }
    }

    /// Returns whether there are others to show something to, or may be at any moment.
    pub(crate) fn is_meeting(&self) -> bool {
        match self {
            Place::Nowhere(_) => false,
            Place::Call(call) => call.is_active(),
            Place::Room(room) => room.is_inside(),
        }
    }

    /// Goes on with a call that waited for devices.
    pub(crate) fn proceed(&mut self, cx: &mut Context) {
        if let Place::Call(call) = self {
            call.proceed(cx);
        }
    }

    /// Does what the user wants of the call or room.
    pub(crate) fn intent(&mut self, cx: &mut Context, intent: Intent) {
        match (intent, self) {
            (Intent::Cancel, Place::Call(call)) => call.cancel(cx),
            (Intent::Accept { camera }, Place::Call(call)) => call.accept(cx, camera),
            (Intent::Decline, Place::Call(call)) => call.decline(cx),
            (Intent::HangUp, Place::Call(call)) => call.hang_up(cx),
            (Intent::JoinRoom { name }, Place::Room(room)) => room.join(cx, &name),
            (Intent::OfferEarlier(on), Place::Room(room)) => {
                if let Some(stay) = room.stay_mut() {
                    stay.offer_earlier(cx, on);
                }
            }
            (intent, place) => {
                let Some((chat, members)) = place.chat() else { return };
                match intent {
                    Intent::Send { text, reply } => chat.write(cx, members, &text, reply),
                    Intent::Edit { line, text } => chat.edit(cx, members, line, &text),
                    Intent::Retract { line } => chat.retract(cx, members, line),
                    Intent::React { line, emoji } => chat.react(cx, members, line, &emoji),
                    Intent::Typing => chat.type_on(cx, members),
                    // Too late or too early: the place has changed since the button was drawn.
                    _ => {}
                }
            }
        }
    }

    pub(crate) fn member_event(&mut self, cx: &mut Context, id: MemberId, event: MemberEvent) {
        match self {
            Place::Call(call) if call.member.id == id => call.member_event(cx, event),
            Place::Room(room) => room.member_event(cx, id, event),
            Place::Nowhere(_) | Place::Call(_) => {}
        }
    }

    /// An offer has come: it rings, or is dealt with where one is.
    pub(crate) fn offered(&mut self, cx: &mut Context, offer: IncomingOffer) {
        if offer.call.as_ref().is_some_and(|id| cx.is_over(&offer.name, id)) {
            return;
        }
        let (offer, replaces) = match self {
            Place::Nowhere(_) => (offer, false),
            Place::Room(room) => return room.offered(cx, offer),
            Place::Call(call) => match call.offered(cx, offer) {
                OfferVerdict::Taken => return,
                OfferVerdict::ReplacesRing(offer) => (offer, true),
                OfferVerdict::EndsCall(offer) => {
                    self.end_call(cx, EndReason::PeerLost, None);
                    (offer, false)
                }
            },
        };
        if !cx.rings.may_ring(cx.now, &offer.name) {
            return cx.send_busy(offer.name, offer.call);
        }
        let earlier = match mem::take(self) {
            Place::Nowhere(home) => home.past,
            Place::Call(call) => call.supersede(cx),
            Place::Room(_) => None,
        };
        let mut call = Call::incoming(cx, offer, replaces);
        call.keep(earlier);
        *self = Place::Call(Box::new(call));
    }

    /// Ends the call, if there is one, and tells the other side why.
    pub(crate) fn end_call(&mut self, cx: &mut Context, reason: EndReason, tell: Option<LeaveReason>) {
        *self = match mem::take(self) {
            Place::Call(call) => {
                let (notice, past) = call.end(cx, reason, tell);
                Place::Nowhere(Home { notice: Some(notice), past })
            }
            other => other,
        };
    }

    /// Is not at a room any more, without a word to the server.
    pub(crate) fn close_room(&mut self, cx: &mut Context) {
        *self = match mem::take(self) {
            Place::Room(room) => {
                room.close(cx);
                Place::default()
            }
            other => other,
        };
    }
}
