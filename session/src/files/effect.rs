//! What is to be done about files, and what comes of it.

use super::id::{ContentHash, TransferId};

/// A file that the user chose, by a number that whoever holds the browser's object gives it.
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
    /// Which.
    pub id: TransferId,
    /// Which way it goes.
    pub direction: Direction,
    /// The file's name, made safe.
    pub name: String,
    /// Its size, in bytes.
    pub size: u64,
    /// Its media type, as its sender calls it.
    pub mime: Option<String>,
    /// The name of the other side.
    pub peer: String,
    /// Incoming, and verified: the file is here. To be kept so before [`FileEvent::Verified`] is said.
    pub whole: bool,
}

/// What the browser side is to do. Effects on one transfer are carried out in their order, each only when the one before
/// is done; so a [`FileEffect::Prepare`] that follows a [`FileEffect::Discard`] finds nothing.
///
/// A `run` is never used twice. What an event says of another run than the last has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEffect {
    /// Say this over the channel that text goes over.
    Control {
        /// Of which peer connection.
        epoch: u32,
        /// What to say.
        text: String,
    },
    /// Keep this beyond a reload. What was kept under the same id is replaced; the part of a file is not touched.
    Remember(Remembered),
    /// Forget what was kept of a transfer from here.
    Forget {
        /// Which.
        id: TransferId,
    },
    /// Delete what is here of a transfer to here, part and record.
    Discard {
        /// Which.
        id: TransferId,
    },
    /// Find what is here of a transfer to here, or make room for it. Answered by [`FileEvent::Stored`],
    /// [`FileEvent::DiskFull`] or [`FileEvent::WriteFailed`].
    Prepare {
        /// Which.
        id: TransferId,
        /// In which run.
        run: u32,
        /// How large it will be, in bytes.
        size: u64,
    },
    /// Expect a data channel with the label `file` and the protocol `channel`, and write what comes, but nothing beyond
    /// the size. Goes on where [`FileEvent::Stored`] said.
    Receive {
        /// Which.
        id: TransferId,
        /// In which run.
        run: u32,
        /// Over which peer connection.
        epoch: u32,
        /// The data channel's protocol.
        channel: String,
        /// How large it will be, in bytes.
        size: u64,
        /// Where it goes on, in bytes.
        from: u64,
        /// How much may be under way, in bytes.
        window: u64,
    },
    /// Let go of a run, keeping what was received. Nothing is said of it any more.
    StopReceiving {
        /// Which.
        id: TransferId,
        /// Which run.
        run: u32,
    },
    /// Read the file up to `from`, compare with `prefix`, open a data channel with the label `file` and the protocol
    /// `channel`, and send the rest and then the hash of the whole, never more than the window ahead of what is written.
    Send {
        /// Which.
        id: TransferId,
        /// In which run.
        run: u32,
        /// Over which peer connection.
        epoch: u32,
        /// The data channel's protocol.
        channel: String,
        /// Which file.
        source: SourceId,
        /// Its size, in bytes. If it is another by now, that is [`FileEvent::SourceChanged`].
        size: u64,
        /// Where to begin, in bytes.
        from: u64,
        /// The hash of what comes before; `None` if nothing does.
        prefix: Option<ContentHash>,
        /// How much may be under way, in bytes.
        window: u64,
    },
    /// Let go of a run. Nothing is said of it any more.
    StopSending {
        /// Which.
        id: TransferId,
        /// Which run.
        run: u32,
    },
    /// No transfer needs this file any more.
    Release {
        /// Which file.
        source: SourceId,
    },
    /// Hand a file that is here to the user, as a download of this name.
    Save {
        /// Which.
        id: TransferId,
        /// What to call it.
        name: String,
    },
}

/// What the browser side says of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEvent {
    /// Receiving: so much is here, in bytes, and this is its hash (`None` for nothing).
    Stored {
        /// How many bytes.
        offset: u64,
        /// Their hash.
        hash: Option<ContentHash>,
    },
    /// So many bytes of the file are written; sending: written at the other side. At most four times a second.
    Progress {
        /// How many, those before this run included.
        bytes: u64,
    },
    /// The channel is closed, or could not be opened, before all was over. Receiving: not said once the hash has come.
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
