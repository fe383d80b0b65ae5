//! A room: who is in it, and what they are called there.

use tincan_shared::{Name, RoomName};

use super::user_key::UserKey;
use crate::name_key::NameKey;

/// A room that somebody is in.
#[derive(Debug)]
pub(super) struct Room {
    /// As whoever first came spelled it.
    pub(super) name: RoomName,
    occupants: Vec<Occupant>,
}

/// Somebody in a room.
#[derive(Clone, Debug)]
pub(super) struct Occupant {
    pub(super) key: UserKey,
    /// Unique in the room. Of one who has signed in by name, that name.
    pub(super) display_name: Name,
}

impl Room {
    pub(super) fn new(name: RoomName) -> Room {
        Room { name, occupants: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.occupants.len()
    }

    /// In the order in which they came.
    pub(super) fn occupants(&self) -> impl Iterator<Item = &Occupant> {
        self.occupants.iter()
    }

    pub(super) fn enter(&mut self, occupant: Occupant) {
        self.occupants.push(occupant);
    }

    /// Answers whether the room is now empty.
    pub(super) fn leave(&mut self, key: &UserKey) -> bool {
        self.occupants.retain(|occupant| occupant.key != *key);
        self.occupants.is_empty()
    }

    pub(super) fn display_name(&self, key: &UserKey) -> Option<&Name> {
        self.occupants.iter().find(|occupant| occupant.key == *key).map(|occupant| &occupant.display_name)
    }

    pub(super) fn rename(&mut self, key: &UserKey, display_name: Name) {
        if let Some(occupant) = self.occupants.iter_mut().find(|occupant| occupant.key == *key) {
            occupant.display_name = display_name;
        }
    }

    /// Who is called by this name.
    pub(super) fn called(&self, name: &NameKey) -> Option<&UserKey> {
        let mut occupants = self.occupants.iter();
        occupants.find(|occupant| NameKey::of(&occupant.display_name) == *name).map(|occupant| &occupant.key)
    }

    /// The names that a newcomer can't have.
    pub(super) fn taken_names(&self) -> Vec<NameKey> {
        self.occupants.iter().map(|occupant| NameKey::of(&occupant.display_name)).collect()
    }
}
