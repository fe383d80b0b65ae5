//! What is still to be written to a client over a stream.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::time::timeout;

/// What the writer has not begun to write yet. More is dropped, as a network would, because nothing that
/// waits longer is of use to a call.
const MOST_BYTES: usize = 128 * 1024;
/// What a queue keeps when it is empty.
const USUAL_BYTES: usize = 4 * 1024;
/// A client that reads nothing for so long is gone.
const WRITES_WITHIN: Duration = Duration::from_secs(20);

#[derive(Debug, Default)]
pub(super) struct StreamQueue {
    bytes: Mutex<Vec<u8>>,
    filled: Notify,
}

impl StreamQueue {
    /// Queues a message, wholly or not at all. Returns whether there was room for it.
    pub(super) fn push(&self, message: &[u8]) -> bool {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes.len() + message.len() > MOST_BYTES {
            return false;
        }
        bytes.extend_from_slice(message);
        self.filled.notify_one();
        true
    }

    /// Writes what is queued, for as long as the client reads.
    pub(super) async fn write_to(&self, mut stream: impl AsyncWrite + Unpin) {
        let mut writing = Vec::new();
        loop {
            self.filled.notified().await;
            std::mem::swap(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner), &mut writing);
            // A stream of TLS may keep what it can't write at once, until somebody asks.
            let written = async {
                stream.write_all(&writing).await?;
                stream.flush().await
            };
            match timeout(WRITES_WITHIN, written).await {
                Ok(Ok(())) => {
                    writing.clear();
                    writing.shrink_to(USUAL_BYTES);
                }
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn what_is_queued_is_written_in_order() {
        let queue = StreamQueue::default();
        let (mut client, server) = tokio::io::duplex(8);
        let read = async {
            let mut bytes = [0; 12];
            client.read_exact(&mut bytes).await.unwrap();
            bytes
        };
        assert!(queue.push(b"hello,"));
        let both = async { tokio::join!(read, async { assert!(queue.push(b" there")) }).0 };
        tokio::select! {
            bytes = both => assert_eq!(&bytes, b"hello, there"),
            () = queue.write_to(server) => panic!("the client reads"),
        }
    }

    #[tokio::test]
    async fn nothing_stays_in_a_stream_that_keeps_what_it_can() {
        let queue = StreamQueue::default();
        let (mut client, server) = tokio::io::duplex(64);
        assert!(queue.push(b"hello"));
        let mut bytes = [0; 5];
        tokio::select! {
            read = client.read_exact(&mut bytes) => assert_eq!((read.unwrap(), &bytes), (5, b"hello")),
            () = queue.write_to(tokio::io::BufWriter::new(server)) => panic!("the client reads"),
            () = tokio::time::sleep(std::time::Duration::from_secs(20)) => panic!("nothing comes"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_who_does_not_read_is_given_up_and_costs_no_more_than_a_queue() {
        let queue = StreamQueue::default();
        let (_client, server) = tokio::io::duplex(8);
        assert!(queue.push(&[0; MOST_BYTES]));
        assert!(!queue.push(&[0]));
        queue.write_to(server).await;
        assert!(queue.push(&[0; MOST_BYTES]), "what was begun is in nobody's way");
        assert!(!queue.push(&[0]));
    }
}
