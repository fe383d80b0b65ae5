//! The direct calls of a user, which decide who may answer whom, and who is told when a user is gone. The
//! calls between the members of a room belong to the room (`room.rs`).

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
    /// The other side has made the offer.
    Called,
    /// The called side has answered.
    Answered,
}

/// The calls of one user, oldest first. The other side of each call holds the mirror image.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<Pair>);

/// How many calls two users may have with each other. There are two when both call at once, and one more when
/// an offer crosses the end of its call.
const BETWEEN_TWO: usize = 4;

impl Pair {
    /// Returns whether a frame that names `call` belongs to this call. A frame without a call id means any
    /// call, and a call without an id takes any frame, because a classic client has no other call.
    fn is_meant(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        let open = call.is_none() || self.call.is_none();
        self.with == *with && (open || self.call.as_ref() == call)
    }
}

impl Pairs {
    /// Returns whether exactly this call is known. Another offer of a known call renegotiates and does not
    /// ring.
    pub(super) fn contains(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        self.0.iter().any(|pair| pair.with == *with && (call.is_none() || pair.call.as_ref() == call))
    }

    /// Returns whether a frame to `with` that names `call` belongs to any call.
    pub(super) fn admit(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        self.0.iter().any(|pair| pair.is_meant(with, call))
    }

    /// Adds a call. Returns the call that it replaces, if there was no room for both.
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

    /// Returns the index of the call to forget for a new one: the oldest unanswered one, so that strangers
    /// who ring, however many, don't cut anybody off from those they talk to.
    fn dispensable(&self, among: impl Fn(&Pair) -> bool) -> Option<usize> {
        let unanswered = |pair: &Pair| among(pair) && pair.standing != Standing::Answered;
        self.0.iter().position(unanswered).or_else(|| self.0.iter().position(among))
    }

    /// Marks the calls that `call` means as answered, if they are at `standing`.
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

    /// Removes the calls that a `leave` of `call` ends: that call and the one without an id, or all of them
    /// if the `leave` names none.
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

    /// Frees an empty buffer, so that an idle user holds none.
    fn release(&mut self) {
        if self.0.is_empty() {
            self.0 = Vec::new();
        }
    }
}
