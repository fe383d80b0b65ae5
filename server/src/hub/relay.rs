//! Relays messages from one user to another.

use tincan_shared::{CallId, LeaveReason};

use super::client_error::ClientError;
use super::connection::ConnectionId;
use super::pairs::{Pair, Standing};
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
    pub(super) fn route(&mut self, id: ConnectionId, from: &UserKey, message: Incoming<'_>) {
        let Some(sender) = self.users.get(from).map(|user| user.address(from)) else { return };
        match message {
            Incoming::Offer { name, offer, call, files } => {
                let relayed = Outgoing::Offer { offer, name: sender, call: call.clone(), files };
                self.route_offer(&Route { id, from, name: &name, call }, relayed);
            }
            Incoming::Answer { name, answer, call } => {
                let relayed = Outgoing::Answer { answer, name: Some(sender), call: call.clone() };
                self.route_answer(&Route { id, from, name: &name, call }, relayed);
            }
            Incoming::Candidate { name, candidate, call } => {
                let relayed = Outgoing::Candidate { candidate, name: Some(sender), call: call.clone() };
                self.route_candidate(&Route { id, from, name: &name, call }, relayed);
            }
            Incoming::Leave { name, call, reason } => {
                for to in self.those_left(from, name.as_deref(), call.as_ref()) {
                    let relayed = Outgoing::Leave { name: Some(sender.clone()), call: call.clone(), reason };
                    if self.relay(from, &to, relayed.clone()).is_err() {
                        // The other side must hear of it. The reserve has room for one `leave` in each pair.
                        self.tell(&to, relayed);
                    }
                    self.end_pair(from, &to, call.as_ref());
                }
            }
            // `receive.rs` handles these, because they are not for one other user.
            Incoming::Join { .. }
            | Incoming::LeaveRoom
            | Incoming::Reconnect { .. }
            | Incoming::Login(_)
            | Incoming::Ping => {}
        }
    }

    /// Relays an offer to any user but a guest, or between two members of a room in their own call. The two
    /// are in a call from then on.
    fn route_offer(&mut self, route: &Route<'_>, relayed: Outgoing<'_>) {
        let Some(to) = self.callee(route) else { return };
        if !self.relay_or_refuse(route, &to, relayed) || !self.begin_pair(route.from, &to, &route.call) {
            return;
        }
        let callee = self.users.get(&to).filter(|user| user.connection().is_some());
        if let (Some(callee), Some(call)) = (callee, &route.call) {
            let name = callee.address(&to);
            self.reply(route.id, Outgoing::Ringing { name, call: call.clone() });
        }
    }

    /// Relays an answer, but only to a user who made an offer to the sender or got one.
    fn route_answer(&mut self, route: &Route<'_>, relayed: Outgoing<'_>) {
        let Some(to) = self.callee(route) else { return };
        let Route { id, from, ref call, .. } = *route;
        if !self.are_in_call(from, &to, call.as_ref()) {
            let error = ClientError::NotCalledBy(self.written(&to));
            return self.reply_error(id, error, call.clone());
        }
        if self.relay_or_refuse(route, &to, relayed) {
            for (key, with, standing) in [(from, &to, Standing::Called), (&to, from, Standing::Calling)] {
                if let Some(user) = self.users.get_mut(key) {
                    user.pairs.answered(with, call.as_ref(), standing);
                }
            }
        }
    }

    /// Relays a candidate, but only to a user who is in a call with the sender.
    fn route_candidate(&mut self, route: &Route<'_>, relayed: Outgoing<'_>) {
        let error = match self.addressee(route.from, route.name) {
            Addressee::Other(to) if self.are_in_call(route.from, &to, route.call.as_ref()) => {
                self.relay_or_refuse(route, &to, relayed);
                return;
            }
            Addressee::Other(to) => ClientError::NotInCallWith(self.written(&to)),
            Addressee::Yourself | Addressee::Nobody => ClientError::NobodySignedIn,
        };
        self.reply_error(route.id, error, route.call.clone());
    }

    /// Returns the other side of a call that is to begin or to be accepted. If there is none, tells the
    /// sender that the call has ended. A guest has calls only with the members of the room, each in the call
    /// that the hub made for the two.
    fn callee(&mut self, route: &Route<'_>) -> Option<UserKey> {
        let Route { id, from, name, ref call } = *route;
        let reason = match self.addressee(from, name) {
            Addressee::Other(to) if !is_guests(from, &to) || self.are_in_call(from, &to, call.as_ref()) => {
                return Some(to);
            }
            Addressee::Yourself => LeaveReason::Yourself,
            Addressee::Other(_) | Addressee::Nobody => LeaveReason::Unavailable,
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

    fn are_in_call(&self, one: &UserKey, other: &UserKey, call: Option<&CallId>) -> bool {
        let in_room = call.is_some() && self.room_call(one, other) == call;
        in_room || self.users.get(one).is_some_and(|user| user.pairs.admit(other, call))
    }

    /// Returns a user's address. A name is spelled as its owner spells it.
    fn written(&self, key: &UserKey) -> String {
        self.users.get(key).map(|user| user.address(key)).unwrap_or_default()
    }

    /// Relays a message, or tells the sender that the receiver's queue is full. Returns whether it was
    /// queued.
    fn relay_or_refuse(&mut self, route: &Route<'_>, to: &UserKey, message: Outgoing<'_>) -> bool {
        let queued = self.relay(route.from, to, message).is_ok();
        if !queued {
            self.reply_error(route.id, ClientError::QueueFull, route.call.clone());
        }
        queued
    }

    /// Tells the sender that a call ended before it came about.
    fn reply_leave(&mut self, id: ConnectionId, name: &str, call: Option<CallId>, reason: LeaveReason) {
        self.reply(id, Outgoing::Leave { name: quotable(name), call, reason: Some(reason) });
    }

    /// Remembers that the two are in a call. Returns whether that is new.
    fn begin_pair(&mut self, caller: &UserKey, callee: &UserKey, call: &Option<CallId>) -> bool {
        let in_room = call.is_some() && self.room_call(caller, callee) == call.as_ref();
        if in_room || self.users.get(caller).is_none_or(|user| user.pairs.contains(callee, call.as_ref())) {
            return false;
        }
        for (key, with, standing) in [(caller, callee, Standing::Calling), (callee, caller, Standing::Called)]
        {
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

/// Returns whether a guest is among the two.
fn is_guests(one: &UserKey, other: &UserKey) -> bool {
    one.is_guest() || other.is_guest()
}
