//! Who is signed in, who is in a call with whom, and what waits to be written to whom.
//!
//! The hub is a plain data structure: time and frames come in as arguments, randomness from a source that is
//! given at construction, and [`Hub::drain`] takes out what is to be written. All policy is here, none in the
//! socket tasks. Nothing here may know a socket, a runtime or a clock.
//!
//! What happens when a queue fills: a relayed frame is refused to its *sender* by an `error` with the code
//! `queue-full`, and the receiver keeps running. One sender may fill only a part of it. The hub's own frames,
//! and a `leave`, have a reserve on top. Who lets even that fill reads nothing of what it causes, and is
//! closed.
//!
//! Who may send what to whom: an offer goes to anybody who has signed in by name, and makes the two a pair.
//! Everything else goes only to the other side of a pair, or of a call that the hub has made for two members
//! of a room. A guest has calls in the room alone.

mod connection;
mod display_name;
mod ending;
mod limits;
mod login;
mod pairs;
mod queued_frame;
mod queueing;
mod receive;
mod relay;
mod room;
mod rooms;
mod sign_in_deadline;
mod token_bucket;
mod user;
mod user_key;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::value::RawValue;
use tincan_shared::{ClientMessage, IceServer, LeaveReason, ServerMessage};

pub use connection::{Close, ConnectionId, Drain};
pub use limits::{Limits, ROOM_LIMITS};
pub use queued_frame::FrameText;

use crate::name_key::RoomKey;
use connection::Connection;
use room::Room;
use user::{Token, User};
use user_key::UserKey;

/// What comes in: descriptions and candidates stay the JSON they are.
type Incoming<'a> = ClientMessage<&'a RawValue, &'a RawValue>;
/// What goes out, likewise.
type Outgoing<'a> = ServerMessage<&'a RawValue, &'a RawValue>;

/// The state of the signaling server. All times are milliseconds of one monotonic clock.
pub struct Hub {
    limits: Limits,
    ice_servers: Vec<IceServer>,
    random: Box<dyn FnMut() -> u128 + Send>,
    connections: BTreeMap<ConnectionId, Connection>,
    users: HashMap<UserKey, User>,
    /// Of all users who can resume: nobody gets one that another has.
    tokens: HashMap<Token, UserKey>,
    /// Those that somebody is in.
    rooms: HashMap<RoomKey, Room>,
    /// By when somebody has to sign in on which connection.
    sign_in_deadlines: BTreeSet<(u64, ConnectionId)>,
    /// When which user who is away counts as gone.
    grace_ends: BTreeSet<(u64, UserKey)>,
    /// Connections with something to drain, each once.
    woken: Vec<ConnectionId>,
    /// Whose queue is beyond its reserve; emptied before any call returns.
    overflowing: Vec<Overflowing>,
    last_connection: u64,
}

/// Who let more than the reserve pile up.
enum Overflowing {
    Connection(ConnectionId),
    User(UserKey),
}

impl Hub {
    /// A hub without anybody. `random` makes the resumption tokens, the addresses of guests and the call ids
    /// of rooms: it must be unpredictable in production.
    pub fn new(limits: Limits, ice_servers: Vec<IceServer>, random: Box<dyn FnMut() -> u128 + Send>) -> Hub {
        Hub {
            limits,
            ice_servers,
            random,
            connections: BTreeMap::new(),
            users: HashMap::new(),
            tokens: HashMap::new(),
            rooms: HashMap::new(),
            sign_in_deadlines: BTreeSet::new(),
            grace_ends: BTreeSet::new(),
            woken: Vec::new(),
            overflowing: Vec::new(),
            last_connection: 0,
        }
    }

    /// A WebSocket was opened.
    pub fn connect(&mut self, now_ms: u64) -> ConnectionId {
        self.last_connection += 1;
        let id = ConnectionId(self.last_connection);
        self.connections.insert(id, Connection::new(&self.limits, now_ms));
        self.expect_sign_in(now_ms, id);
        id
    }

    /// The WebSocket is gone. `clean` when its client closed it (a close frame came): then its user is gone
    /// at once, and so is one who never asked for `resume`. Otherwise the user may come back within the
    /// grace.
    pub fn disconnect(&mut self, now_ms: u64, id: ConnectionId, clean: bool) {
        self.stop_expecting_sign_in(id);
        let Some(connection) = self.connections.remove(&id) else { return };
        if let Some(key) = connection.user {
            if clean {
                self.end_user(&key, LeaveReason::Hangup);
            } else {
                self.begin_grace(now_ms, &key);
            }
        }
        self.settle();
    }

    /// Ends users who were away longer than the grace, and closes connections on which nobody has signed in.
    pub fn expire(&mut self, now_ms: u64) {
        while let Some((until, key)) = self.grace_ends.first().cloned() {
            if until > now_ms {
                break;
            }
            self.grace_ends.pop_first();
            self.end_user(&key, LeaveReason::Lost);
        }
        self.close_the_unsigned(now_ms);
        self.settle();
    }

    /// Returns when [`expire`](Self::expire) is next due, in milliseconds.
    pub fn next_expiry(&self) -> Option<u64> {
        let grace = self.grace_ends.first().map(|(until, _)| *until);
        let sign_in = self.sign_in_deadlines.first().map(|(by, _)| *by);
        grace.into_iter().chain(sign_in).min()
    }

    /// Takes what is to be written to this connection now.
    pub fn drain(&mut self, id: ConnectionId) -> Drain {
        self.connections.get_mut(&id).map(Connection::drain).unwrap_or_default()
    }

    /// The connections that have something to drain since this was last asked, each once.
    pub fn take_woken(&mut self) -> Vec<ConnectionId> {
        let mut woken = std::mem::take(&mut self.woken);
        woken.retain(|id| self.connections.get_mut(id).is_some_and(Connection::unlist));
        woken
    }

    /// Closes every connection with [`Close::GOING_AWAY`]: the server shuts down.
    pub fn shut_down(&mut self) {
        for (id, connection) in &mut self.connections {
            if connection.close(Close::GOING_AWAY) {
                self.woken.push(*id);
            }
        }
    }

    /// Returns how many WebSockets are open.
    pub fn connection_count(&self) -> usize {
        self.connections.len()
    }

    /// Returns how many users are signed in, those within their grace included.
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    /// The limits it was made with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}
