//! A call and its stages.

use tincan_shared::{CallId, Description, FileNotice, IceCandidate, LeaveReason};

use crate::chat::Conversation;
use crate::files::SourceFile;
use crate::peer::PeerLink;
use crate::time::Time;
use crate::view::{CallKind, EndReason};

/// How many candidates of a call that rings are kept for when it is accepted.
const MAX_EARLY_CANDIDATES: usize = 256;

/// One call, from the wish to call or the first ring to its end.
#[derive(Debug)]
pub(super) struct Call {
    /// `None` where the caller speaks the classic protocol.
    pub(super) id: Option<CallId>,
    /// The other side's name: as typed at first, then as the server writes it.
    pub(super) peer: String,
    pub(super) kind: CallKind,
    pub(super) stage: Stage,
    pub(super) conversation: Conversation,
    /// To be offered once there is a channel.
    pub(super) files: Vec<(SourceFile, u128)>,
    /// What they want to hand over, which is accepted with the call.
    pub(super) announced: Option<FileNotice>,
}

/// How far a call is.
#[derive(Debug)]
pub(super) enum Stage {
    /// Mine: the devices are being opened, until then at the longest.
    Preparing { until: Time },
    /// Mine: the offer is being made, or it is out (`offered`). It may be answered `until` then.
    Calling { link: Box<PeerLink>, until: Time, offered: bool, ringing: bool },
    /// Theirs: it rings, until then at the longest. It can't be accepted before `settled`.
    Ringing { offer: Offer, until: Time, settled: Time },
    /// Theirs, accepted: the devices are being opened, until then at the longest.
    Accepting { offer: Offer, until: Time },
    /// Accepted, and on its way or connected.
    Active { link: Box<PeerLink> },
}

/// An offer that waits to be accepted, and what came after it.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) description: Description,
    pub(super) candidates: Vec<Option<IceCandidate>>,
}

impl Offer {
    pub(super) fn new(description: Description) -> Offer {
        Offer { description, candidates: Vec::new() }
    }

    pub(super) fn add(&mut self, candidate: Option<IceCandidate>) {
        if self.candidates.len() < MAX_EARLY_CANDIDATES {
            self.candidates.push(candidate);
        }
    }

    /// What is being offered, read off the media sections of the description (RFC 8866, section 5.14) that are
    /// neither rejected (port 0) nor `inactive`.
    pub(super) fn kind(&self) -> CallKind {
        let (mut audio, mut video) = (false, false);
        for section in self.description.sdp.split("\nm=").skip(1) {
            let mut words = section.split_whitespace();
            let (media, port) = (words.next(), words.next());
            let offered = port != Some("0") && !section.lines().any(|line| line.trim_end() == "a=inactive");
            audio |= offered && media == Some("audio");
            video |= offered && media == Some("video");
        }
        match (video, audio) {
            (true, _) => CallKind::Video,
            (false, true) => CallKind::Voice,
            (false, false) => CallKind::Text,
        }
    }
}

impl Call {
    /// Whether a frame from `name` about `id` is about this call. A client of the classic protocol gives no id, and
    /// then not always a name.
    pub(super) fn concerns(&self, name: Option<&str>, id: Option<&CallId>, letters: Letters) -> bool {
        let same_call = match (id, &self.id) {
            (Some(id), Some(own)) => id == own,
            _ => true,
        };
        // Until the server has written the name as its owner does, it may be spelled otherwise than it was typed.
        let unresolved = matches!(self.stage, Stage::Calling { ringing: false, .. }) && id.is_some();
        same_call && (unresolved || name.is_none_or(|name| letters.same_name(name, &self.peer)))
    }

    /// The peer connection, once there is one.
    pub(super) fn link(&self) -> Option<&PeerLink> {
        match &self.stage {
            Stage::Calling { link, .. } | Stage::Active { link } => Some(link),
            _ => None,
        }
    }

    /// The peer connection, once there is one.
    pub(super) fn link_mut(&mut self) -> Option<&mut PeerLink> {
        match &mut self.stage {
            Stage::Calling { link, .. } | Stage::Active { link } => Some(link),
            _ => None,
        }
    }

    /// When time alone will change something.
    pub(super) fn next_timeout(&self) -> Option<Time> {
        let own = match &self.stage {
            Stage::Preparing { until }
            | Stage::Calling { until, .. }
            | Stage::Ringing { until, .. }
            | Stage::Accepting { until, .. } => Some(*until),
            Stage::Active { .. } => None,
        };
        own.into_iter().chain(self.link().and_then(PeerLink::next_timeout)).min()
    }

    /// What the other side's `leave` means here and now.
    pub(super) fn end_reason(&self, reason: Option<LeaveReason>) -> EndReason {
        match (&self.stage, reason) {
            (_, Some(LeaveReason::Unavailable)) => EndReason::Unavailable,
            (_, Some(LeaveReason::Yourself)) => EndReason::Yourself,
            (_, Some(LeaveReason::Lost)) => EndReason::PeerLost,
            (_, Some(LeaveReason::Busy)) => EndReason::Busy,
            (Stage::Ringing { .. }, Some(LeaveReason::NoAnswer)) => EndReason::Missed,
            (Stage::Preparing { .. } | Stage::Calling { .. }, Some(LeaveReason::NoAnswer)) => {
                EndReason::NoAnswer
            }
            // The caller gave up in the very moment that it was accepted.
            (_, Some(LeaveReason::NoAnswer)) => EndReason::Cancelled,
            (Stage::Ringing { .. }, _) | (_, Some(LeaveReason::Cancelled)) => EndReason::Cancelled,
            (_, Some(LeaveReason::Declined)) => EndReason::Declined,
            // Nothing was picked up that could be hung up: the page, or its server connection, was closed.
            (Stage::Preparing { .. } | Stage::Calling { .. }, Some(LeaveReason::Hangup)) => {
                EndReason::PeerLost
            }
            (_, Some(LeaveReason::Failed)) => EndReason::ConnectionLost,
            // The classic protocol has one `leave` for all: before an answer it is a no.
            (Stage::Preparing { .. } | Stage::Calling { .. }, _) => EndReason::Declined,
            (Stage::Accepting { .. } | Stage::Active { .. }, _) => EndReason::HungUp,
        }
    }
}

/// How letters are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    /// See [`crate::Seed::lower_case`].
    pub(super) lower_case: fn(&str) -> String,
}

impl Letters {
    /// Whether two names are the same person's, as far as that can be told without Unicode's tables of forms; the server
    /// knows better, and from its first answer on says the name as its owner writes it.
    pub(super) fn same_name(self, a: &str, b: &str) -> bool {
        a == b || (self.lower_case)(a) == (self.lower_case)(b)
    }
}
