//! Perfect negotiation (W3C WebRTC, section 10.7) for one peer connection, as a pure machine.
//!
//! The pattern's flags live here: who is polite, whether an offer is being made or is out, whether the other
//! side's offer is being ignored. Operations on the connection run one at a time: the next begins when the
//! browser has said what became of the last, so a description never meets a state that this machine doesn't
//! know.
//!
//! One thing is done otherwise than in the standard's example: the polite side's offer becomes its local
//! description only when it is answered. When offers collide it is dropped, and there is nothing to roll
//! back: after a rollback, Chromium (156) at times shows one picture of what comes in and no more.

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
    /// That offer, where it is to be set once it is answered.
    provisional: Option<Description>,
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

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operation {
    Offer,
    Answer,
    RemoteOffer,
    /// The provisional offer becomes the local description; then its answer is the remote one.
    AnsweredOffer {
        answer: Description,
    },
    RemoteAnswer,
}

type Out<'a> = &'a mut Vec<NegotiationOutput>;

impl Negotiation {
    /// For a new connection. Exactly one of the two sides is polite: it gives way when offers collide.
    pub(crate) fn new(polite: bool) -> Negotiation {
        Negotiation {
            polite,
            offered: false,
            provisional: None,
            running: None,
            needed: false,
            described: false,
            waiting: VecDeque::new(),
            early: VecDeque::new(),
            held: Vec::new(),
        }
    }

    /// Returns whether an offer of this side is out, and unanswered.
    pub(crate) fn has_offered(&self) -> bool {
        self.offered
    }

    /// Returns whether the other side has ever described the connection.
    pub(crate) fn is_described(&self) -> bool {
        self.described
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
        // One that belongs to a description that isn't given to the browser yet has to wait behind it.
        let described =
            !matches!(self.running, Some(Operation::RemoteOffer | Operation::AnsweredOffer { .. }));
        if self.described && self.waiting.is_empty() && described {
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

    /// The browser has made, or set, the local description that was asked for.
    pub(crate) fn local_description(&mut self, description: Description, out: Out) {
        match self.running.take() {
            Some(Operation::Offer) => {
                self.offered = true;
                self.provisional = self.polite.then(|| description.clone());
            }
            Some(Operation::Answer) => self.settle(),
            Some(Operation::AnsweredOffer { answer }) => {
                self.running = Some(Operation::RemoteAnswer);
                out.push(NegotiationOutput::Do(PeerEffect::SetRemote(answer)));
                return;
            }
            other => {
                self.running = other;
                return;
            }
        }
        out.push(NegotiationOutput::Describe(description));
        out.extend(self.held.drain(..).map(NegotiationOutput::Candidate));
        self.advance(out);
    }

    /// The browser has set the remote description that it was given.
    pub(crate) fn remote_set(&mut self, out: Out) {
        match self.running {
            Some(Operation::RemoteOffer) => {
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

    /// Back in `stable`: whatever the browser still needs, it says again after this (W3C WebRTC, section
    /// 4.7.3).
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
                out.push(NegotiationOutput::Do(PeerEffect::CreateOffer { provisional: self.polite }));
            } else {
                return;
            }
        }
    }

    fn take(&mut self, description: Description, out: Out) {
        let (operation, effect) = match (description.kind, self.offered) {
            // Offers collided, and ours stands.
            (DescriptionKind::Offer, true) if !self.polite => return,
            (DescriptionKind::Offer, _) => {
                self.offered = false;
                self.provisional = None;
                (Operation::RemoteOffer, PeerEffect::SetRemote(description))
            }
            (DescriptionKind::Answer, true) => match self.provisional.take() {
                Some(offer) => {
                    (Operation::AnsweredOffer { answer: description }, PeerEffect::SetLocal(offer))
                }
                None => (Operation::RemoteAnswer, PeerEffect::SetRemote(description)),
            },
            // An answer to an offer that was dropped.
            (DescriptionKind::Answer, false) => return,
        };
        self.running = Some(operation);
        out.push(NegotiationOutput::Do(effect));
    }
}
