//! What the hub holds, counted: when everybody has gone, it is nothing.

use super::Hub;

/// How many of each there are. Of what [`Default`] says, nothing is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub connections: usize,
    /// Users who are signed in, those within their grace included.
    pub users: usize,
    /// How the names of those look who have signed in by name.
    pub looks: usize,
    pub tokens: usize,
    pub rooms: usize,
    /// Calls, each counted at both sides.
    pub pairs: usize,
    /// Frames that wait to be written, or to be acknowledged, and their bytes.
    pub queued_frames: usize,
    pub queued_bytes: usize,
    /// What is still to happen at some time: connections and graces that end, credentials that are renewed.
    pub deadlines: usize,
    /// Connections that wait to be drained.
    pub woken: usize,
    /// Connections and users that count for some address.
    pub of_addresses: usize,
}

impl Hub {
    /// Counts what there is. It looks at every user, so it is for tests.
    pub fn census(&self) -> Census {
        let waiting = self.users.values().filter_map(|user| user.resumption.as_ref());
        let waiting = waiting.flat_map(|resumption| resumption.unacknowledged());
        let queued = self.connections.values().flat_map(|connection| connection.queued());
        let queued: Vec<usize> = waiting.chain(queued).map(|frame| frame.text.len()).collect();
        Census {
            connections: self.connections.len(),
            users: self.users.len(),
            looks: self.looks.len(),
            tokens: self.tokens.len(),
            rooms: self.rooms.len(),
            pairs: self.users.values().map(|user| user.pairs.len()).sum(),
            queued_frames: queued.len(),
            queued_bytes: queued.iter().sum(),
            deadlines: self.sign_in_deadlines.len() + self.grace_ends.len() + self.renewals.len(),
            woken: self.woken.len(),
            of_addresses: self.addresses.connections() + self.addresses.users(),
        }
    }
}
