//! What the other side was told last, in case the server could not pass it on.

use tincan_shared::{Description, DescriptionKind, IceCandidate};

use super::peer_connection::Output;
use crate::time::Time;

/// The waits before something is told again: doubled from the first to the last.
const FIRST_WAIT_MS: u64 = 1_000;
const LAST_WAIT_MS: u64 = 8_000;
/// How many candidates of one description are kept.
const MAX_CANDIDATES: usize = 100;

/// The last description, with the candidates that came after it. To tell it twice does no harm: an answer
/// that nobody waits for is ignored, and an offer is answered again.
#[derive(Debug, Default)]
pub(super) struct Told {
    description: Option<Description>,
    candidates: Vec<Option<IceCandidate>>,
    /// How often it was told again.
    repeats: u32,
    again_at: Option<Time>,
}

impl Told {
    pub(super) fn description(&mut self, description: Description) {
        *self = Told { description: Some(description), ..Told::default() };
    }

    pub(super) fn candidate(&mut self, candidate: Option<IceCandidate>) {
        if self.candidates.len() < MAX_CANDIDATES {
            self.candidates.push(candidate);
        }
    }

    /// The other side's answer is here, so it has the offer.
    pub(super) fn answered(&mut self) {
        if self.description.as_ref().is_some_and(|it| it.kind == DescriptionKind::Offer) {
            self.description = None;
            self.again_at = None;
        }
    }

    /// Some of it was not passed on.
    pub(super) fn undelivered(&mut self, now: Time) {
        let wait = (FIRST_WAIT_MS << self.repeats.min(10)).min(LAST_WAIT_MS);
        self.again_at.get_or_insert(now.plus(wait));
    }

    /// They are there: what has to be told again is told now.
    pub(super) fn hurry(&mut self, now: Time) {
        self.again_at = self.again_at.map(|at| at.min(now));
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.again_at
    }

    /// Returns what is to be told again by now.
    pub(super) fn due(&mut self, now: Time) -> Vec<Output> {
        if self.again_at.is_none_or(|at| now < at) {
            return Vec::new();
        }
        self.again_at = None;
        self.repeats += 1;
        let description = self.description.iter().cloned().map(Output::DescribeAgain);
        description.chain(self.candidates.iter().cloned().map(Output::CandidateAgain)).collect()
    }
}
