//! What page and worker tell each other.
//!
//! Every message is an array. It begins with the number of what it is, and the number of the transfer that it
//! is about. The page numbers transfers, and uses no number twice. Lengths and offsets are in bytes. An
//! `ArrayBuffer` is always transferred, so that neither side keeps what the other has.

/// The version of this protocol. The page accepts only a worker of its own version: a page that was loaded
/// before the server was updated fetches a newer worker.
pub const VERSION: u32 = 2;

/// The folder of received files in the origin private file system. The page finds a file there by its id.
pub const FOLDER: &str = "incoming";

/// What the page wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Request {
    /// `id, size`: store a file under this id, after what is there of it already. [`Response::Opened`]
    /// follows.
    Open,
    /// `ArrayBuffer`: append this. [`Response::Written`] follows.
    Write,
    /// `hash`: everything has come, and this should be its hash. [`Response::Done`] or [`Response::Mismatch`]
    /// follows.
    Finish,
    /// `File, from`: prepare to read this file from this offset. [`Response::Opened`] follows.
    Source,
    /// `length`: read on so far, or to the end. [`Response::Chunk`] follows unless the end was reached
    /// before, and [`Response::End`] after the last bytes.
    Read,
    /// Forget this transfer. What was stored stays. Nothing follows.
    Close,
    /// `id`: remove what is stored under this id. Nothing follows.
    Discard,
}

/// What the worker responds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Response {
    /// `version`: it has started. The number of the transfer is 0.
    Ready,
    /// `offset, hash`: how much is there, and its BLAKE3 hash in hexadecimal digits.
    Opened,
    /// `offset`: how much is there now.
    Written,
    /// The file is complete, and as it should be.
    Done,
    /// The file is not what was sent. It is removed.
    Mismatch,
    /// The disk, or what the browser grants of it, is full. What was written before stays.
    Full,
    /// The file can't be read, or is no longer the one that was chosen.
    Changed,
    /// The file can't be stored: the browser keeps none, or another tab has it open.
    Failed,
    /// `ArrayBuffer`: the next bytes.
    Chunk,
    /// `hash`: that was all, and this is the BLAKE3 hash of the whole in hexadecimal digits.
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

    /// Returns the one with this number.
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

    /// Returns the one with this number.
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
