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
pub enum Request {
    /// `id, size`: store what comes under this id, after what is there of it already. Answered by
    /// [`Response::Opened`].
    Open,
    /// `ArrayBuffer`: append this. Answered by [`Response::Written`].
    Write,
    /// `hash`: everything has come, and its hash should be this. Answered by [`Response::Done`] or
    /// [`Response::Mismatch`].
    Finish,
    /// `File, from`: prepare to read this from an offset on. Answered by [`Response::Opened`].
    Source,
    /// `length`: read on so far, or up to the end. Answered by [`Response::Chunk`] unless the end was reached
    /// before, and with the last bytes by [`Response::End`].
    Read,
    /// Forget this transfer. What was stored stays. Not answered.
    Close,
    /// `id`: remove what is stored under this id. Not answered.
    Discard,
}

/// What the worker answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Response {
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

impl Request {
    const ALL: [Request; 7] = [
        Request::Open,
        Request::Write,
        Request::Finish,
        Request::Source,
        Request::Read,
        Request::Close,
        Request::Discard,
    ];

    /// The one with this number.
    pub fn from_number(number: f64) -> Option<Request> {
        Request::ALL.get(number as usize).copied()
    }
}

impl Response {
    const ALL: [Response; 10] = [
        Response::Ready,
        Response::Opened,
        Response::Written,
        Response::Done,
        Response::Mismatch,
        Response::Full,
        Response::Changed,
        Response::Failed,
        Response::Chunk,
        Response::End,
    ];

    /// The one with this number.
    pub fn from_number(number: f64) -> Option<Response> {
        Response::ALL.get(number as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree() {
        for (number, ask) in Request::ALL.into_iter().enumerate() {
            assert_eq!(ask as usize, number);
        }
        for (number, answer) in Response::ALL.into_iter().enumerate() {
            assert_eq!(answer as usize, number);
        }
        assert_eq!(Request::from_number(7.0), None);
        assert_eq!(Response::from_number(10.0), None);
    }
}
