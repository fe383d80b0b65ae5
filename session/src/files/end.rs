//! How a transfer ends without a file.

use super::view::{FileProblem, TransferState};
use super::wire::Why;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) why: TransferEndReason,
    /// Whether this side has ended it.
    pub(super) by_me: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransferEndReason {
    Refused,
    Cancelled,
    Failed(FileProblem),
}

impl End {
    /// Returns the end that this side makes.
    pub(super) fn by_me(why: TransferEndReason) -> End {
        End { why, by_me: true }
    }

    /// Returns the end that the other side makes.
    pub(super) fn by_them(why: TransferEndReason) -> End {
        End { why, by_me: false }
    }

    pub(super) fn view(self) -> TransferState {
        let by_me = self.by_me;
        match self.why {
            TransferEndReason::Refused => TransferState::Refused { by_me },
            TransferEndReason::Cancelled => TransferState::Cancelled { by_me },
            TransferEndReason::Failed(problem) => TransferState::Failed(problem),
        }
    }
}

impl TransferEndReason {
    /// Returns what the other side is told.
    pub(super) fn told(self) -> Why {
        match self {
            TransferEndReason::Refused => Why::Refused,
            TransferEndReason::Cancelled => Why::Cancelled,
            TransferEndReason::Failed(FileProblem::SourceChanged) => Why::Changed,
            TransferEndReason::Failed(FileProblem::DiskFull) => Why::Full,
            TransferEndReason::Failed(FileProblem::Mismatch) => Why::Mismatch,
            TransferEndReason::Failed(_) => Why::Failed,
        }
    }

    /// Returns what the other side's word means here.
    pub(super) fn heard(why: Why) -> TransferEndReason {
        match why {
            Why::Refused => TransferEndReason::Refused,
            Why::Cancelled => TransferEndReason::Cancelled,
            Why::Changed => TransferEndReason::Failed(FileProblem::SourceChanged),
            Why::Full => TransferEndReason::Failed(FileProblem::TheirDiskFull),
            Why::Mismatch => TransferEndReason::Failed(FileProblem::Mismatch),
            Why::Forgotten => TransferEndReason::Failed(FileProblem::Forgotten),
            Why::Failed => TransferEndReason::Failed(FileProblem::TheirFailure),
        }
    }
}
