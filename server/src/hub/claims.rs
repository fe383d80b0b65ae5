//! Calls that go on although the hub has forgotten them: the server was restarted, or one side was away for
//! longer than its grace. Two browsers that are connected need no server. So each side claims the call, and
//! once both have, the hub knows it again.
//!
//! A claim costs its sender a place in a small table, and nobody else anything: alone, it has no effect.

use std::collections::VecDeque;

use tincan_shared::{CallId, Claim, MAX_CLAIMS};

use super::user_key::UserKey;
use super::{Hub, Outgoing};

/// What one user has claimed and nobody has confirmed, oldest first. Beyond [`MAX_CLAIMS`] the oldest goes.
#[derive(Debug, Default)]
pub(super) struct Claims(VecDeque<(UserKey, CallId)>);

impl Claims {
    fn add(&mut self, with: UserKey, call: CallId) {
        // There is one call with each.
        self.0.retain(|(other, _)| *other != with);
        if self.0.len() >= MAX_CLAIMS {
            self.0.pop_front();
        }
        self.0.push_back((with, call));
    }

    /// Returns the call with this user.
    fn with(&self, other: &UserKey) -> Option<&CallId> {
        self.0.iter().find(|(with, _)| with == other).map(|(_, call)| call)
    }

    /// Forgets the calls with this user, or with all, that `call` means.
    fn forget(&mut self, with: Option<&UserKey>, call: Option<&CallId>) {
        let is_meant = |(other, id): &(UserKey, CallId)| {
            with.is_none_or(|with| with == other) && call.is_none_or(|call| call == id)
        };
        self.0.retain(|claim| !is_meant(claim));
        self.release();
    }

    /// Forgets the calls of rooms.
    pub(super) fn forget_rooms(&mut self) {
        self.0.retain(|(_, call)| !call.is_of_room());
        self.release();
    }

    /// An idle user holds no buffer.
    fn release(&mut self) {
        if self.0.is_empty() {
            self.0 = VecDeque::new();
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Hub {
    /// One side says that a call goes on. A call of a room is looked at once both are in it.
    pub(super) fn claim(&mut self, key: &UserKey, claim: &Claim) {
        let Some(other) = UserKey::parse(&claim.name).filter(|other| other != key) else { return };
        let Some(user) = self.users.get_mut(key) else { return };
        if user.pairs.contains(&other, Some(&claim.call)) {
            // It was never forgotten.
            return self.tell_reachable(key, &other, &claim.call);
        }
        user.claims.add(other.clone(), claim.call.clone());
        if claim.call.is_of_room() || self.agreed_call(key, &other) != Some(&claim.call) {
            return;
        }
        for (one, with) in [(key, &other), (&other, key)] {
            if let Some(user) = self.users.get_mut(one) {
                user.claims.forget(Some(with), None);
                user.pairs.restore(with, claim.call.clone());
            }
        }
        self.tell_reachable(key, &other, &claim.call);
        self.tell_reachable(&other, key, &claim.call);
    }

    /// Takes the call of a room that two have both claimed, if they have.
    pub(super) fn take_agreed_call(&mut self, one: &UserKey, other: &UserKey) -> Option<CallId> {
        let call = self.agreed_call(one, other).filter(|call| call.is_of_room())?.clone();
        for (key, with) in [(one, other), (other, one)] {
            if let Some(user) = self.users.get_mut(key) {
                user.claims.forget(Some(with), None);
            }
        }
        Some(call)
    }

    /// Forgets what was claimed of a call that is over.
    pub(super) fn unclaim(&mut self, key: &UserKey, name: Option<&str>, call: Option<&CallId>) {
        let with = name.map(UserKey::parse);
        if let (Some(user), None | Some(Some(_))) = (self.users.get_mut(key), &with) {
            user.claims.forget(with.flatten().as_ref(), call);
        }
    }

    fn agreed_call(&self, one: &UserKey, other: &UserKey) -> Option<&CallId> {
        let mine = self.users.get(one)?.claims.with(other)?;
        let theirs = self.users.get(other)?.claims.with(one)?;
        (mine == theirs).then_some(mine)
    }

    fn tell_reachable(&mut self, key: &UserKey, about: &UserKey, call: &CallId) {
        let name = self.written(about);
        self.tell(key, Outgoing::Reachable { name, call: call.clone() });
    }
}
