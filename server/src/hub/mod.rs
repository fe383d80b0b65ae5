//! The hub knows who is signed in and who is in a call with whom, and queues what is to be written to each.
//!
//! The hub is a plain data structure. It takes time and frames as arguments and randomness from a source that
//! is given at construction, and [`Hub::drain`] takes out what is to be written. All policy is here, and none
//! in the socket tasks. Nothing here may know a socket, a runtime or a clock.
//!
//! What everybody may cost is in `limits.rs`. When a queue fills, a relayed frame is refused to its *sender*
//! by an `error` with the code `queue-full`, and the receiver goes on.
//!
//! An offer may go to any user who has signed in by name, and makes the two a pair. Everything else goes only
//! to the other side of a pair, or of a call that the hub has made for two members of a room. A guest has
//! calls in the room alone.

mod addresses;
mod census;
mod claims;
mod client_error;
mod connection;
mod display_name;
mod ending;
mod ice_servers;
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
mod tickets;
mod token_bucket;
mod user;
mod user_key;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::value::RawValue;
use tincan_shared::{ClientMessage, IceServer, LeaveReason, ServerMessage};

pub use addresses::ClientAddress;
pub use census::Census;
pub use connection::{Close, ConnectionId, Drain};
pub use ice_servers::{TurnAccess, TurnPlace};
pub use limits::{Limits, ROOM_LIMITS};
pub use queued_frame::FrameText;
pub use receive::ReceivedFrame;
pub use tickets::Tickets;
pub use token_bucket::Rate;

use crate::name_key::{Look, RoomKey};
use addresses::Addresses;
use connection::Connection;
use room::Room;
use user::{Token, User};
use user_key::UserKey;

/// An incoming message, in which descriptions and candidates stay the JSON they are.
type Incoming<'a> = ClientMessage<&'a RawValue, &'a RawValue>;
/// An outgoing message, likewise.
type Outgoing<'a> = ServerMessage<&'a RawValue, &'a RawValue>;

/// The state of the signaling server. All times are milliseconds of one monotonic clock.
pub struct Hub {
    limits: Limits,
    ice_servers: Vec<IceServer>,
    turn: Option<TurnAccess>,
    tickets: Option<Tickets>,
    random: Box<dyn FnMut() -> u128 + Send>,
    connections: BTreeMap<ConnectionId, Connection>,
    users: HashMap<UserKey, User>,
    /// How the names of those look who have signed in by name, and how many of them do so.
    looks: HashMap<Look, usize>,
    addresses: Addresses,
    /// The tokens of all users who can resume. Nobody gets one that another has.
    tokens: HashMap<Token, UserKey>,
    /// The rooms that somebody is in.
    rooms: HashMap<RoomKey, Room>,
    /// When to close each connection on which nobody has signed in.
    sign_in_deadlines: BTreeSet<(u64, ConnectionId)>,
    /// When to end each user who is away.
    grace_ends: BTreeSet<(u64, UserKey)>,
    /// When the user on each connection needs another credential for TURN.
    renewals: BTreeSet<(u64, ConnectionId)>,
    /// Connections with something to drain, each once.
    woken: Vec<ConnectionId>,
    /// The receivers whose queue has exceeded its reserve. Empty whenever a public method returns.
    overflowing: Vec<Overflowing>,
    last_connection: u64,
    last_stay: u64,
}

/// Why a WebSocket can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    /// There are as many connections as there may be.
    InAll,
    /// There are as many from the same address as there may be.
    FromThere,
}

/// A receiver whose queue has exceeded its reserve.
enum Overflowing {
    Connection(ConnectionId),
    User(UserKey),
}

impl Hub {
    /// Creates a hub without users. `random` makes the resumption tokens, the addresses of guests and the
    /// call ids of rooms, so it must be unpredictable in production.
    pub fn new(limits: Limits, ice_servers: Vec<IceServer>, random: Box<dyn FnMut() -> u128 + Send>) -> Hub {
        Hub {
            limits,
            ice_servers,
            turn: None,
            tickets: None,
            random,
            connections: BTreeMap::new(),
            users: HashMap::new(),
            looks: HashMap::new(),
            addresses: Addresses::default(),
            tokens: HashMap::new(),
            rooms: HashMap::new(),
            sign_in_deadlines: BTreeSet::new(),
            grace_ends: BTreeSet::new(),
            renewals: BTreeSet::new(),
            woken: Vec::new(),
            overflowing: Vec::new(),
            last_connection: 0,
            last_stay: 0,
        }
    }

    /// A WebSocket is being opened from `address`.
    ///
    /// # Errors
    /// If there are too many, of all or from there.
    pub fn connect(&mut self, now_ms: u64, address: ClientAddress) -> Result<ConnectionId, TooMany> {
        self.may_connect(now_ms, address)?;
        self.addresses.connected(&self.limits, now_ms, address);
        self.last_connection += 1;
        let id = ConnectionId(self.last_connection);
        self.connections.insert(id, Connection::new(&self.limits, now_ms, address));
        self.expect_sign_in(now_ms, id);
        Ok(id)
    }

    /// Says whether there is room for another connection from there.
    ///
    /// # Errors
    /// If there are too many.
    pub fn may_connect(&self, now_ms: u64, address: ClientAddress) -> Result<(), TooMany> {
        if self.connections.len() >= self.limits.connections {
            return Err(TooMany::InAll);
        }
        let may = self.addresses.may_connect(&self.limits, now_ms, address);
        if may { Ok(()) } else { Err(TooMany::FromThere) }
    }

    /// Removes a WebSocket that is gone. If `clean`, its client closed it (a close frame came), and its user
    /// is gone at once. So is a user who never asked for `resume`. Any other user may come back within the
    /// grace.
    pub fn disconnect(&mut self, now_ms: u64, id: ConnectionId, clean: bool) {
        self.stop_expecting_sign_in(id);
        self.stop_renewing(id);
        let Some(connection) = self.connections.remove(&id) else { return };
        self.addresses.disconnected(connection.address);
        if let Some(key) = connection.user {
            if clean {
                self.end_user(&key, LeaveReason::Hangup);
            } else {
                self.begin_grace(now_ms, &key);
            }
        }
        self.settle();
    }

    /// Ends users who were away longer than the grace, and closes connections on which nobody signed in in
    /// time.
    pub fn expire(&mut self, now_ms: u64) {
        while let Some((until, key)) = self.grace_ends.first().cloned() {
            if until > now_ms {
                break;
            }
            self.grace_ends.pop_first();
            self.end_user(&key, LeaveReason::Lost);
        }
        self.close_the_unsigned(now_ms);
        self.renew_credentials(now_ms);
        self.settle();
    }

    /// Returns when [`expire`](Self::expire) is next due, in milliseconds.
    pub fn next_expiry(&self) -> Option<u64> {
        let grace = self.grace_ends.first().map(|(until, _)| *until);
        let sign_in = self.sign_in_deadlines.first().map(|(by, _)| *by);
        let renewal = self.renewals.first().map(|(at, _)| *at);
        grace.into_iter().chain(sign_in).chain(renewal).min()
    }

    /// Takes out what is to be written to this connection now.
    pub fn drain(&mut self, id: ConnectionId) -> Drain {
        let Some(connection) = self.connections.get_mut(&id) else { return Drain::default() };
        let drain = connection.drain();
        if let Some(key) = connection.user.clone() {
            self.catch_up_with_room(&key);
        }
        drain
    }

    /// Returns the connections that got something to drain since the last call, each once.
    pub fn take_woken(&mut self) -> Vec<ConnectionId> {
        let mut woken = std::mem::take(&mut self.woken);
        woken.retain(|id| self.connections.get_mut(id).is_some_and(Connection::unlist));
        woken
    }

    /// Closes every connection with [`Close::COME_BACK`], because the server shuts down.
    pub fn shut_down(&mut self) {
        for (id, connection) in &mut self.connections {
            if connection.close(Close::COME_BACK) {
                self.woken.push(*id);
            }
        }
    }

    /// Returns whether the user of this connection is in an answered call, or in a room with somebody else.
    pub fn is_in_call(&self, id: ConnectionId) -> bool {
        let user = self.connections.get(&id).and_then(|connection| connection.user.as_ref());
        let Some(user) = user.and_then(|key| self.users.get(key)) else { return false };
        let room = user.room.as_ref().and_then(|room| self.rooms.get(room));
        user.pairs.have_answered() || room.is_some_and(|room| room.len() > 1)
    }

    pub fn connection_count(&self) -> usize {
        self.connections.len()
    }

    /// Returns how many users are signed in, including those within their grace.
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}
