//! Ends users, at once or after a grace.

use tincan_shared::{LeaveReason, Name};

use super::user::Presence;
use super::user_key::UserKey;
use super::{Hub, Outgoing};
use crate::name_key::Look;

impl Hub {
    /// Begins the grace of a user whose connection was lost, or ends the user if they did not ask for one.
    pub(super) fn begin_grace(&mut self, now_ms: u64, key: &UserKey) {
        let Some(user) = self.users.get_mut(key) else { return };
        if user.resumption.is_none() {
            return self.end_user(key, LeaveReason::Lost);
        }
        if let Some(connection) = user.connection().and_then(|id| self.connections.get_mut(&id)) {
            connection.user = None;
        }
        let until = now_ms.saturating_add(self.limits.grace_ms);
        user.presence = Presence::Away { until };
        self.grace_ends.insert((until, key.clone()));
    }

    fn forget_looks(&mut self, name: &Name) {
        for look in Look::of(name) {
            if let Some(count) = self.looks.get_mut(&look) {
                *count -= 1;
                if *count == 0 {
                    self.looks.remove(&look);
                }
            }
        }
    }

    /// Ends a user: frees the name, and tells everyone in a room or a call with them.
    pub(super) fn end_user(&mut self, key: &UserKey, reason: LeaveReason) {
        self.exit_room(key, reason);
        let Some(user) = self.users.remove(key) else { return };
        self.addresses.signed_out(user.signed_in_from);
        if !key.is_guest() {
            self.forget_looks(&user.name);
        }
        if let Some(resumption) = &user.resumption {
            self.tokens.remove(&resumption.token);
        }
        match user.presence {
            Presence::Online(id) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.user = None;
                }
            }
            Presence::Away { until } => {
                self.grace_ends.remove(&(until, key.clone()));
            }
        }
        let address = user.address(key);
        for pair in user.pairs.into_vec() {
            if let Some(other) = self.users.get_mut(&pair.with) {
                other.pairs.remove(key, pair.call.as_ref());
            }
            let name = Some(address.clone());
            self.tell(&pair.with, Outgoing::Leave { name, call: pair.call, reason: Some(reason) });
        }
    }
}
