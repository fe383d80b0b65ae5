//! Passing messages from one user to another.

use tincan_shared::{CallId, ErrorCode, LeaveReason, Name};

use super::connection::ConnectionId;
use super::pairs::Pair;
use super::{Hub, Incoming, Outgoing};
use crate::name_key::NameKey;

/// Whom a message is for.
enum Addressee {
    Other(NameKey),
    Yourself,
    Nobody,
}

impl Hub {
    /// Acts on a message from `from`, who is signed in on `id`, to another user.
    pub(super) fn route(&mut self, id: ConnectionId, from: &NameKey, message: Incoming<'_>) {
        let Some(sender) = self.users.get(from).map(|user| user.name.as_str().to_owned()) else { return };
        match message {
            Incoming::Offer { name, offer, call } => {
                let relayed = Outgoing::Offer { offer, name: sender, call: call.clone() };
                self.route_description(id, from, &name, call, relayed, true);
            }
            Incoming::Answer { name, answer, call } => {
                let relayed = Outgoing::Answer { answer, name: Some(sender), call: call.clone() };
                self.route_description(id, from, &name, call, relayed, false);
            }
            Incoming::Candidate { name, candidate, call } => match self.addressee(from, &name) {
                Addressee::Other(to) => {
                    let relayed = Outgoing::Candidate { candidate, name: Some(sender), call: call.clone() };
                    self.relay_or_refuse(id, &to, call, relayed);
                }
                Addressee::Yourself | Addressee::Nobody => {
                    self.reply_error(id, ErrorCode::Unavailable, call, "Nobody of that name is signed in");
                }
            },
            Incoming::Leave { name, call, reason } => {
                for to in self.those_left(from, name.as_deref()) {
                    let relayed = Outgoing::Leave { name: Some(sender.clone()), call: call.clone(), reason };
                    if self.relay_or_refuse(id, &to, call.clone(), relayed) {
                        self.end_pair(from, &to, call.as_ref());
                    }
                }
            }
            // Not for another user: `receive.rs` answers them.
            Incoming::Login(_) | Incoming::Ping => {}
        }
    }

    /// An offer or an answer: from now on the two are in a call.
    fn route_description(
        &mut self,
        id: ConnectionId,
        from: &NameKey,
        name: &str,
        call: Option<CallId>,
        relayed: Outgoing<'_>,
        rings: bool,
    ) {
        let to = match self.addressee(from, name) {
            Addressee::Other(to) => to,
            Addressee::Yourself => return self.reply_leave(id, name, call, LeaveReason::Yourself),
            Addressee::Nobody => return self.reply_leave(id, name, call, LeaveReason::Unavailable),
        };
        if !self.relay_or_refuse(id, &to, call.clone(), relayed) || !self.begin_pair(from, &to, &call) {
            return;
        }
        let callee = self.users.get(&to).filter(|user| user.connection().is_some());
        if let (true, Some(callee), Some(call)) = (rings, callee, call) {
            let name = callee.name.as_str().to_owned();
            self.reply(id, Outgoing::Ringing { name, call });
        }
    }

    fn addressee(&self, from: &NameKey, name: &str) -> Addressee {
        match Name::parse(name).map(|name| NameKey::of(&name)) {
            Ok(key) if key == *from => Addressee::Yourself,
            Ok(key) if self.users.contains_key(&key) => Addressee::Other(key),
            _ => Addressee::Nobody,
        }
    }

    /// Whom a `leave` is for: one, or everyone this user is in a call with.
    fn those_left(&self, from: &NameKey, name: Option<&str>) -> Vec<NameKey> {
        match name {
            Some(name) => match self.addressee(from, name) {
                Addressee::Other(to) => vec![to],
                Addressee::Yourself | Addressee::Nobody => Vec::new(),
            },
            None => self.users.get(from).map(|user| user.pairs.everyone()).unwrap_or_default(),
        }
    }

    /// Relays; a full queue is the sender's to know. Answers whether it was queued.
    fn relay_or_refuse(
        &mut self,
        id: ConnectionId,
        to: &NameKey,
        call: Option<CallId>,
        message: Outgoing<'_>,
    ) -> bool {
        let queued = self.relay(to, message).is_ok();
        if !queued {
            self.reply_error(id, ErrorCode::QueueFull, call, "Too much waits to be sent to that name");
        }
        queued
    }

    /// A call that never came about is over.
    fn reply_leave(&mut self, id: ConnectionId, name: &str, call: Option<CallId>, reason: LeaveReason) {
        // As the sender wrote it, but only if it could be a name: an answer has its bounds.
        let name = Name::parse(name).ok().map(|name| name.as_str().to_owned());
        self.reply(id, Outgoing::Leave { name, call, reason: Some(reason) });
    }

    /// Remembers that the two are in a call; answers whether that is new.
    fn begin_pair(&mut self, one: &NameKey, other: &NameKey, call: &Option<CallId>) -> bool {
        if self.users.get(one).is_none_or(|user| user.pairs.contains(other, call.as_ref())) {
            return false;
        }
        for (key, with) in [(one, other), (other, one)] {
            let pair = Pair { with: with.clone(), call: call.clone() };
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

    fn end_pair(&mut self, one: &NameKey, other: &NameKey, call: Option<&CallId>) {
        for (key, with) in [(one, other), (other, one)] {
            if let Some(user) = self.users.get_mut(key) {
                user.pairs.end(with, call);
            }
        }
    }
}
