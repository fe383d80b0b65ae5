//! Closes connections that never sign in, so that they cannot use up the limit.

use super::Hub;
use super::client_error::ClientError;
use super::connection::{Close, ConnectionId};

impl Hub {
    /// Starts the connection's deadline for signing in, anew if there is one.
    pub(super) fn expect_sign_in(&mut self, now_ms: u64, id: ConnectionId) {
        self.stop_expecting_sign_in(id);
        let by = now_ms.saturating_add(self.limits.sign_in_ms);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.sign_in_by = Some(by);
            self.sign_in_deadlines.insert((by, id));
        }
    }

    /// Removes the deadline, because somebody has signed in or the connection is gone.
    pub(super) fn stop_expecting_sign_in(&mut self, id: ConnectionId) {
        if let Some(by) = self.connections.get_mut(&id).and_then(|it| it.sign_in_by.take()) {
            self.sign_in_deadlines.remove(&(by, id));
        }
    }

    /// Starts the deadline anew after a refused login, so that there is time to choose another name. Closes
    /// the connection instead after too many refusals.
    pub(super) fn expect_another_login(&mut self, now_ms: u64, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.refused_logins = connection.refused_logins.saturating_add(1);
        if connection.refused_logins < self.limits.refused_logins {
            self.expect_sign_in(now_ms, id);
        } else {
            self.close(id, Close::SIGN_IN_FIRST, ClientError::TooManyRefusals);
        }
    }

    /// Closes the connections whose deadline has passed.
    pub(super) fn close_the_unsigned(&mut self, now_ms: u64) {
        while let Some((by, id)) = self.sign_in_deadlines.first().copied()
            && by <= now_ms
        {
            self.stop_expecting_sign_in(id);
            // Removes the deadline even if its connection does not exist any more. That can't happen, but if
            // it did, this loop would never end.
            self.sign_in_deadlines.remove(&(by, id));
            self.close(id, Close::SIGN_IN_FIRST, ClientError::SignInTimeout);
        }
    }
}
