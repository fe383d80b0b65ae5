//! How far a call is.

use tincan_shared::LeaveReason;

use super::offer::Offer;
use crate::time::Time;
use crate::view::{EndReason, NoPath};

#[derive(Debug)]
pub(super) enum CallState {
    /// Mine: the devices are being opened, until then at the longest.
    Preparing { until: Time },
    /// Mine: the offer is being made.
    Offering { until: Time },
    /// Mine: the offer is out, and may be answered until then.
    Offered { until: Time },
    /// Mine: the server has handed the offer over, and it may be answered until then.
    RingsThere { until: Time },
    /// Theirs: it rings, until then at the longest. It can't be accepted before `settled`.
    Ringing { offer: Offer, until: Time, settled: Time },
    /// Theirs, accepted: the devices are being opened, until then at the longest.
    Accepting { offer: Offer, until: Time },
    /// Accepted, and on its way or connected.
    Active,
}

impl CallState {
    /// Returns until when the state lasts at the longest, where there is a limit.
    pub(super) fn until(&self) -> Option<Time> {
        match self {
            CallState::Preparing { until }
            | CallState::Offering { until }
            | CallState::Offered { until }
            | CallState::RingsThere { until }
            | CallState::Ringing { until, .. }
            | CallState::Accepting { until, .. } => Some(*until),
            CallState::Active => None,
        }
    }

    /// Returns whether it is mine, and not accepted yet.
    pub(super) fn is_outgoing(&self) -> bool {
        matches!(
            self,
            CallState::Preparing { .. }
                | CallState::Offering { .. }
                | CallState::Offered { .. }
                | CallState::RingsThere { .. }
        )
    }

    /// Returns whether anybody but this side has heard of it.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, CallState::Preparing { .. } | CallState::Offering { .. })
    }

    pub(super) fn is_ringing(&self) -> bool {
        matches!(self, CallState::Ringing { .. })
    }

    /// Returns whether both sides want it.
    pub(super) fn is_accepted(&self) -> bool {
        matches!(self, CallState::Accepting { .. } | CallState::Active)
    }

    /// Returns what the other side's `leave` means here and now. `no_path` is what this side knows of why
    /// there may be no way.
    pub(super) fn end_reason(&self, reason: Option<LeaveReason>, no_path: NoPath) -> EndReason {
        use LeaveReason as L;
        // Without a wildcard: whoever adds a reason is led here.
        match reason {
            Some(L::Unavailable) => EndReason::Unavailable,
            Some(L::Yourself) => EndReason::Yourself,
            Some(L::Lost) => EndReason::PeerLost,
            Some(L::Busy) => EndReason::Busy,
            Some(L::NoAnswer) if self.is_ringing() => EndReason::Missed,
            Some(L::NoAnswer) if self.is_outgoing() => EndReason::NoAnswer,
            // The caller gave up in the very moment that it was accepted.
            Some(L::NoAnswer) => EndReason::Cancelled,
            // Whoever rang has given up, whatever they call it.
            Some(L::Cancelled | L::Declined | L::Hangup | L::NoConnection | L::Failed | L::Other) | None
                if self.is_ringing() =>
            {
                EndReason::Cancelled
            }
            Some(L::Cancelled) => EndReason::Cancelled,
            Some(L::Declined) => EndReason::Declined,
            // Nothing was picked up that could be hung up: the page, or its server connection, was closed.
            Some(L::Hangup) if self.is_outgoing() => EndReason::PeerLost,
            Some(L::NoConnection) => EndReason::NoConnection(no_path),
            Some(L::Failed) => EndReason::ConnectionLost,
            // The classic protocol has one `leave` for all: before an answer it is a no.
            Some(L::Other) | None if self.is_outgoing() => EndReason::Declined,
            Some(L::Hangup | L::Other) | None => EndReason::HungUp,
        }
    }
}
