//! What a run reports.

/// What becomes of a file on its way. All but the first two end the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunEvent {
    /// It can begin. `offset` bytes are stored already (receiving) or would be left out (sending), and `hash`
    /// is their BLAKE3 hash in 64 hexadecimal digits. The two sides go on there only if both have the same
    /// hash.
    Opened { offset: u64, hash: String },
    /// So many bytes of the whole are written on the receiver's disk. Reported at most four times a second.
    Progress { bytes: u64 },
    /// All of it has arrived, and it is what was sent.
    Done,
    /// What arrived is not what was sent. The receiver has dropped it.
    Mismatch,
    /// The receiver's disk, or what the browser grants of it, is full. What is written stays.
    Full,
    /// The file that is sent is no longer the one that was chosen, or can't be read.
    Changed,
    /// The channel has closed before the end. The transfer can go on over another channel.
    Closed,
    /// The other side broke the rules. It isn't listened to any more.
    Broken,
    /// This browser can't read or store the file: the worker doesn't start, there is no storage, or another
    /// tab has the file open.
    Unavailable,
}
