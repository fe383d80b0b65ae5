//! Rooms: who is in one, what they are called there, and the call that every two of them have.

use std::collections::HashMap;

use tincan_shared::{CallId, Name, RoomName};

use super::Limits;
use super::addresses::ClientAddress;
use super::token_bucket::TokenBucket;
use super::user_key::UserKey;
use crate::name_key::Look;

/// A room that somebody is in.
#[derive(Debug)]
pub(super) struct Room {
    /// The name as the first occupant spelled it.
    pub(super) name: RoomName,
    occupants: Vec<Occupant>,
    /// One call for every two occupants. It lasts as long as both are in the room, whatever they send.
    calls: Vec<RoomCall>,
    /// How often somebody came in from where, lately.
    entries: HashMap<ClientAddress, TokenBucket>,
}

/// The call that the hub has made for two occupants.
#[derive(Debug)]
struct RoomCall {
    between: [UserKey; 2],
    id: CallId,
}

impl RoomCall {
    fn is_between(&self, one: &UserKey, other: &UserKey) -> bool {
        let [first, second] = &self.between;
        (first == one && second == other) || (first == other && second == one)
    }
}

/// A user in a room.
#[derive(Clone, Debug)]
pub(super) struct Occupant {
    pub(super) key: UserKey,
    /// Unique in the room. For a user who signed in by name, it is that name.
    pub(super) display_name: Name,
    /// Tells this stay from an earlier one at the same address.
    pub(super) stay: u64,
}

impl Room {
    pub(super) fn new(name: RoomName) -> Room {
        Room { name, occupants: Vec::new(), calls: Vec::new(), entries: HashMap::new() }
    }

    /// Returns whether somebody from there may come in once more, and if so, counts that. Everybody in the
    /// room is told of each who comes.
    pub(super) fn admit(&mut self, limits: &Limits, now_ms: u64, from: ClientAddress) -> bool {
        let rate = limits.address_entries;
        if from == ClientAddress::Unknown {
            return true;
        }
        self.entries.retain(|_, entries| !entries.is_full(rate, now_ms));
        self.entries.entry(from).or_insert_with(|| TokenBucket::new(rate, now_ms)).take(rate, now_ms, 1)
    }

    pub(super) fn len(&self) -> usize {
        self.occupants.len()
    }

    /// Returns the occupants in the order in which they entered.
    pub(super) fn occupants(&self) -> impl Iterator<Item = &Occupant> {
        self.occupants.iter()
    }

    pub(super) fn enter(&mut self, occupant: Occupant) {
        self.occupants.push(occupant);
    }

    /// Removes an occupant. Returns the others, each with the call that this ends.
    pub(super) fn leave(&mut self, key: &UserKey) -> Vec<(UserKey, CallId)> {
        self.occupants.retain(|occupant| occupant.key != *key);
        let over = self.calls.extract_if(.., |call| call.between.contains(key));
        over.map(|RoomCall { between: [one, other], id }| (if one == *key { other } else { one }, id))
            .collect()
    }

    /// Returns the call that two occupants have.
    pub(super) fn call(&self, one: &UserKey, other: &UserKey) -> Option<&CallId> {
        self.calls.iter().find(|call| call.is_between(one, other)).map(|call| &call.id)
    }

    /// Gives two occupants a call, in place of the one they have.
    pub(super) fn set_call(&mut self, one: &UserKey, other: &UserKey, id: CallId) {
        match self.calls.iter_mut().find(|call| call.is_between(one, other)) {
            Some(call) => call.id = id,
            None => self.calls.push(RoomCall { between: [one.clone(), other.clone()], id }),
        }
    }

    pub(super) fn display_name(&self, key: &UserKey) -> Option<&Name> {
        self.occupants.iter().find(|occupant| occupant.key == *key).map(|occupant| &occupant.display_name)
    }

    pub(super) fn stay(&self, key: &UserKey) -> Option<u64> {
        self.occupants.iter().find(|occupant| occupant.key == *key).map(|occupant| occupant.stay)
    }

    pub(super) fn rename(&mut self, key: &UserKey, display_name: Name) {
        if let Some(occupant) = self.occupants.iter_mut().find(|occupant| occupant.key == *key) {
            occupant.display_name = display_name;
        }
    }

    /// Returns the guests who are called by a name that looks like this one.
    pub(super) fn guests_called(&self, name: &Name) -> Vec<UserKey> {
        let looks = Look::of(name);
        let looks_so = |occupant: &&Occupant| {
            occupant.key.is_guest() && Look::of(&occupant.display_name).iter().any(|it| looks.contains(it))
        };
        self.occupants.iter().filter(looks_so).map(|occupant| occupant.key.clone()).collect()
    }

    /// Returns how the names look that a newcomer can't have.
    pub(super) fn taken_looks(&self) -> Vec<Look> {
        self.occupants.iter().flat_map(|occupant| Look::of(&occupant.display_name)).collect()
    }
}
