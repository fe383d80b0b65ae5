//! Being in a room: everyone else in it, and what is written.

use tincan_shared::{CallId, ClientMessage, Description, RoomMember};

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

    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.members.iter().filter_map(Member::next_timeout).chain(self.chat.next_timeout()).min()
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
        for mut member in std::mem::take(&mut self.members) {
            member.disconnect(cx);
            self.chat.gone(member.id);
            cx.over.extend(member.call);
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
            members.iter().any(|said| said.name == member.address && said.stay == member.stay)
        };
        let gone = self.members.iter().filter(|member| !is_there(member));
        let gone: Vec<_> = gone.filter_map(|it| Some((it.address.clone(), it.call.clone()?))).collect();
        for (address, call) in gone {
            self.left(cx, &address, &call);
        }
        for said in members {
            let member = self.member_mut(&said.name);
            if member.is_some_and(|member| member.name != said.display_name) {
                self.renamed(cx, &said.name, said.display_name.clone());
            }
            self.joined(cx, said);
        }
    }

    pub(super) fn joined(&mut self, cx: &mut Context, said: RoomMember) {
        let Some(member) = self.member_mut(&said.name) else {
            self.chat.note(cx, author(&said.display_name), Body::Joined);
            return self.meet(cx, said, false);
        };
        if member.call.as_ref() != Some(&said.call) {
            member.disconnect(cx);
            cx.over.extend(member.call.replace(said.call));
            await_or_call(cx, member, said.caller);
        }
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

    pub(super) fn left(&mut self, cx: &mut Context, address: &str, call: &CallId) {
        let is_meant = |member: &Member| member.address == address && member.call.as_ref() == Some(call);
        let Some(index) = self.members.iter().position(is_meant) else { return };
        let mut member = self.members.remove(index);
        member.disconnect(cx);
        self.chat.gone(member.id);
        self.chat.note(cx, author(&member.name), Body::Left);
        cx.over.extend(member.call);
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
        for member in &mut self.members {
            member.tick(cx);
            match member.link {
                MemberLink::AwaitingOffer { until } | MemberLink::AwaitingRenewal { until }
                    if cx.now >= until =>
                {
                    member.fail(cx);
                }
                MemberLink::Failed { retry_at } if cx.now >= retry_at => {
                    member.link = MemberLink::awaiting_renewal(cx.now);
                    if let Some(call) = member.call.clone() {
                        cx.send(ClientMessage::Reconnect { name: member.address.clone(), call });
                    }
                }
                _ => {}
            }
        }
    }
}

/// Makes the offer, or waits for theirs.
fn await_or_call(cx: &mut Context, member: &mut Member, caller: bool) {
    if caller {
        member.connect(cx, CALLER);
        member.accepted(cx);
    } else {
        member.link = MemberLink::awaiting_offer(cx.now);
    }
}

/// Takes an offer of somebody in the room.
pub(super) fn take_offer(cx: &mut Context, member: &mut Member, offer: Description) {
    match member.link {
        MemberLink::AwaitingOffer { .. } => {
            member.connect(cx, Role::Answerer);
            member.accepted(cx);
            member.describe(cx, offer);
        }
        MemberLink::Up(_) => member.describe(cx, offer),
        // It is of the connection that failed here.
        MemberLink::None | MemberLink::AwaitingRenewal { .. } | MemberLink::Failed { .. } => {}
    }
}
