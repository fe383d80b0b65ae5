//! What each user has and uses. Known while the user has a relayed address, and until the budget is full
//! again, or it could be had anew by letting all of them go.

use std::collections::{BTreeSet, HashMap};

use crate::budget::{Budget, Rate};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct UserId(u64);

#[derive(Debug)]
pub(crate) struct Users {
    rate: Rate,
    by_name: HashMap<Box<str>, UserId>,
    users: HashMap<UserId, User>,
    /// Those who have nothing, by when their budget is full.
    idle: BTreeSet<(u64, UserId)>,
    last: u64,
}

#[derive(Debug)]
struct User {
    name: Box<str>,
    /// How many relayed addresses the user has.
    relays: usize,
    /// When the budget is full, if the user has nothing.
    full_at_ms: u64,
    budget: Budget,
}

impl Users {
    pub(crate) fn new(rate: Rate) -> Users {
        Users { rate, by_name: HashMap::new(), users: HashMap::new(), idle: BTreeSet::new(), last: 0 }
    }

    /// Returns how many relayed addresses a user has.
    pub(crate) fn relays_of(&self, name: &str) -> usize {
        let user = self.by_name.get(name).and_then(|id| self.users.get(id));
        user.map_or(0, |user| user.relays)
    }

    /// Counts `relays` more relayed addresses of a user, who needn't be known.
    pub(crate) fn add(&mut self, name: &str, relays: usize, now_ms: u64) -> UserId {
        let id = match self.by_name.get(name) {
            Some(id) => *id,
            None => {
                self.last += 1;
                let id = UserId(self.last);
                let budget = Budget::new(self.rate, now_ms);
                self.by_name.insert(name.into(), id);
                self.users.insert(id, User { name: name.into(), relays: 0, full_at_ms: 0, budget });
                id
            }
        };
        if let Some(user) = self.users.get_mut(&id) {
            self.idle.remove(&(user.full_at_ms, id));
            user.relays += relays;
        }
        id
    }

    /// Counts a relayed address less.
    pub(crate) fn remove_relay(&mut self, id: UserId, now_ms: u64) {
        let Some(user) = self.users.get_mut(&id) else { return };
        user.relays = user.relays.saturating_sub(1);
        if user.relays == 0 {
            user.full_at_ms = now_ms.saturating_add(self.rate.refill_ms());
            self.idle.insert((user.full_at_ms, id));
        }
    }

    /// Forgets those who have nothing, and whose budget is full.
    pub(crate) fn forget_idle(&mut self, now_ms: u64) {
        while let Some((full_at_ms, id)) = self.idle.first().copied()
            && full_at_ms <= now_ms
        {
            self.idle.remove(&(full_at_ms, id));
            if let Some(user) = self.users.remove(&id) {
                self.by_name.remove(&user.name);
            }
        }
    }

    pub(crate) fn next_to_forget_ms(&self) -> Option<u64> {
        self.idle.first().map(|(full_at_ms, _)| *full_at_ms)
    }

    pub(crate) fn is_named(&self, id: UserId, name: &str) -> bool {
        self.users.get(&id).is_some_and(|user| &*user.name == name)
    }

    /// Takes so many bytes of the user's budget. Returns whether there were as many.
    pub(crate) fn take(&mut self, id: UserId, now_ms: u64, bytes: usize) -> bool {
        self.users.get_mut(&id).is_some_and(|user| user.budget.take(self.rate, now_ms, bytes))
    }

    /// Returns whether nothing is kept of anybody.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty() && self.users.is_empty() && self.idle.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lets_everything_go_keeps_what_was_used() {
        let mut users = Users::new(Rate { burst_bytes: 3_000, bytes_per_second: 1_000 });
        let anna = users.add("anna", 2, 0);
        assert!(users.take(anna, 0, 3_000) && !users.take(anna, 0, 1));
        users.remove_relay(anna, 0);
        assert_eq!((users.next_to_forget_ms(), users.relays_of("anna")), (None, 1));
        users.remove_relay(anna, 0);
        users.forget_idle(2_999);
        let again = users.add("anna", 1, 2_999);
        assert_eq!(again, anna);
        assert!(users.is_named(anna, "anna") && !users.is_named(anna, "bell"));
        assert!(!users.take(anna, 2_999, 3_000), "nothing is had anew");
        users.forget_idle(u64::MAX);
        assert_eq!(users.relays_of("anna"), 1, "one who has something isn't forgotten");
        users.remove_relay(anna, 2_999);
        users.forget_idle(5_999);
        assert!(users.is_empty());
    }
}
