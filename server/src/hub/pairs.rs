//! The direct calls of a user: who may answer whom, and who is told when a user is gone. What two members of
//! a room have with each other is the room's (`room.rs`).

use tincan_shared::CallId;

use super::user_key::UserKey;

/// One call with one other user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) with: UserKey,
    /// `None` for clients of the classic protocol.
    pub(super) call: Option<CallId>,
    pub(super) standing: Standing,
}

/// How far a call has come, seen from one side.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// This side has made the offer.
    Calling,
    /// The other side has, while this one was away: it doesn't ring yet.
    CalledAway,
    /// The other side has, and knows that it rings here.
    Called,
    /// Whoever was called has answered.
    Answered,
}

/// The calls of one user, oldest first. The other side of each has the mirror image.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<Pair>);

/// How many calls two users may have with each other. There are two when both call at once, and one more
/// where an offer has crossed the end of its call.
const BETWEEN_TWO: usize = 4;

impl Pair {
    /// Returns whether a frame that names `call` belongs here. One without a call id means whichever call
    /// there is, and a call without one is all that a classic client has.
    fn is_meant(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        let open = call.is_none() || self.call.is_none();
        self.with == *with && (open || self.call.as_ref() == call)
    }
}

impl Pairs {
    /// Returns whether this very call is known, so that another offer of it renegotiates and doesn't ring.
    pub(super) fn contains(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        self.0.iter().any(|pair| pair.with == *with && (call.is_none() || pair.call.as_ref() == call))
    }

    /// Returns whether there is a call that a frame to `with`, which names `call`, belongs to.
    pub(super) fn admit(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        self.0.iter().any(|pair| pair.is_meant(with, call))
    }

    /// Returns whether this side may answer: it was called, or the call was answered and is renegotiated.
    /// Whoever made the offer can't accept it.
    pub(super) fn may_answer(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        self.0.iter().any(|pair| pair.is_meant(with, call) && pair.standing != Standing::Calling)
    }

    /// This side is back, so those who have called meanwhile ring now. Returns who they are, each with the
    /// call.
    pub(super) fn ring(&mut self) -> Vec<(UserKey, Option<CallId>)> {
        let waiting = self.0.iter_mut().filter(|pair| pair.standing == Standing::CalledAway);
        waiting
            .map(|pair| {
                pair.standing = Standing::Called;
                (pair.with.clone(), pair.call.clone())
            })
            .collect()
    }

    /// Adds a call. Returns the one that had to go, if there was no room beside it.
    pub(super) fn add(&mut self, pair: Pair, limit: usize) -> Option<Pair> {
        let with_them = self.0.iter().filter(|other| other.with == pair.with).count();
        let dropped = if with_them >= BETWEEN_TWO {
            self.dispensable(|other| other.with == pair.with)
        } else if self.0.len() >= limit.max(1) {
            self.dispensable(|_| true)
        } else {
            None
        };
        let dropped = dropped.map(|index| self.0.remove(index));
        self.0.push(pair);
        dropped
    }

    /// Returns the place of the one to forget for a new one: the oldest that nobody has answered, so that
    /// strangers who ring, however many, don't cut anybody off from those they talk to.
    fn dispensable(&self, among: impl Fn(&Pair) -> bool) -> Option<usize> {
        let unanswered = |pair: &Pair| among(pair) && pair.standing != Standing::Answered;
        self.0.iter().position(unanswered).or_else(|| self.0.iter().position(among))
    }

    /// Whoever was called has answered: what stood at `standing` on this side is settled.
    pub(super) fn answered(&mut self, with: &UserKey, call: Option<&CallId>, standing: Standing) {
        for pair in &mut self.0 {
            if pair.is_meant(with, call) && pair.standing == standing {
                pair.standing = Standing::Answered;
            }
        }
    }

    /// Removes exactly this call.
    pub(super) fn remove(&mut self, with: &UserKey, call: Option<&CallId>) {
        self.0.retain(|pair| pair.with != *with || pair.call.as_ref() != call);
        self.release();
    }

    /// Removes what a `leave` of `call` ends: that call and the one without an id, or all where it names
    /// none.
    pub(super) fn end(&mut self, with: &UserKey, call: Option<&CallId>) {
        self.0.retain(|pair| !pair.is_meant(with, call));
        self.release();
    }

    /// Returns everyone this user is in a call with, each once.
    pub(super) fn everyone(&self) -> Vec<UserKey> {
        let mut everyone: Vec<UserKey> = self.0.iter().map(|pair| pair.with.clone()).collect();
        everyone.sort();
        everyone.dedup();
        everyone
    }

    pub(super) fn into_vec(self) -> Vec<Pair> {
        self.0
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// An idle user holds no buffer.
    fn release(&mut self) {
        if self.0.is_empty() {
            self.0 = Vec::new();
        }
    }
}
