//! One transfer, as the machine knows it.

use super::effect::{Direction, Remembered, SourceId};
use super::id::{ContentHash, TransferId};
use super::speed::Speed;
use super::view::{FileProblem, TransferState, TransferView};
use super::wire::Why;
use crate::time::Time;

/// A run that brought nothing is followed by the next after so long at the earliest, in milliseconds, and by each
/// further one after twice as long.
const PATIENCE_MS: u64 = 1_000;
/// So often it doubles.
const MOST_DOUBLINGS: u32 = 5;

/// See the module's words.
#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) id: TransferId,
    pub(super) direction: Direction,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) mime: Option<String>,
    /// What the other side is called.
    pub(super) peer: String,
    /// The participant; `None` while nobody of that name has come.
    pub(super) who: Option<u32>,
    /// How many times it was offered after an end, from 1: what is late of an earlier attempt has no effect.
    pub(super) attempt: u32,
    pub(super) phase: Phase,
    /// It was offered on the channel that is open, so the other side knows it and has the file.
    pub(super) ready: bool,
    /// Incoming: they have said that they know nothing of it, on the channel that is open.
    pub(super) lost: bool,
    pub(super) paused_by_me: bool,
    pub(super) paused_by_them: bool,
    /// Outgoing: the file, unless the page was reloaded.
    pub(super) source: Option<SourceId>,
    /// Outgoing: what was chosen again wasn't it.
    pub(super) problem: Option<FileProblem>,
    pub(super) bytes: u64,
    pub(super) speed: Speed,
    pub(super) patience: Patience,
}

/// How far a transfer is.
#[derive(Debug, PartialEq)]
pub(super) enum Phase {
    /// Not answered.
    Offered,
    /// Wanted, and not whole.
    Accepted(Step),
    /// Whole.
    Done,
    /// Over without a file.
    Ended(End),
}

/// What is being done about an accepted transfer.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Nothing: it is paused, not its turn, or the other side isn't there.
    Idle,
    /// Outgoing: the other side wants it now, and too many run.
    Taken(Take),
    /// Outgoing.
    Sending { run: u32, their_run: u32 },
    /// Incoming: the browser looks what is here.
    Preparing { run: u32 },
    /// Incoming.
    Receiving { run: u32, from: u64 },
}

/// From where on the other side wants a file, and what it has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Take {
    pub(super) run: u32,
    pub(super) from: u64,
    pub(super) hash: Option<ContentHash>,
}

/// How a transfer ended without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) why: EndReason,
    /// This side has ended it.
    pub(super) by_me: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndReason {
    Refused,
    Cancelled,
    Failed(FileProblem),
}

impl EndReason {
    /// What the other side is told.
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

    /// What the other side's word means here.
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

/// When the next run may begin. Whoever cuts every run at once would otherwise keep this side busy with nothing.
#[derive(Debug, Default)]
pub(super) struct Patience {
    /// How many runs have brought nothing, the one that goes on included.
    futile: u32,
    /// When the last one began, until the wait after it is over.
    begun: Option<Time>,
}

impl Patience {
    /// A run has begun.
    pub(super) fn begun(&mut self, now: Time) {
        self.begun = Some(now);
        self.futile = self.futile.saturating_add(1);
    }

    /// Something came of it.
    pub(super) fn rewarded(&mut self) {
        self.futile = 0;
    }

    /// Before this no run may begin.
    pub(super) fn not_before(&self) -> Option<Time> {
        let doublings = self.futile.saturating_sub(1).min(MOST_DOUBLINGS);
        Some(self.begun?.plus(PATIENCE_MS << doublings))
    }

    /// The wait is over, if it is.
    pub(super) fn tick(&mut self, now: Time) {
        if self.not_before().is_some_and(|at| now >= at) {
            self.begun = None;
        }
    }
}

impl Transfer {
    pub(super) fn new(file: Remembered, who: Option<u32>, phase: Phase) -> Transfer {
        let bytes = if phase == Phase::Done { file.size } else { 0 };
        Transfer {
            id: file.id,
            direction: file.direction,
            name: file.name,
            size: file.size,
            mime: file.mime,
            peer: file.peer,
            who,
            attempt: 1,
            phase,
            ready: false,
            lost: false,
            paused_by_me: false,
            paused_by_them: false,
            source: None,
            problem: None,
            bytes,
            speed: Speed::default(),
            patience: Patience::default(),
        }
    }

    pub(super) fn remembered(&self) -> Remembered {
        Remembered {
            id: self.id.clone(),
            direction: self.direction,
            name: self.name.clone(),
            size: self.size,
            mime: self.mime.clone(),
            peer: self.peer.clone(),
            whole: self.phase == Phase::Done,
        }
    }

    pub(super) fn is(&self, who: u32, direction: Direction) -> bool {
        self.who == Some(who) && self.direction == direction
    }

    /// Offered by the user, and not answered.
    pub(super) fn is_offered_from_here(&self) -> bool {
        self.direction == Direction::Outgoing && self.phase == Phase::Offered
    }

    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.phase, Phase::Accepted(_))
    }

    pub(super) fn is_unfinished(&self) -> bool {
        matches!(self.phase, Phase::Offered | Phase::Accepted(_))
    }

    pub(super) fn is_ended(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    /// It can't go on by this side's doing.
    pub(super) fn is_held(&self) -> bool {
        self.paused_by_me || (self.direction == Direction::Outgoing && self.source.is_none())
    }

    /// It takes one of the few places.
    pub(super) fn is_running(&self) -> bool {
        use Step::{Preparing, Receiving, Sending};
        matches!(self.phase, Phase::Accepted(Sending { .. } | Preparing { .. } | Receiving { .. }))
    }

    /// The run that the browser side is busy with.
    pub(super) fn run(&self) -> Option<u32> {
        match self.phase {
            Phase::Accepted(
                Step::Sending { run, .. } | Step::Preparing { run } | Step::Receiving { run, .. },
            ) => Some(run),
            _ => None,
        }
    }

    /// Incoming: the next run may begin, but for the patience and the number of those that run.
    pub(super) fn wants_run(&self) -> bool {
        self.phase == Phase::Accepted(Step::Idle) && self.ready && !self.paused_by_me && !self.paused_by_them
    }

    /// So many bytes are at the receiver.
    pub(super) fn progressed(&mut self, now: Time, bytes: u64) {
        self.bytes = bytes.min(self.size);
        self.speed.reading(now, self.bytes);
    }

    /// It may begin anew, in whatever phase.
    pub(super) fn reset(&mut self, phase: Phase) {
        self.phase = phase;
        self.ready = false;
        self.lost = false;
        (self.paused_by_me, self.paused_by_them) = (false, false);
        self.bytes = 0;
        self.speed = Speed::default();
    }

    /// Whether the user may try it again.
    pub(super) fn can_retry(&self) -> bool {
        let can_offer = self.source.is_some() && self.who.is_some();
        self.is_ended() && (self.direction == Direction::Incoming || can_offer)
    }

    /// As the screen shows it; `reachable` says whether the other side is there.
    pub(super) fn view(&self, reachable: bool) -> TransferView {
        TransferView {
            id: self.id.clone(),
            direction: self.direction,
            name: self.name.clone(),
            size: self.size,
            mime: self.mime.clone(),
            source: self.source,
            who: self.who,
            peer: self.peer.clone(),
            bytes: self.bytes,
            state: self.state(reachable),
            can_retry: self.can_retry(),
        }
    }

    fn state(&self, reachable: bool) -> TransferState {
        let outgoing = self.direction == Direction::Outgoing;
        match &self.phase {
            Phase::Offered if outgoing && !reachable => TransferState::Waiting,
            Phase::Offered => TransferState::Offered,
            Phase::Done => TransferState::Done,
            Phase::Ended(End { why: EndReason::Refused, by_me }) => TransferState::Refused { by_me: *by_me },
            Phase::Ended(End { why: EndReason::Cancelled, by_me }) => {
                TransferState::Cancelled { by_me: *by_me }
            }
            Phase::Ended(End { why: EndReason::Failed(problem), .. }) => TransferState::Failed(*problem),
            Phase::Accepted(_) if outgoing && self.source.is_none() => {
                TransferState::ChooseAgain { problem: self.problem }
            }
            Phase::Accepted(_) if self.paused_by_me || (self.ready && self.paused_by_them) => {
                TransferState::Paused { by_me: self.paused_by_me, by_them: self.paused_by_them }
            }
            Phase::Accepted(_) if self.lost && !self.ready && reachable => TransferState::Lost,
            Phase::Accepted(_) if !self.ready => TransferState::Waiting,
            Phase::Accepted(Step::Sending { .. } | Step::Receiving { .. }) => TransferState::Running {
                bytes_per_second: self.speed.bytes_per_second(),
                seconds_left: self.speed.seconds_left(self.size - self.bytes),
            },
            Phase::Accepted(_) => TransferState::Queued,
        }
    }
}
