//! What the page and the worker say to each other.
//!
//! Every message is an array that begins with a number for what it is and the number of the transfer it is
//! about. The page makes the numbers of transfers and uses none twice. Lengths and offsets are in bytes. An
//! `ArrayBuffer` is always transferred, so neither side keeps what the other has.

/// The version of all this. The page keeps its worker's to its own: a page that was loaded before the server
/// was updated fetches a newer worker.
pub const VERSION: u32 = 2;

/// The folder of received files in the origin's own file system, where the page finds one that is done under
/// its id.
pub const FOLDER: &str = "incoming";

/// What the page asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Ask {
    /// `id, size`: store what comes under this id, after what is there of it already. Answered by
    /// [`Answer::Opened`].
    Open,
    /// `ArrayBuffer`: append this. Answered by [`Answer::Written`].
    Write,
    /// `hash`: everything has come, and its hash should be this. Answered by [`Answer::Done`] or
    /// [`Answer::Mismatch`].
    Finish,
    /// `File, from`: prepare to read this from an offset on. Answered by [`Answer::Opened`].
    Source,
    /// `length`: read on so far, or up to the end. Answered by [`Answer::Chunk`] unless the end was reached
    /// before, and with the last bytes by [`Answer::End`].
    Read,
    /// Forget this transfer. What was stored stays. Not answered.
    Close,
    /// `id`: remove what is stored under this id. Not answered.
    Discard,
}

/// What the worker answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Answer {
    /// `version`: it has started. Of no transfer: the number is 0.
    Ready,
    /// `offset, hash`: how much is there, and the BLAKE3 of it in hexadecimal digits.
    Opened,
    /// `offset`: how much is there now.
    Written,
    /// It is complete, and as it should be.
    Done,
    /// It is not what was sent. It is removed.
    Mismatch,
    /// The disk, or what the browser grants of it, is full. What was written before stays.
    Full,
    /// The file can't be read, or is no longer the one that was chosen.
    Changed,
    /// It can't be stored: the browser has no place for it, or another tab is at it.
    Failed,
    /// `ArrayBuffer`: the next bytes.
    Chunk,
    /// `hash`: that were all, and this is the BLAKE3 of the whole, in hexadecimal digits.
    End,
}

impl Ask {
    const ALL: [Ask; 7] =
        [Ask::Open, Ask::Write, Ask::Finish, Ask::Source, Ask::Read, Ask::Close, Ask::Discard];

    /// The one with this number.
    pub fn from_number(number: f64) -> Option<Ask> {
        Ask::ALL.get(number as usize).copied()
    }
}

impl Answer {
    const ALL: [Answer; 10] = [
        Answer::Ready,
        Answer::Opened,
        Answer::Written,
        Answer::Done,
        Answer::Mismatch,
        Answer::Full,
        Answer::Changed,
        Answer::Failed,
        Answer::Chunk,
        Answer::End,
    ];

    /// The one with this number.
    pub fn from_number(number: f64) -> Option<Answer> {
        Answer::ALL.get(number as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree() {
        for (number, ask) in Ask::ALL.into_iter().enumerate() {
            assert_eq!(ask as usize, number);
        }
        for (number, answer) in Answer::ALL.into_iter().enumerate() {
            assert_eq!(answer as usize, number);
        }
        assert_eq!(Ask::from_number(7.0), None);
        assert_eq!(Answer::from_number(10.0), None);
    }
}
