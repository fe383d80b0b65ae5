//! The direct calls of a user, which decide who may answer whom, and who is told when a user is gone. The
//! calls between the members of a room belong to the room (`room.rs`).
//!
//! A call that rings, or is answered, is never forgotten for another one: whoever calls beyond the limits is
//! told that the callee is busy.

use tincan_shared::CallId;

use super::Limits;
use super::queued_frame::Relation;
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
    /// The called side has answered.
    Answered,
}

/// The calls of one user, oldest first. The other side of each call holds the mirror image.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<Pair>);

/// How many calls two users may have with each other. There are two when both call at once, and one more when
/// an offer crosses the end of its call. Beyond the limit, their oldest call is forgotten.
const BETWEEN_TWO: usize = 4;

impl Pair {
    /// Returns whether a frame that names `call` belongs to this call. A frame without a call id means any
    /// call, and a call without an id takes any frame, because a classic client has no other call.
    fn is_meant(&self, with: &UserKey, call: Option<&CallId>) -> bool {
        let open = call.is_none() || self.call.is_none();
        self.with == *with && (open || self.call.as_ref() == call)
    }

    /// Returns whether it was made to this side, and not answered.
    fn is_waiting(&self) -> bool {
        matches!(self.standing, Standing::Called | Standing::CalledAway)
    }

    /// Returns whether both are not answered, and made by the same side.
    fn made_like(&self, other: &Pair) -> bool {
        let calling = |pair: &Pair| pair.standing == Standing::Calling;
        (calling(self) && calling(other)) || (self.is_waiting() && other.is_waiting())
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

    /// Returns whether any call is answered.
    pub(super) fn have_answered(&self) -> bool {
        self.0.iter().any(|pair| pair.standing == Standing::Answered)
    }

    /// Returns what a sender who names `call` is to this side.
    pub(super) fn relation(&self, with: &UserKey, call: Option<&CallId>) -> Relation {
        let answered = |pair: &Pair| pair.is_meant(with, call) && pair.standing == Standing::Answered;
        if self.0.iter().any(answered) { Relation::Partner } else { Relation::Stranger }
    }

    /// Returns whether there is room for a call from `with`, of whom there is at most one that waits.
    pub(super) fn have_room_for(&self, with: &UserKey, limits: &Limits) -> bool {
        let others = self.0.iter().filter(|pair| pair.with != *with);
        let waiting = others.clone().filter(|pair| pair.is_waiting()).count();
        waiting < limits.waiting_calls && others.count() < limits.pairs
    }

    /// Returns whether there is room for a call to somebody.
    pub(super) fn have_room(&self, limits: &Limits) -> bool {
        self.0.len() < limits.pairs
    }

    /// Adds a call that both sides say goes on.
    pub(super) fn restore(&mut self, with: &UserKey, call: CallId) {
        let call = Some(call);
        self.0.retain(|pair| pair.with != *with || pair.call != call);
        self.0.push(Pair { with: with.clone(), call, standing: Standing::Answered });
    }

    /// Adds a call. Returns the calls that had to go for it: an earlier one by the same side that waits, or
    /// the oldest of too many between the two.
    pub(super) fn add(&mut self, pair: Pair) -> Vec<Pair> {
        let repeats = |other: &Pair| other.with == pair.with && other.made_like(&pair);
        let mut dropped: Vec<Pair> = self.0.extract_if(.., |other| repeats(other)).collect();
        let of_two = self.0.iter().filter(|other| other.with == pair.with);
        if of_two.count() >= BETWEEN_TWO
            && let Some(oldest) = self.0.iter().position(|other| other.with == pair.with)
        {
            dropped.push(self.0.remove(oldest));
        }
        self.0.push(pair);
        dropped
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
