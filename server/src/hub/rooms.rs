//! Entering and leaving rooms, and reconnecting with one of the members.
//!
//! Any two members have a call, whose id the hub makes. The hub handles one frame after the other, so of two
//! users who enter at once exactly one is told to call the other: the later one calls those already there.

use tincan_shared::{
    CallId, LeaveReason, MAX_ROOM_NAME_CHARS, Name, RoomAnswer, RoomMember, RoomName, RoomRefusal,
};

use super::client_error::ClientError;
use super::connection::ConnectionId;
use super::display_name::first_free;
use super::room::{Occupant, Room};
use super::user_key::UserKey;
use super::{Hub, Outgoing};
use crate::name_key::{Look, RoomKey};

impl Hub {
    /// Handles a `join` of a user who is signed in.
    pub(super) fn join(&mut self, now_ms: u64, id: ConnectionId, key: &UserKey, text: &str) {
        let Ok(name) = RoomName::parse(text) else {
            let quoted = text.chars().take(MAX_ROOM_NAME_CHARS).collect();
            return self.refuse_to_join(key, quoted, RoomRefusal::Name);
        };
        let room = RoomKey::of(&name);
        match self.users.get(key).and_then(|user| user.room.clone()) {
            Some(theirs) if theirs == room => self.tell_who_is_there(key, false),
            Some(_) => self.refuse_to_join(key, name.as_str().to_owned(), RoomRefusal::Elsewhere),
            // Before anything is said of the room.
            None if !self.may_join(now_ms, id, &room) => {
                self.refuse_to_join(key, name.as_str().to_owned(), RoomRefusal::TooMany);
            }
            None if self.is_full(&room) => {
                let spelled = self.rooms.get(&room).map_or(&name, |room| &room.name);
                self.refuse_to_join(key, spelled.as_str().to_owned(), RoomRefusal::Full);
            }
            None => self.enter_room(key, name),
        }
    }

    /// Handles a `leave-room`. A guest exists only for the room, so this ends the guest, and another login
    /// may follow.
    pub(super) fn leave_room(&mut self, now_ms: u64, id: ConnectionId, key: &UserKey) {
        if self.users.get(key).is_none_or(|user| user.room.is_none()) {
            return self.refuse_without_room(key, None);
        }
        match key {
            UserKey::Named(_) => self.exit_room(key, LeaveReason::Hangup),
            UserKey::Guest(_) => {
                self.end_user(key, LeaveReason::Hangup);
                self.expect_sign_in(now_ms, id);
            }
        }
    }

    /// Handles a `reconnect`: the connection between the two is beyond repair, so they get another call.
    /// Ignores a `call` that is not theirs (any more): both have asked, and the hub has replaced it already.
    pub(super) fn reconnect(&mut self, key: &UserKey, address: &str, call: CallId) {
        let Some(asker) = self.users.get(key) else { return };
        if asker.room.is_none() {
            return self.refuse_without_room(key, Some(call));
        }
        let other = UserKey::parse(address);
        let Some((other, present)) = other.and_then(|it| Some((it.clone(), self.room_call(key, &it)?)))
        else {
            return self.tell_error(key, ClientError::NobodyInRoom, Some(call));
        };
        if *present != call {
            return;
        }
        let call = self.pair_in_room(key, &other);
        for (listener, about, caller) in [(&other, key, false), (key, &other, true)] {
            let Some(member) = self.member(about, call.clone(), caller) else { continue };
            if caller {
                // The answer to what was asked for.
                self.tell(listener, Outgoing::Joined(member));
            } else {
                self.tell_news(listener, Outgoing::Joined(member));
            }
        }
    }

    /// Returns whether somebody on this connection may try to go into the room, and if so, counts that.
    pub(super) fn may_join(&mut self, now_ms: u64, id: ConnectionId, room: &RoomKey) -> bool {
        let (from, limits) = (self.address_of(id), &self.limits);
        self.addresses.join(limits, now_ms, from)
            && self.rooms.get_mut(room).is_none_or(|room| room.admit(limits, now_ms, from))
    }

    pub(super) fn is_full(&self, room: &RoomKey) -> bool {
        self.rooms.get(room).is_some_and(|room| room.len() >= self.limits.room_members)
    }

    /// Returns the name that a guest who wants to be called `wanted` gets in this room.
    pub(super) fn display_name_for(&self, room: &RoomKey, wanted: &Name) -> Name {
        let taken = self.rooms.get(room).map(Room::taken_looks).unwrap_or_default();
        first_free(wanted, &taken)
    }

    /// Takes a user who is in no room into this one, which must not be full.
    pub(super) fn enter_room(&mut self, key: &UserKey, name: RoomName) {
        let room_key = RoomKey::of(&name);
        let Some(user) = self.users.get_mut(key) else { return };
        user.room = Some(room_key.clone());
        user.room_changed = false;
        let wanted = user.name.clone();
        let display_name = match key {
            UserKey::Named(_) => {
                // Renames the guest before the newcomer enters, so that nobody sees two members of the same
                // name.
                self.take_name_from_guests(&room_key, &wanted);
                wanted
            }
            UserKey::Guest(_) => self.display_name_for(&room_key, &wanted),
        };
        let room = self.rooms.entry(room_key).or_insert_with(|| Room::new(name));
        let others: Vec<UserKey> = room.occupants().map(|other| other.key.clone()).collect();
        self.last_stay += 1;
        room.enter(Occupant { key: key.clone(), display_name, stay: self.last_stay });
        for other in &others {
            let call = match self.take_agreed_call(key, other) {
                Some(call) => self.give_room_call(key, other, call),
                None => self.pair_in_room(key, other),
            };
            if let Some(newcomer) = self.member(key, call, false) {
                self.tell_news(other, Outgoing::Joined(newcomer));
            }
        }
        self.tell_who_is_there(key, true);
    }

    /// Takes a user out of their room, if they are in one, and tells everyone else there.
    pub(super) fn exit_room(&mut self, key: &UserKey, reason: LeaveReason) {
        let Some(user) = self.users.get_mut(key) else { return };
        let Some(room_key) = user.room.take() else { return };
        // Whoever leaves has no call there any more that could go on.
        user.claims.forget_rooms();
        let address = user.address(key);
        let Some(room) = self.rooms.get_mut(&room_key) else { return };
        let over = room.leave(key);
        if room.len() == 0 {
            self.rooms.remove(&room_key);
        }
        for (other, call) in over {
            self.tell_news(&other, Outgoing::Left { name: address.clone(), call, reason: Some(reason) });
        }
    }

    /// Gives another name to a guest of the room who is called `name`, because a user who signed in by that
    /// name keeps it.
    fn take_name_from_guests(&mut self, room_key: &RoomKey, name: &Name) {
        let guests = self.rooms.get(room_key).map(|room| room.guests_called(name)).unwrap_or_default();
        for guest in guests {
            self.rename_guest(room_key, guest, name);
        }
    }

    fn rename_guest(&mut self, room_key: &RoomKey, guest: UserKey, taken: &Name) {
        let Some(room) = self.rooms.get_mut(room_key) else { return };
        let Some(user) = self.users.get(&guest) else { return };
        let looks: Vec<_> = room.taken_looks().into_iter().chain(Look::of(taken)).collect();
        let display_name = first_free(&user.name, &looks);
        room.rename(&guest, display_name.clone());
        let members: Vec<UserKey> = room.occupants().map(|member| member.key.clone()).collect();
        let renamed =
            Outgoing::Renamed { name: user.address(&guest), display_name: display_name.as_str().to_owned() };
        for member in &members {
            self.tell_news(member, renamed.clone());
        }
    }

    /// Gives two members a new call, in place of the one they have.
    fn pair_in_room(&mut self, one: &UserKey, other: &UserKey) -> CallId {
        // Either half of the bits is as random as the other.
        let call = CallId::of_room((self.random)() as u64);
        self.give_room_call(one, other, call)
    }

    fn give_room_call(&mut self, one: &UserKey, other: &UserKey, call: CallId) -> CallId {
        let room = self.users.get(one).and_then(|user| user.room.as_ref());
        if let Some(room) = room.and_then(|room| self.rooms.get_mut(room)) {
            room.set_call(one, other, call.clone());
        }
        call
    }

    /// Returns the call that two users have because they are in the same room.
    pub(super) fn room_call(&self, one: &UserKey, other: &UserKey) -> Option<&CallId> {
        let room = self.users.get(one)?.room.as_ref()?;
        self.rooms.get(room)?.call(one, other)
    }

    /// Tells a member what is new in the room. One who is away, or who has much to read still, is not told of
    /// everybody who comes and goes meanwhile, but afterwards of who is there: so others can't fill the
    /// queue.
    fn tell_news(&mut self, key: &UserKey, news: Outgoing<'_>) {
        if self.keeps_up(key) {
            self.tell(key, news);
        } else if let Some(user) = self.users.get_mut(key) {
            user.room_changed = true;
        }
    }

    /// Tells a member who is there, if that has changed without a word, and there is room again.
    pub(super) fn catch_up_with_room(&mut self, key: &UserKey) {
        let Some(user) = self.users.get_mut(key).filter(|user| user.room_changed) else { return };
        user.room_changed = false;
        if user.room.is_none() {
            return;
        }
        if self.keeps_up(key) {
            self.tell_who_is_there(key, false);
        } else if let Some(user) = self.users.get_mut(key) {
            user.room_changed = true;
            return;
        }
        if let Some(user) = self.users.get_mut(key) {
            user.early_news = 0;
        }
    }

    /// Somebody in the room is about to say something to this member, who may not know them yet: then they
    /// are told first who is there, though they don't keep up. Returns whether the frame may follow.
    pub(super) fn introduce_members(&mut self, key: &UserKey) -> bool {
        let Some(user) = self.users.get_mut(key).filter(|user| user.room_changed) else { return true };
        if user.early_news >= self.limits.early_room_news {
            return false;
        }
        user.early_news += 1;
        user.room_changed = false;
        self.tell_who_is_there(key, false);
        true
    }

    /// Returns whether a member is here and has read nearly everything.
    fn keeps_up(&self, key: &UserKey) -> bool {
        let Some(user) = self.users.get(key).filter(|user| !user.room_changed) else { return false };
        let connection = user.connection().and_then(|id| self.connections.get(&id));
        let backlog = connection.map(|connection| connection.backlog().max(user.backlog()));
        backlog.is_some_and(|backlog| backlog < self.limits.room_news_frames)
    }

    /// Tells a member the room's name and who else is in it.
    fn tell_who_is_there(&mut self, key: &UserKey, caller: bool) {
        let Some(user) = self.users.get(key) else { return };
        let Some(room) = user.room.as_ref().and_then(|room| self.rooms.get(room)) else { return };
        let members = room.occupants().filter_map(|other| {
            let call = room.call(key, &other.key)?.clone();
            self.member(&other.key, call, caller)
        });
        let answer = RoomAnswer {
            room: room.name.as_str().to_owned(),
            success: true,
            reason: None,
            limit: Some(self.limits.room_members),
            members: members.collect(),
        };
        self.tell(key, Outgoing::Room(answer));
    }

    /// Returns what another member of the room is told of `key`.
    fn member(&self, key: &UserKey, call: CallId, caller: bool) -> Option<RoomMember> {
        let user = self.users.get(key)?;
        let display_name = self.display_name(key)?.as_str().to_owned();
        let stay = self.rooms.get(user.room.as_ref()?)?.stay(key)?;
        Some(RoomMember { name: user.address(key), display_name, call, caller, stay })
    }

    /// Returns the user's name in the room they are in.
    pub(super) fn display_name(&self, key: &UserKey) -> Option<&Name> {
        let room = self.users.get(key)?.room.as_ref()?;
        self.rooms.get(room)?.display_name(key)
    }

    fn refuse_to_join(&mut self, key: &UserKey, room: String, reason: RoomRefusal) {
        let limit = Some(self.limits.room_members);
        let answer = RoomAnswer { room, success: false, reason: Some(reason), limit, members: Vec::new() };
        self.tell(key, Outgoing::Room(answer));
    }

    fn refuse_without_room(&mut self, key: &UserKey, call: Option<CallId>) {
        self.tell_error(key, ClientError::NotInRoom, call);
    }
}
