//! With whom a user is in a call, so that these can be told when the user is gone.

use tincan_shared::CallId;

use crate::name_key::NameKey;

/// One call with one other user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) with: NameKey,
    /// `None` for clients of the classic protocol.
    pub(super) call: Option<CallId>,
}

/// The calls of one user, oldest first. The other side of each has the mirror image.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<Pair>);

impl Pairs {
    /// Whether this call is known. A classic client that names no call means whichever there is.
    pub(super) fn contains(&self, with: &NameKey, call: Option<&CallId>) -> bool {
        self.0.iter().any(|pair| pair.with == *with && (call.is_none() || pair.call.as_ref() == call))
    }

    /// Adds a call; answers the oldest, if there was no room beside it.
    pub(super) fn add(&mut self, pair: Pair, limit: usize) -> Option<Pair> {
        let dropped = (self.0.len() >= limit.max(1)).then(|| self.0.remove(0));
        self.0.push(pair);
        dropped
    }

    /// Removes exactly this one.
    pub(super) fn remove(&mut self, with: &NameKey, call: Option<&CallId>) {
        self.0.retain(|pair| pair.with != *with || pair.call.as_ref() != call);
        self.release();
    }

    /// Removes what a `leave` of `call` ends: that call and the one without an id, or all where it names none.
    pub(super) fn end(&mut self, with: &NameKey, call: Option<&CallId>) {
        self.0.retain(|pair| {
            pair.with != *with || (call.is_some() && pair.call.is_some() && pair.call.as_ref() != call)
        });
        self.release();
    }

    /// Everyone this user is in a call with, each once.
    pub(super) fn everyone(&self) -> Vec<NameKey> {
        let mut everyone: Vec<NameKey> = self.0.iter().map(|pair| pair.with.clone()).collect();
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
