//! What is to be done about files, and what comes of it.

use super::id::{ContentHash, Run, TransferId};
use crate::ids::PeerConnectionId;

/// Names a file that the user chose. Whoever holds the browser's object gives it the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Which way a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From here.
    Outgoing,
    /// To here.
    Incoming,
}

/// What is kept of a transfer beyond a reload of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub id: TransferId,
    pub direction: Direction,
    /// The file's name, made safe.
    pub name: String,
    pub size: u64,
    /// Its media type, as its sender calls it.
    pub mime: Option<String>,
    /// The name of the other side.
    pub peer: String,
    /// Incoming, and verified: the file is here. It is kept so before [`FileEvent::Verified`] is said.
    pub whole: bool,
}

/// What the browser side is to do. Effects on one transfer are carried out in their order, each only when the
/// one before is done. So a [`FileEffect::Prepare`] that follows a [`FileEffect::Discard`] finds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEffect {
    /// Say this over the channel that text goes over.
    Control { peer_connection: PeerConnectionId, text: String },
    /// Keep this beyond a reload. What was kept under the same id is replaced; the part of a file is not
    /// touched.
    Remember(Remembered),
    /// Forget what was kept of a transfer from here.
    Forget { id: TransferId },
    /// Delete what is here of a transfer to here, part and record.
    Discard { id: TransferId },
    /// Find what is here of a transfer to here, or make room for it. [`FileEvent::Stored`],
    /// [`FileEvent::DiskFull`] or [`FileEvent::WriteFailed`] follows.
    Prepare { id: TransferId, run: Run, size: u64 },
    /// Expect a data channel with the label `file` and the protocol `channel`, and write what comes from
    /// `from` on, but nothing beyond the size. No more than `window` bytes may be under way.
    Receive {
        id: TransferId,
        run: Run,
        peer_connection: PeerConnectionId,
        channel: String,
        size: u64,
        /// What [`FileEvent::Stored`] said.
        from: u64,
        window: u64,
    },
    /// Let go of a run, keeping what was received. No event of it follows.
    StopReceiving { id: TransferId, run: Run },
    /// Read the file up to `from`, and compare with `prefix`. Open a data channel with the label `file` and
    /// the protocol `channel`. Send the rest and then the hash of the whole, never more than `window` bytes
    /// ahead of what is written.
    Send {
        id: TransferId,
        run: Run,
        peer_connection: PeerConnectionId,
        channel: String,
        source: SourceId,
        /// If the file has another size by now, that is [`FileEvent::SourceChanged`].
        size: u64,
        from: u64,
        /// The hash of what comes before `from`. `None` if nothing does.
        prefix: Option<ContentHash>,
        window: u64,
    },
    /// Let go of a run. No event of it follows.
    StopSending { id: TransferId, run: Run },
    /// No transfer needs this file any more.
    Release { source: SourceId },
    /// Hand a file that is here to the user, as a download of this name.
    Save { id: TransferId, name: String },
}

/// What the browser side tells of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEvent {
    /// Receiving: so many bytes are here, and this is their hash. `None` for nothing.
    Stored { offset: u64, hash: Option<ContentHash> },
    /// So many bytes of the file are written, those before this run included. Sending: written at the other
    /// side. Said at most four times a second.
    Progress { bytes: u64 },
    /// The channel is closed, or could not be opened, before all was over. Receiving: not said once the hash
    /// has come.
    ChannelClosed,
    /// The other side broke the rules of the channel.
    Broken,
    /// Receiving: the file is whole, and kept as such.
    Verified,
    /// Receiving: all is here, and isn't what was sent.
    Mismatch,
    /// Receiving: there is no room for it.
    DiskFull,
    /// Receiving: it can't be written for another reason.
    WriteFailed,
    /// Sending: what comes before `from` isn't what the other side has.
    NotTheSame,
    /// Sending: the file has changed since it was chosen.
    SourceChanged,
    /// Sending: the file can't be read.
    ReadFailed,
}
