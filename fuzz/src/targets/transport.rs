//! What the server reads below its messages: heads of requests, and the frames of a WebSocket.

use tincan_server::fuzzing::{self, request_head};

/// See [`request_head`].
pub(crate) fn http(bytes: &[u8]) {
    request_head(bytes);
}

/// A stream that comes in pieces of as many bytes as its first byte says.
pub(crate) fn websocket(bytes: &[u8]) {
    if let Some((piece, stream)) = bytes.split_first() {
        fuzzing::websocket(stream, usize::from(*piece) * 16 + 1);
    }
}
