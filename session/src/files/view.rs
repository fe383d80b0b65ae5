//! Transfers, as the screen shows them.

use super::effect::{Direction, SourceId};
use super::id::TransferId;
use crate::ids::MemberId;

/// One transfer.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferView {
    pub id: TransferId,
    pub direction: Direction,
    /// The file's name, made safe.
    pub name: String,
    pub size: u64,
    /// Its media type, as its sender calls it.
    pub mime: Option<String>,
    /// Outgoing: the file, as long as it is needed.
    pub source: Option<SourceId>,
    /// The member it concerns, if they are there.
    pub member: Option<MemberId>,
    /// The name of the other side.
    pub peer: String,
    /// How many bytes are at the receiver, as far as is known.
    pub bytes: u64,
    pub state: TransferState,
    /// Whether it can be tried again.
    pub can_retry: bool,
    /// Incoming: whether it was handed to the user to be kept.
    pub saved: bool,
}

/// How a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferState {
    /// Not answered yet.
    Offered,
    /// Accepted: its turn comes.
    Queued,
    /// On its way.
    Running {
        /// How fast, smoothed.
        bytes_per_second: u64,
        /// How long it will take. `None` while nothing moves.
        seconds_left: Option<u64>,
    },
    /// Somebody has paused it. Also when the other side has still to choose the file again.
    Paused { by_me: bool, by_them: bool },
    /// The other side isn't reachable; it goes on when they are.
    Waiting,
    /// Incoming: the other side is there, and knows nothing of it any more. What is here of it stays until it
    /// is cancelled, since they may be somebody else of that name.
    Lost,
    /// The page was reloaded: the user has to choose the file again.
    ChooseAgain {
        /// Why what was chosen wasn't it.
        problem: Option<FileProblem>,
    },
    /// The file is at its receiver.
    Done,
    /// The receiver doesn't want it.
    Refused { by_me: bool },
    /// Somebody has ended it.
    Cancelled { by_me: bool },
    /// It went wrong.
    Failed(FileProblem),
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// What was chosen is another file than before.
    NotTheSame,
    /// The file changed while it was being sent.
    SourceChanged,
    /// The file can't be read.
    ReadFailed,
    /// There is no room for the file here.
    DiskFull,
    /// There is no room for the file at the other side.
    TheirDiskFull,
    /// The file can't be written.
    WriteFailed,
    /// What came isn't what was sent: it was thrown away.
    Mismatch,
    /// The other side sent what it may not.
    Broken,
    /// The other side no longer knows of it.
    Forgotten,
    /// The other side left before they accepted it.
    Left,
    /// Something went wrong at the other side.
    TheirFailure,
}
