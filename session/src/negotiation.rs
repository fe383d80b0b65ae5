//! Perfect negotiation (W3C WebRTC, section 10.7) for one peer connection, as a pure machine.
//!
//! The pattern's flags live here: who is polite, whether an offer is being made or is out, whether the other
//! side's offer is being ignored. Operations on the connection run one at a time: the next begins when the browser
//! has said what became of the last, so a description never meets a state that this machine doesn't know.

use std::collections::VecDeque;

use tincan_shared::{Description, DescriptionKind, IceCandidate};

use crate::effect::PeerEffect;

/// What may wait for an operation to end. A peer that sends more before the browser has taken the first is
/// not a Tincan; the rest is dropped.
const MAX_WAITING: usize = 256;

/// What the negotiation wants.
#[derive(Debug, PartialEq)]
pub(crate) enum NegotiationOutput {
    /// Done to the connection.
    Do(PeerEffect),
    /// Told to the other side.
    Describe(Description),
    /// Told to the other side.
    Candidate(Option<IceCandidate>),
    /// The other side's description can't be used, or none could be made.
    Failed,
}

/// See the module's words.
#[derive(Debug)]
pub(crate) struct Negotiation {
    polite: bool,
    /// Our offer is out, and unanswered.
    offered: bool,
    running: Option<Operation>,
    /// The browser has said `negotiationneeded` since the last time that all was settled.
    needed: bool,
    /// Whether a remote description was ever set: before that, a candidate has nothing to belong to.
    described: bool,
    waiting: VecDeque<Description>,
    /// Remote candidates that came before the description they belong to.
    early: VecDeque<Option<IceCandidate>>,
    /// Local candidates that came before their description went out.
    held: Vec<Option<IceCandidate>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Offer,
    Answer,
    RemoteOffer,
    RemoteAnswer,
}

type Out<'a> = &'a mut Vec<NegotiationOutput>;

impl Negotiation {
    /// For a new connection. Exactly one of the two sides is polite: it gives way when offers collide.
    pub(crate) fn new(polite: bool) -> Negotiation {
        Negotiation {
            polite,
            offered: false,
            running: None,
            needed: false,
            described: false,
            waiting: VecDeque::new(),
            early: VecDeque::new(),
            held: Vec::new(),
        }
    }

    /// The browser says `negotiationneeded`.
    pub(crate) fn needed(&mut self, out: Out) {
        self.needed = true;
        self.advance(out);
    }

    /// The other side sent a description.
    pub(crate) fn remote(&mut self, description: Description, out: Out) {
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push_back(description);
        }
        self.advance(out);
    }

    /// The other side sent a candidate.
    pub(crate) fn remote_candidate(&mut self, candidate: Option<IceCandidate>, out: Out) {
        // One that belongs to a description still waiting has to wait behind it.
        if self.described && self.waiting.is_empty() && self.running != Some(Operation::RemoteOffer) {
            out.push(NegotiationOutput::Do(PeerEffect::AddCandidate(candidate)));
        } else if self.early.len() < MAX_WAITING {
            self.early.push_back(candidate);
        }
    }

    /// The browser found a local candidate.
    pub(crate) fn local_candidate(&mut self, candidate: Option<IceCandidate>, out: Out) {
        if matches!(self.running, Some(Operation::Offer | Operation::Answer)) {
            self.held.push(candidate);
        } else {
            out.push(NegotiationOutput::Candidate(candidate));
        }
    }

    /// The browser has set the local description that was asked for.
    pub(crate) fn local_description(&mut self, description: Description, out: Out) {
        match self.running {
            Some(Operation::Offer) => self.offered = true,
            Some(Operation::Answer) => self.settle(),
            _ => return,
        }
        self.running = None;
        out.push(NegotiationOutput::Describe(description));
        out.extend(self.held.drain(..).map(NegotiationOutput::Candidate));
        self.advance(out);
    }

    /// The browser has set the remote description that it was given.
    pub(crate) fn remote_set(&mut self, out: Out) {
        match self.running {
            Some(Operation::RemoteOffer) => {
                // Setting it has rolled our own offer back, if there was one.
                self.offered = false;
                self.running = Some(Operation::Answer);
                out.push(NegotiationOutput::Do(PeerEffect::CreateAnswer));
            }
            Some(Operation::RemoteAnswer) => {
                self.offered = false;
                self.running = None;
                self.settle();
            }
            _ => return,
        }
        self.described = true;
        if self.waiting.is_empty() {
            let early = self.early.drain(..);
            out.extend(early.map(|candidate| NegotiationOutput::Do(PeerEffect::AddCandidate(candidate))));
        }
        self.advance(out);
    }

    /// The browser could not do what it was asked for.
    pub(crate) fn failed(&mut self, out: Out) {
        if self.running.take().is_some() {
            self.held.clear();
            out.push(NegotiationOutput::Failed);
            self.advance(out);
        }
    }

    /// Back in `stable`: whatever the browser still needs, it says again after this (W3C WebRTC, section 4.7.3).
    fn settle(&mut self) {
        self.needed = false;
    }

    fn advance(&mut self, out: Out) {
        while self.running.is_none() {
            if let Some(description) = self.waiting.pop_front() {
                self.take(description, out);
            } else if self.needed && !self.offered {
                self.needed = false;
                self.running = Some(Operation::Offer);
                out.push(NegotiationOutput::Do(PeerEffect::CreateOffer));
            } else {
                return;
            }
        }
    }

    fn take(&mut self, description: Description, out: Out) {
        let operation = match description.kind {
            // Offers collided, and ours stands.
            DescriptionKind::Offer if self.offered && !self.polite => return,
            DescriptionKind::Offer => Operation::RemoteOffer,
            DescriptionKind::Answer if self.offered => Operation::RemoteAnswer,
            // An answer to an offer that was rolled back.
            DescriptionKind::Answer => return,
        };
        self.running = Some(operation);
        out.push(NegotiationOutput::Do(PeerEffect::SetRemote(description)));
    }
}
