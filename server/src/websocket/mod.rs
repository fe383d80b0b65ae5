//! A WebSocket that holds no more than it needs: what a large frame took is given back.
//!
//! tungstenite keeps its buffers at the largest frame seen, as long as the connection lives. So once a large
//! message was read or written, a fresh decoder takes over the stream. It may, because [`FrameReader`] lets
//! none read beyond the message that it returns.

mod boundaries;
mod frame_reader;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod handshake;

use futures_util::{SinkExt, StreamExt};
use tincan_shared::MAX_FRAME_BYTES;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use self::frame_reader::{FrameReader, TooManyFragments};

pub(crate) use self::handshake::{Upgrade, asks_for_websocket};

pub(crate) struct WebSocket<S> {
    /// In a box because it is moved: each place that it is in makes the task of an idle connection larger.
    stream: Box<WebSocketStream<FrameReader<S>>>,
    /// The longest message that its buffers have held.
    longest: usize,
}

/// The size of the read buffer, which each idle connection holds. The default is 128 KiB.
const READ_BUFFER_BYTES: usize = 1024;
/// Buffers that a message of this length has made are kept.
const KEPT_BYTES: usize = 2048;

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * MAX_FRAME_BYTES)
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES))
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    /// Serves a stream on which the handshake is done.
    pub(crate) async fn new(stream: S) -> WebSocket<S> {
        WebSocket::over(FrameReader::new(stream)).await
    }

    async fn over(reader: FrameReader<S>) -> WebSocket<S> {
        let stream = WebSocketStream::from_raw_socket(reader, Role::Server, Some(config())).await;
        WebSocket { stream: Box::new(stream), longest: 0 }
    }

    /// Waits for the next message. May be dropped while it waits.
    pub(crate) async fn receive(&mut self) -> Option<Result<Message, Error>> {
        let received = self.stream.next().await;
        if let Some(Ok(message)) = &received {
            self.longest = self.longest.max(message.len());
        }
        received
    }

    pub(crate) async fn send(&mut self, message: Message) -> Result<(), Error> {
        self.longest = self.longest.max(message.len());
        self.stream.send(message).await
    }

    /// Writes what waits to be written: replies to control frames.
    pub(crate) async fn flush(&mut self) -> Result<(), Error> {
        self.stream.flush().await
    }

    /// Returns whether its buffers are large, and can be given back once it is flushed.
    pub(crate) fn can_shrink(&self) -> bool {
        self.longest > KEPT_BYTES && self.stream.get_ref().is_between_messages()
    }

    /// Gives back its buffers. What isn't flushed is lost.
    pub(crate) async fn shrunk(self) -> WebSocket<S> {
        WebSocket::over(self.stream.into_inner()).await
    }

    /// Returns since when a message is being received that isn't complete.
    pub(crate) fn incomplete_since(&self) -> Option<Instant> {
        self.stream.get_ref().incomplete_since()
    }
}

/// Returns whether reading failed because a message came in too many fragments.
pub(crate) fn is_too_many_fragments(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<TooManyFragments>()))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

    use super::*;

    /// The client's end, and the socket of the server.
    async fn pair() -> (DuplexStream, WebSocket<DuplexStream>) {
        let (client, server) = duplex(1 << 20);
        (client, WebSocket::new(server).await)
    }

    fn frame(opcode: OpCode, is_last: bool, payload: Vec<u8>) -> Vec<u8> {
        let header = FrameHeader { opcode, is_final: is_last, mask: Some([0; 4]), ..FrameHeader::default() };
        let frame = Frame::from_payload(header, payload.into());
        let mut bytes = Vec::new();
        frame.format(&mut bytes).unwrap();
        bytes
    }

    fn text(length: usize) -> Vec<u8> {
        frame(OpCode::Data(Data::Text), true, vec![b'x'; length])
    }

    async fn receive(socket: &mut WebSocket<DuplexStream>) -> Message {
        socket.receive().await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn nothing_is_lost_where_it_shrinks() {
        let (mut client, mut socket) = pair().await;
        let lengths = [60_000, 10, 3_000, 0, 5_000, 2_048, 2_049];
        let all: Vec<u8> = lengths.into_iter().flat_map(text).collect();
        client.write_all(&all).await.unwrap();
        for length in lengths {
            assert_eq!(receive(&mut socket).await.len(), length);
            assert_eq!(socket.can_shrink(), length > KEPT_BYTES);
            if socket.can_shrink() {
                socket.flush().await.unwrap();
                socket = socket.shrunk().await;
            }
        }
    }

    #[tokio::test]
    async fn the_pong_is_written_first() {
        let (mut client, mut socket) = pair().await;
        client.write_all(&text(5_000)).await.unwrap();
        client.write_all(&frame(OpCode::Control(Control::Ping), true, b"now".to_vec())).await.unwrap();
        receive(&mut socket).await;
        assert_eq!(receive(&mut socket).await, Message::Ping(b"now".to_vec().into()));
        assert!(socket.can_shrink());
        socket.flush().await.unwrap();
        let _socket = socket.shrunk().await;
        let mut pong = [0; 5];
        client.read_exact(&mut pong).await.unwrap();
        assert_eq!(&pong, b"\x8A\x03now");
    }

    #[tokio::test]
    async fn it_does_not_shrink_within_a_message() {
        let (mut client, mut socket) = pair().await;
        socket.send(Message::text("x".repeat(5_000))).await.unwrap();
        assert!(socket.can_shrink());
        client.write_all(&frame(OpCode::Data(Data::Text), false, b"one ".to_vec())).await.unwrap();
        client.write_all(&frame(OpCode::Control(Control::Pong), true, Vec::new())).await.unwrap();
        assert_eq!(receive(&mut socket).await, Message::Pong(Vec::new().into()));
        assert!(!socket.can_shrink() && socket.incomplete_since().is_some());
        let rest = frame(OpCode::Data(Data::Continue), true, b"message".to_vec());
        client.write_all(&rest[..3]).await.unwrap();
        tokio::select! {
            biased;
            _ = socket.receive() => panic!("there is no message yet"),
            () = std::future::ready(()) => {}
        }
        assert!(!socket.can_shrink());
        client.write_all(&rest[3..]).await.unwrap();
        assert_eq!(receive(&mut socket).await, Message::text("one message"));
        assert!(socket.can_shrink() && socket.incomplete_since().is_none());
    }

    #[tokio::test]
    async fn a_message_has_so_many_fragments() {
        let (mut client, mut socket) = pair().await;
        let first = frame(OpCode::Data(Data::Text), false, Vec::new());
        let more = frame(OpCode::Data(Data::Continue), false, Vec::new());
        let last = frame(OpCode::Data(Data::Continue), true, Vec::new());
        client.write_all(&[first.clone(), more.repeat(1023), last].concat()).await.unwrap();
        assert_eq!(receive(&mut socket).await, Message::text(""));
        client.write_all(&[first, more.repeat(1024)].concat()).await.unwrap();
        let error = socket.receive().await.unwrap().unwrap_err();
        assert!(is_too_many_fragments(&error), "{error}");
    }
}
