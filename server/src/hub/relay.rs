//! Relays messages from one user to another.

use tincan_shared::{CallId, LeaveReason};

use super::client_error::ClientError;
use super::connection::ConnectionId;
use super::pairs::{Pair, Standing};
use super::queued_frame::Relation;
use super::user_key::{UserKey, quotable};
use super::{Hub, Incoming, Outgoing};

/// The route of a message within a call: from the user `from`, who is signed in on `id`, to the user whom the
/// sender addresses as `name`.
struct Route<'a> {
    id: ConnectionId,
    from: &'a UserKey,
    name: &'a str,
    call: Option<CallId>,
}

/// The user that a message is for.
enum Addressee {
    Other(UserKey),
    Yourself,
    Nobody,
}

impl Hub {
    /// Handles a message to another user from `from`, who is signed in on `id`.
    pub(super) fn route(&mut self, now_ms: u64, id: ConnectionId, from: &UserKey, message: Incoming<'_>) {
        let Some(sender) = self.users.get(from).map(|user| user.address(from)) else { return };
        match message {
            Incoming::Offer { name, offer, call, files, stream } => {
                let relayed = Outgoing::Offer { offer, name: sender, call: call.clone(), files, stream };
                self.route_offer(now_ms, Route { id, from, name: &name, call }, relayed);
            }
            Incoming::Answer { name, answer, call, stream } => {
                let relayed = Outgoing::Answer { answer, name: Some(sender), call: call.clone(), stream };
                self.route_answer(Route { id, from, name: &name, call }, relayed);
            }
            Incoming::Candidate { name, candidate, call } => {
                let relayed = Outgoing::Candidate { candidate, name: Some(sender), call: call.clone() };
                self.route_within_call(Route { id, from, name: &name, call }, relayed);
            }
            Incoming::Leave { name, call, reason } => {
                self.unclaim(from, name.as_deref(), call.as_ref());
                for to in self.those_left(from, name.as_deref(), call.as_ref()) {
                    let relation = self.relation(from, &to, call.as_ref());
                    let relayed = Outgoing::Leave { name: Some(sender.clone()), call: call.clone(), reason };
                    if self.relay(from, &to, relation, relayed.clone()).is_err() {
                        // The other side must hear of it. The reserve has room for one `leave` in each pair.
                        self.tell(&to, relayed);
                    }
                    self.end_pair(from, &to, call.as_ref());
                }
            }
            Incoming::Signal { name, call, signal } => {
                let relayed = Outgoing::Signal { name: sender, call: call.clone(), signal };
                self.route_within_call(Route { id, from, name: &name, call: Some(call) }, relayed);
            }
            // `receive.rs` handles these, because they are not for one other user.
            Incoming::Join { .. }
            | Incoming::LeaveRoom
            | Incoming::Reconnect { .. }
            | Incoming::Claim(_)
            | Incoming::Login(_)
            | Incoming::Ping => {}
        }
    }

    /// Passes on an offer, which goes to anybody who is no guest. From now on the two are in a call.
    fn route_offer(&mut self, now_ms: u64, route: Route<'_>, relayed: Outgoing<'_>) {
        let Some(to) = self.callee(&route) else { return };
        if self.is_known_call(route.from, &to, route.call.as_ref()) {
            let relation = self.relation(route.from, &to, route.call.as_ref());
            self.relay_or_refuse(&route, &to, relation, relayed);
            return;
        }
        if !self.may_call(now_ms, route.from, &to) {
            return self.reply_leave(&route, LeaveReason::Busy);
        }
        if !self.relay_or_refuse(&route, &to, Relation::Stranger, relayed) {
            return;
        }
        self.begin_pair(route.from, &to, &route.call);
        let callee = self.users.get(&to).filter(|user| user.connection().is_some());
        if let (Some(callee), Some(call)) = (callee, route.call) {
            let name = callee.address(&to);
            self.reply(route.id, Outgoing::Ringing { name, call });
        }
    }

    /// Passes on an answer, which goes only to one who has made an offer: nobody accepts their own.
    fn route_answer(&mut self, route: Route<'_>, relayed: Outgoing<'_>) {
        let Some(to) = self.callee(&route) else { return };
        let call = route.call.as_ref();
        if !self.may_answer(route.from, &to, call) {
            let error = ClientError::NotCalledBy(self.written(&to));
            return self.reply_error(route.id, error, route.call);
        }
        // The receiver has asked for it.
        if self.relay_or_refuse(&route, &to, Relation::Partner, relayed) {
            for (key, with, standing) in
                [(route.from, &to, Standing::Called), (&to, route.from, Standing::Calling)]
            {
                if let Some(user) = self.users.get_mut(key) {
                    user.pairs.answered(with, call, standing);
                }
            }
        }
    }

    /// Passes on a candidate or a signal, which goes only to one with whom there is a call.
    fn route_within_call(&mut self, route: Route<'_>, relayed: Outgoing<'_>) {
        match self.addressee(route.from, route.name) {
            Addressee::Other(to) if self.are_in_call(route.from, &to, route.call.as_ref()) => {
                let relation = self.relation(route.from, &to, route.call.as_ref());
                self.relay_or_refuse(&route, &to, relation, relayed);
            }
            // One error, or candidates would tell, without a ring, who is signed in.
            Addressee::Other(_) | Addressee::Yourself | Addressee::Nobody => {
                self.reply_error(route.id, ClientError::NoSuchCall, route.call);
            }
        }
    }

    /// Returns the other side of a call that is to begin or to be accepted. Where there is none, the sender
    /// is told that the call is over. A guest is there only for the members of the room, each in the call
    /// that the hub made for them. What is late of such a call begins no other.
    fn callee(&mut self, route: &Route<'_>) -> Option<UserKey> {
        let reason = match self.addressee(route.from, route.name) {
            Addressee::Other(to) => {
                let of_room = route.call.as_ref().is_some_and(CallId::is_of_room);
                let direct = !is_guests(route.from, &to) && !of_room;
                if direct || self.are_in_call(route.from, &to, route.call.as_ref()) {
                    return Some(to);
                }
                LeaveReason::Unavailable
            }
            Addressee::Yourself => LeaveReason::Yourself,
            Addressee::Nobody => LeaveReason::Unavailable,
        };
        self.reply_leave(route, reason);
        None
    }

    fn addressee(&self, from: &UserKey, name: &str) -> Addressee {
        match UserKey::parse(name) {
            Some(key) if key == *from => Addressee::Yourself,
            Some(key) if self.users.contains_key(&key) => Addressee::Other(key),
            _ => Addressee::Nobody,
        }
    }

    /// Returns the users that a `leave` of `call` is for: one, or everyone this user is in a direct call
    /// with. Nobody else hears of it.
    fn those_left(&self, from: &UserKey, name: Option<&str>, call: Option<&CallId>) -> Vec<UserKey> {
        let mut left = match name.map(|name| self.addressee(from, name)) {
            Some(Addressee::Other(to)) => vec![to],
            Some(Addressee::Yourself | Addressee::Nobody) => Vec::new(),
            None => self.users.get(from).map(|user| user.pairs.everyone()).unwrap_or_default(),
        };
        // A `leave` does not end the call of two members of a room, which lasts as long as both are there.
        let pairs = self.users.get(from).map(|user| &user.pairs);
        left.retain(|to| pairs.is_some_and(|pairs| pairs.admit(to, call)));
        left
    }

    fn may_answer(&self, one: &UserKey, other: &UserKey, call: Option<&CallId>) -> bool {
        self.are_in_room_call(one, other, call)
            || self.users.get(one).is_some_and(|user| user.pairs.may_answer(other, call))
    }

    fn are_in_call(&self, one: &UserKey, other: &UserKey, call: Option<&CallId>) -> bool {
        self.are_in_room_call(one, other, call)
            || self.users.get(one).is_some_and(|user| user.pairs.admit(other, call))
    }

    fn are_in_room_call(&self, one: &UserKey, other: &UserKey, call: Option<&CallId>) -> bool {
        call.is_some() && self.room_call(one, other) == call
    }

    /// Returns a user's address. A name is spelled as its owner spells it.
    pub(super) fn written(&self, key: &UserKey) -> String {
        self.users.get(key).map(|user| user.address(key)).unwrap_or_default()
    }

    /// Relays a message, or tells the sender that the receiver's queue is full. Returns whether it was
    /// queued.
    fn relay_or_refuse(
        &mut self,
        route: &Route<'_>,
        to: &UserKey,
        relation: Relation,
        message: Outgoing<'_>,
    ) -> bool {
        let in_room = self.are_in_room_call(route.from, to, route.call.as_ref());
        let is_known = !in_room || self.introduce_members(to);
        let queued = is_known && self.relay(route.from, to, relation, message).is_ok();
        if !queued {
            self.reply_error(route.id, ClientError::QueueFull, route.call.clone());
        }
        queued
    }

    /// Tells the sender that a call ended before it came about.
    fn reply_leave(&mut self, route: &Route<'_>, reason: LeaveReason) {
        let (name, call) = (quotable(route.name), route.call.clone());
        self.reply(route.id, Outgoing::Leave { name, call, reason: Some(reason) });
    }

    /// Returns whether an offer of this call renegotiates, and doesn't ring.
    fn is_known_call(&self, caller: &UserKey, callee: &UserKey, call: Option<&CallId>) -> bool {
        self.are_in_room_call(caller, callee, call)
            || self.users.get(caller).is_some_and(|user| user.pairs.contains(callee, call))
    }

    /// Returns whether one may call the other now, and if so, counts the call.
    fn may_call(&mut self, now_ms: u64, caller: &UserKey, callee: &UserKey) -> bool {
        let limits = &self.limits;
        let has_room = self.users.get(callee).is_some_and(|user| user.pairs.have_room_for(caller, limits));
        has_room
            && self
                .users
                .get_mut(caller)
                .is_some_and(|user| user.pairs.have_room(limits) && user.rings.take(limits.rings, now_ms, 1))
    }

    /// Returns what the sender is to the receiver.
    fn relation(&self, from: &UserKey, to: &UserKey, call: Option<&CallId>) -> Relation {
        if self.are_in_room_call(from, to, call) {
            return Relation::Partner;
        }
        self.users.get(from).map_or(Relation::Stranger, |user| user.pairs.relation(to, call))
    }

    /// Remembers that the two are in a call.
    fn begin_pair(&mut self, caller: &UserKey, callee: &UserKey, call: &Option<CallId>) {
        let rings = self.users.get(callee).is_some_and(|user| user.connection().is_some());
        let called = if rings { Standing::Called } else { Standing::CalledAway };
        for (key, with, standing) in [(caller, callee, Standing::Calling), (callee, caller, called)] {
            let pair = Pair { with: with.clone(), call: call.clone(), standing };
            let dropped = self.users.get_mut(key).map(|user| user.pairs.add(pair)).unwrap_or_default();
            for dropped in dropped {
                if let Some(user) = self.users.get_mut(&dropped.with) {
                    user.pairs.remove(key, dropped.call.as_ref());
                }
            }
        }
    }

    fn end_pair(&mut self, one: &UserKey, other: &UserKey, call: Option<&CallId>) {
        for (key, with) in [(one, other), (other, one)] {
            if let Some(user) = self.users.get_mut(key) {
                user.pairs.end(with, call);
            }
        }
    }
}

/// Returns whether a guest is among the two.
fn is_guests(one: &UserKey, other: &UserKey) -> bool {
    one.is_guest() || other.is_guest()
}
