//! Being in a room: everyone else in it, and what is written.

use tincan_shared::{CallId, ClientMessage, Description, LeaveReason, RoomMember};

use crate::chat::{Author, Body};
use crate::context::{Context, MemberEvent};
use crate::device::Device;
use crate::group_chat::{GroupChat, author};
use crate::ids::MemberId;
use crate::member::{Member, MemberLink, PassedOn, Role};
use crate::time::Time;

/// A newcomer wants everything from everyone.
const CALLER: Role<'static> = Role::Offerer { receive: &Device::ALL };

/// See the module's words.
#[derive(Debug)]
pub(crate) struct Stay {
    /// How many fit into the room.
    pub(super) limit: usize,
    /// Whether whoever comes is shown what was written.
    pub(super) offers_earlier: bool,
    pub(crate) members: Vec<Member>,
    pub(crate) chat: GroupChat,
}

impl Stay {
    pub(super) fn new(cx: &mut Context) -> Stay {
        Stay { limit: 0, offers_earlier: false, members: Vec::new(), chat: GroupChat::new(cx) }
    }

    pub(super) fn next_timeout(&self, cx: &Context) -> Option<Time> {
        self.members.iter().filter_map(|member| member.next_timeout(cx)).chain(self.chat.next_timeout()).min()
    }

    fn member_mut(&mut self, address: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.address == address)
    }

    /// Returns the member to whom the way is this call.
    pub(crate) fn in_call(&mut self, call: &CallId) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.call.as_ref() == Some(call))
    }

    /// Takes everybody away. Their calls are over.
    pub(super) fn part_from_everyone(&mut self, cx: &mut Context) {
        for member in std::mem::take(&mut self.members) {
            self.part_from(cx, member);
        }
    }

    fn part_from(&mut self, cx: &mut Context, mut member: Member) {
        member.disconnect(cx);
        self.chat.gone(member.id);
        cx.over.extend(member.call);
    }

    /// The server has forgotten everybody. Whoever is connected stays; the others are met again.
    pub(super) fn forgotten(&mut self, cx: &mut Context) {
        for mut member in std::mem::take(&mut self.members) {
            if member.outlives_its_connection() {
                member.unknown_to_server(cx);
                self.members.push(member);
            } else {
                self.part_from(cx, member);
            }
        }
    }

    /// One is in again, with these. Whoever is not there yet will come, or is gone after a while.
    pub(super) fn returned(&mut self, cx: &mut Context, limit: usize, members: Vec<RoomMember>) {
        self.limit = limit;
        for said in members {
            self.found(cx, said, true);
        }
    }

    /// One is in, with these.
    pub(super) fn entered(&mut self, cx: &mut Context, limit: usize, members: Vec<RoomMember>) {
        self.limit = limit;
        if !members.is_empty() && self.chat.conversation().lines().is_empty() {
            self.chat.note(cx, Author::Me, Body::NothingEarlier);
        }
        for said in members {
            self.meet(cx, said, true);
        }
    }

    /// These are there now, whoever came and went meanwhile.
    pub(super) fn update(&mut self, cx: &mut Context, members: Vec<RoomMember>) {
        let is_there = |member: &Member| {
            let call = member.call.as_ref();
            let is_same = |said: &RoomMember| said.stay == member.stay || Some(&said.call) == call;
            members.iter().any(|said| said.name == member.address && is_same(said))
        };
        let gone = self.members.iter().filter(|member| !is_there(member));
        let gone: Vec<_> = gone.filter_map(|it| Some((it.address.clone(), it.call.clone()?))).collect();
        for (address, call) in gone {
            self.left(cx, &address, &call, Some(LeaveReason::Lost));
        }
        for said in members {
            self.joined(cx, said);
        }
    }

    pub(super) fn joined(&mut self, cx: &mut Context, said: RoomMember) {
        self.found(cx, said, false);
    }

    /// Somebody is in the room. `before_me` says that they were before one came.
    fn found(&mut self, cx: &mut Context, said: RoomMember, before_me: bool) {
        let Some(member) = self.member_mut(&said.name) else {
            if !before_me {
                self.chat.note(cx, author(&said.display_name), Body::Joined);
            }
            return self.meet(cx, said, before_me);
        };
        member.stay = said.stay;
        if member.name != said.display_name {
            self.renamed(cx, &said.name, said.display_name.clone());
        }
        let Some(member) = self.member_mut(&said.name) else { return };
        if member.call.as_ref() == Some(&said.call) {
            // The connection that the two have goes on.
            return member.known_to_server(cx);
        }
        member.disconnect(cx);
        cx.over.extend(member.call.replace(said.call));
        await_or_call(cx, member, said.caller);
        member.known_to_server(cx);
    }

    /// Somebody is in the room: one of both calls the other.
    fn meet(&mut self, cx: &mut Context, said: RoomMember, before_me: bool) {
        let lines_by = self.chat.lines_by();
        let mut member =
            Member::new(cx.new_member(), said.name, said.display_name, Some(said.call), lines_by);
        member.stay = said.stay;
        member.converse(cx, |chat, out| chat.set_offers(self.offers_earlier, out));
        if before_me {
            member.passed_on = Some(PassedOn::default());
        } else if self.offers_earlier {
            self.chat.pass_on(cx, &mut member);
        }
        await_or_call(cx, &mut member, said.caller);
        self.chat.come(&member);
        self.members.push(member);
    }

    pub(super) fn left(
        &mut self,
        cx: &mut Context,
        address: &str,
        call: &CallId,
        reason: Option<LeaveReason>,
    ) {
        let is_meant = |member: &Member| member.address == address && member.call.as_ref() == Some(call);
        let Some(index) = self.members.iter().position(is_meant) else { return };
        let member = &mut self.members[index];
        if reason == Some(LeaveReason::Lost) && member.outlives_its_connection() && member.works() {
            // It is only the server that has lost them.
            return member.claim_anew(cx);
        }
        self.remove(cx, index);
    }

    /// A member is not in the room any more.
    fn remove(&mut self, cx: &mut Context, index: usize) {
        let member = self.members.remove(index);
        self.chat.note(cx, author(&member.name), Body::Left);
        self.part_from(cx, member);
    }

    pub(super) fn renamed(&mut self, cx: &Context, address: &str, name: String) {
        let Some(member) = self.member_mut(address) else { return };
        let before = std::mem::replace(&mut member.name, name.clone());
        self.chat.note(cx, author(&before), Body::Renamed(name.into()));
    }

    /// From now on, whoever comes is shown what was written; or no longer.
    pub(crate) fn offer_earlier(&mut self, cx: &mut Context, on: bool) {
        if std::mem::replace(&mut self.offers_earlier, on) == on {
            return;
        }
        self.chat.note(cx, Author::Me, Body::Offers(on));
        for member in &mut self.members {
            member.converse(cx, |chat, out| chat.set_offers(on, out));
        }
    }

    pub(super) fn member_event(&mut self, cx: &mut Context, id: MemberId, event: MemberEvent) {
        let Some(member) = self.members.iter_mut().find(|member| member.id == id) else { return };
        match event {
            MemberEvent::Offered => {}
            MemberEvent::Left(_) => {
                if let Some(index) = self.members.iter().position(|member| member.id == id) {
                    self.remove(cx, index);
                }
            }
            MemberEvent::Failed { peer_connection, .. } => {
                if member.peer_connection() == Some(peer_connection) {
                    member.fail(cx);
                }
            }
            MemberEvent::Said(event) => self.chat.hear(cx, member, event),
        }
    }

    pub(super) fn tick(&mut self, cx: &mut Context) {
        self.chat.tick(cx, &mut self.members);
        while let Some(index) = self.members.iter().position(|member| member.is_gone(cx)) {
            self.members[index].unclaim(cx);
            self.remove(cx, index);
        }
        for member in &mut self.members {
            member.tick(cx);
            if let MemberLink::AwaitingOffer { until } | MemberLink::AwaitingRenewal { until } = member.link
                && cx.now >= until
            {
                member.fail(cx);
            } else if member.is_due_for_renewal(cx) {
                member.link = MemberLink::awaiting_renewal(cx.now);
                if let Some(call) = member.call.clone() {
                    cx.send(ClientMessage::Reconnect { name: member.address.clone(), call });
                }
            }
        }
    }
}

/// Makes the offer, or waits for theirs.
fn await_or_call(cx: &mut Context, member: &mut Member, caller: bool) {
    member.give_way(!caller);
    if caller {
        member.connect(cx, CALLER);
        member.accepted(cx);
    } else {
        member.link = MemberLink::awaiting_offer(cx.now);
    }
}

/// Takes an offer of somebody in the room.
pub(super) fn take_offer(cx: &mut Context, member: &mut Member, offer: Description, stream: Option<u64>) {
    match member.link {
        MemberLink::AwaitingOffer { .. } => member.answer(cx, offer, stream),
        MemberLink::Up(_) => member.offered_again(cx, offer, stream),
        // It is of the connection that failed here.
        MemberLink::None
        | MemberLink::Returning
        | MemberLink::AwaitingRenewal { .. }
        | MemberLink::Failed { .. } => {}
    }
}
