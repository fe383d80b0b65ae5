//! Passing messages from one user to another.

use tincan_shared::{CallId, ErrorCode, LeaveReason};

use super::connection::ConnectionId;
use super::pairs::{Pair, Standing};
use super::user_key::{UserKey, quotable};
use super::{Hub, Incoming, Outgoing};

/// Whom a message is for.
enum Addressee {
    Other(UserKey),
    Yourself,
    Nobody,
}

impl Hub {
    /// Acts on a message from `from`, who is signed in on `id`, to another user.
    pub(super) fn route(&mut self, id: ConnectionId, from: &UserKey, message: Incoming<'_>) {
        let Some(sender) = self.users.get(from).map(|user| user.address(from)) else { return };
        match message {
            Incoming::Offer { name, offer, call, files } => {
                let relayed = Outgoing::Offer { offer, name: sender, call: call.clone(), files };
                self.route_offer(id, from, &name, call, relayed);
            }
            Incoming::Answer { name, answer, call } => {
                let relayed = Outgoing::Answer { answer, name: Some(sender), call: call.clone() };
                self.route_answer(id, from, &name, call, relayed);
            }
            Incoming::Candidate { name, candidate, call } => {
                let relayed = Outgoing::Candidate { candidate, name: Some(sender), call: call.clone() };
                self.route_candidate(id, from, &name, call, relayed);
            }
            Incoming::Leave { name, call, reason } => {
                for to in self.those_left(from, name.as_deref(), call.as_ref()) {
                    let relayed = Outgoing::Leave { name: Some(sender.clone()), call: call.clone(), reason };
                    if self.relay(from, &to, relayed.clone()).is_err() {
                        // Whoever is left must hear of it. The reserve has room for one in each pair.
                        self.tell(&to, relayed);
                    }
                    self.end_pair(from, &to, call.as_ref());
                }
            }
            // Not for one other user: `receive.rs` answers them.
            Incoming::Join { .. }
            | Incoming::LeaveRoom
            | Incoming::Reconnect { .. }
            | Incoming::Login(_)
            | Incoming::Ping => {}
        }
    }

    /// An offer goes to anybody who is no guest. From now on the two are in a call.
    fn route_offer(
        &mut self,
        id: ConnectionId,
        from: &UserKey,
        name: &str,
        call: Option<CallId>,
        relayed: Outgoing<'_>,
    ) {
        let Some(to) = self.callee(id, from, name, &call) else { return };
        if !self.relay_or_refuse(id, from, &to, call.clone(), relayed) || !self.begin_pair(from, &to, &call) {
            return;
        }
        let callee = self.users.get(&to).filter(|user| user.connection().is_some());
        if let (Some(callee), Some(call)) = (callee, call) {
            let name = callee.address(&to);
            self.reply(id, Outgoing::Ringing { name, call });
        }
    }

    /// An answer goes only to one who has made an offer: nobody accepts their own.
    fn route_answer(
        &mut self,
        id: ConnectionId,
        from: &UserKey,
        name: &str,
        call: Option<CallId>,
        relayed: Outgoing<'_>,
    ) {
        let Some(to) = self.callee(id, from, name, &call) else { return };
        if !self.may_answer(from, &to, call.as_ref()) {
            let text = format!("{} has not called you", self.written(&to));
            return self.reply_error(id, ErrorCode::Unavailable, call, &text);
        }
        if self.relay_or_refuse(id, from, &to, call.clone(), relayed) {
            for (key, with, standing) in [(from, &to, Standing::Called), (&to, from, Standing::Calling)] {
                if let Some(user) = self.users.get_mut(key) {
                    user.pairs.answered(with, call.as_ref(), standing);
                }
            }
        }
    }

    /// A candidate goes only to one with whom there is a call.
    fn route_candidate(
        &mut self,
        id: ConnectionId,
        from: &UserKey,
        name: &str,
        call: Option<CallId>,
        relayed: Outgoing<'_>,
    ) {
        match self.addressee(from, name) {
            Addressee::Other(to) if self.are_in_call(from, &to, call.as_ref()) => {
                self.relay_or_refuse(id, from, &to, call, relayed);
            }
            // One text, or candidates would tell, without a ring, who is signed in.
            Addressee::Other(_) | Addressee::Yourself | Addressee::Nobody => {
                let text = "You are in no such call with anybody of that name";
                self.reply_error(id, ErrorCode::Unavailable, call, text);
            }
        }
    }

    /// The other side of a call that is to begin or to be accepted. Where there is none, the sender is told
    /// that the call is over. A guest is there only for the members of the room, each in the call that the
    /// hub made for them. What is late of such a call begins no other.
    fn callee(
        &mut self,
        id: ConnectionId,
        from: &UserKey,
        name: &str,
        call: &Option<CallId>,
    ) -> Option<UserKey> {
        let reason = match self.addressee(from, name) {
            Addressee::Other(to) => {
                let direct = !is_guests(from, &to) && !call.as_ref().is_some_and(CallId::is_of_room);
                if direct || self.are_in_call(from, &to, call.as_ref()) {
                    return Some(to);
                }
                LeaveReason::Unavailable
            }
            Addressee::Yourself => LeaveReason::Yourself,
            Addressee::Nobody => LeaveReason::Unavailable,
        };
        self.reply_leave(id, name, call.clone(), reason);
        None
    }

    fn addressee(&self, from: &UserKey, name: &str) -> Addressee {
        match UserKey::parse(name) {
            Some(key) if key == *from => Addressee::Yourself,
            Some(key) if self.users.contains_key(&key) => Addressee::Other(key),
            _ => Addressee::Nobody,
        }
    }

    /// Whom a `leave` of `call` is for: one, or everyone this user is in a call with. Nobody else hears of
    /// it.
    fn those_left(&self, from: &UserKey, name: Option<&str>, call: Option<&CallId>) -> Vec<UserKey> {
        let mut left = match name.map(|name| self.addressee(from, name)) {
            Some(Addressee::Other(to)) => vec![to],
            Some(Addressee::Yourself | Addressee::Nobody) => Vec::new(),
            None => self.users.get(from).map(|user| user.pairs.everyone()).unwrap_or_default(),
        };
        // What two have in a room ends with the room.
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

    /// A user's address; a name as its owner writes it.
    fn written(&self, key: &UserKey) -> String {
        self.users.get(key).map(|user| user.address(key)).unwrap_or_default()
    }

    /// Relays; a full queue is the sender's to know. Returns whether it was queued.
    fn relay_or_refuse(
        &mut self,
        id: ConnectionId,
        from: &UserKey,
        to: &UserKey,
        call: Option<CallId>,
        message: Outgoing<'_>,
    ) -> bool {
        let queued = self.relay(from, to, message).is_ok();
        if !queued {
            self.reply_error(id, ErrorCode::QueueFull, call, "Too much waits to be sent to that name");
        }
        queued
    }

    /// A call that never came about is over.
    fn reply_leave(&mut self, id: ConnectionId, name: &str, call: Option<CallId>, reason: LeaveReason) {
        self.reply(id, Outgoing::Leave { name: quotable(name), call, reason: Some(reason) });
    }

    /// Remembers that the two are in a call. Returns whether that is new.
    fn begin_pair(&mut self, caller: &UserKey, callee: &UserKey, call: &Option<CallId>) -> bool {
        let in_room = self.are_in_room_call(caller, callee, call.as_ref());
        if in_room || self.users.get(caller).is_none_or(|user| user.pairs.contains(callee, call.as_ref())) {
            return false;
        }
        let rings = self.users.get(callee).is_some_and(|user| user.connection().is_some());
        let called = if rings { Standing::Called } else { Standing::CalledAway };
        for (key, with, standing) in [(caller, callee, Standing::Calling), (callee, caller, called)] {
            let pair = Pair { with: with.clone(), call: call.clone(), standing };
            let limit = self.limits.pairs;
            let dropped = self.users.get_mut(key).and_then(|user| user.pairs.add(pair, limit));
            if let Some(dropped) = dropped
                && let Some(user) = self.users.get_mut(&dropped.with)
            {
                user.pairs.remove(key, dropped.call.as_ref());
            }
        }
        true
    }

    fn end_pair(&mut self, one: &UserKey, other: &UserKey, call: Option<&CallId>) {
        for (key, with) in [(one, other), (other, one)] {
            if let Some(user) = self.users.get_mut(key) {
                user.pairs.end(with, call);
            }
        }
    }
}

/// Returns whether a call between the two would be a guest's.
fn is_guests(one: &UserKey, other: &UserKey) -> bool {
    one.is_guest() || other.is_guest()
}
