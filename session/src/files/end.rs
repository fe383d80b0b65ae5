//! How a transfer ends without a file.

use super::view::{FileProblem, TransferState};
use super::wire::Why;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) why: EndReason,
    /// Whether this side has ended it.
    pub(super) by_me: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndReason {
    Refused,
    Cancelled,
    Failed(FileProblem),
}

impl End {
    /// Returns the end that this side makes.
    pub(super) fn by_me(why: EndReason) -> End {
        End { why, by_me: true }
    }

    /// Returns the end that the other side makes.
    pub(super) fn by_them(why: EndReason) -> End {
        End { why, by_me: false }
    }

    pub(super) fn view(self) -> TransferState {
        let by_me = self.by_me;
        match self.why {
            EndReason::Refused => TransferState::Refused { by_me },
            EndReason::Cancelled => TransferState::Cancelled { by_me },
            EndReason::Failed(problem) => TransferState::Failed(problem),
        }
    }
}

impl EndReason {
    /// Returns what the other side is told.
    pub(super) fn told(self) -> Why {
        match self {
            EndReason::Refused => Why::Refused,
            EndReason::Cancelled => Why::Cancelled,
            EndReason::Failed(FileProblem::SourceChanged) => Why::Changed,
            EndReason::Failed(FileProblem::DiskFull) => Why::Full,
            EndReason::Failed(FileProblem::Mismatch) => Why::Mismatch,
            EndReason::Failed(_) => Why::Failed,
        }
    }

    /// Returns what the other side's word means here.
    pub(super) fn heard(why: Why) -> EndReason {
        match why {
            Why::Refused => EndReason::Refused,
            Why::Cancelled => EndReason::Cancelled,
            Why::Changed => EndReason::Failed(FileProblem::SourceChanged),
            Why::Full => EndReason::Failed(FileProblem::TheirDiskFull),
            Why::Mismatch => EndReason::Failed(FileProblem::Mismatch),
            Why::Forgotten => EndReason::Failed(FileProblem::Forgotten),
            Why::Failed => EndReason::Failed(FileProblem::TheirFailure),
        }
    }
}
