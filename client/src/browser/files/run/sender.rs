//! Sends a file: from the worker into the channel, no faster than both can bear.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer};
use tincan_worker::protocol::{Request, Response};
use tincan_worker::release;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, RtcDataChannel};

use super::pipe::{Ends, Pipe, Role};
use super::throttle::Throttle;
use super::{LARGEST_WINDOW, RunEvent};
use crate::browser::files::storage::Storage;

/// The largest message, in bytes. RFC 8831, section 6.6, asks for less, but every browser takes this.
const LARGEST_CHUNK: u64 = 256 << 10;
/// The smallest message, in bytes.
const SMALLEST_CHUNK: u64 = 16 << 10;
/// A message may keep the connection busy for one part in so many of a second: a text that is written
/// meanwhile waits for it.
const CHUNKS_A_SECOND: f64 = 20.0;
/// How much may wait in the channel before no more is put in, in bytes.
const BUFFERED: u64 = 512 << 10;
/// How much the worker is asked to read ahead of what the channel takes, in bytes.
const AHEAD: u64 = 1 << 20;

/// A file on its way out. Dropping it ends the run and closes its channel.
pub(crate) struct FileSender(Rc<Pipe<Sending>>);

struct Sending {
    size: u64,
    window: u64,
    largest_chunk: u64,
    chunk: u64,
    /// How many bytes of the whole the worker was asked for, the channel has, and the other side has written.
    asked: u64,
    sent: u64,
    written: u64,
    /// The worker was asked for the last bytes. Of an empty file these are none, so `asked` doesn't tell.
    all_asked: bool,
    /// What the channel has no room for yet.
    chunks: VecDeque<ArrayBuffer>,
    hash: WholeHash,
    throttle: Throttle,
    /// `written` as it was last reported.
    reported: u64,
}

/// The hash of the whole file, which is sent last.
enum WholeHash {
    /// The worker hasn't read to the end.
    Unknown,
    Known(String),
    Sent,
}

impl FileSender {
    /// Prepares to send `file` from the offset `from` (in bytes). [`RunEvent::Opened`] reports the hash of
    /// what is before it. After that it can be started, or dropped and opened with another offset.
    pub(crate) fn open(
        storage: &Storage,
        file: &File,
        from: u64,
        report: impl Fn(RunEvent) + 'static,
    ) -> FileSender {
        let sending = Sending {
            size: file.size() as u64,
            window: 0,
            largest_chunk: 0,
            chunk: 0,
            asked: from,
            sent: from,
            written: from,
            all_asked: false,
            chunks: VecDeque::new(),
            hash: WholeHash::Unknown,
            throttle: Throttle::default(),
            reported: from,
        };
        let pipe = Pipe::new(storage, sending, Box::new(report));
        pipe.with(|_, ends| ends.worker.ask(Request::Source, &[file.into(), (from as f64).into()]));
        FileSender(pipe)
    }

    /// Sends over `channel`, which is open and used for nothing else. A message has at most `max_message`
    /// bytes, and at most `window` bytes are under way that the other side hasn't written yet. To be called
    /// once, after [`RunEvent::Opened`].
    pub(crate) fn start(&self, channel: RtcDataChannel, max_message: usize, window: u64) {
        channel.set_buffered_amount_low_threshold(BUFFERED as u32 / 2);
        self.0.with(|sending, _| sending.begin(max_message as u64, window));
        let has_room = self.0.listen(&channel, "bufferedamountlow", pump);
        self.0.connect(channel, Some(has_room));
        pump(&self.0);
    }

    /// Returns how many bytes of the whole the channel has.
    #[cfg(test)]
    pub(crate) fn sent(&self) -> u64 {
        self.0.role().sent
    }
}

impl Drop for FileSender {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Role for Sending {
    fn hear_worker(pipe: &Pipe<Sending>, response: Response, message: &Array) {
        match response {
            Response::Opened => {
                let offset = message.get(2).as_f64().unwrap_or_default() as u64;
                let hash = message.get(3).as_string().unwrap_or_default();
                pipe.report(RunEvent::Opened { offset, hash });
            }
            Response::Chunk => {
                pipe.with(|sending, _| sending.chunks.push_back(message.get(2).unchecked_into()));
                pump(pipe);
            }
            Response::End => {
                let hash = message.get(2).as_string().unwrap_or_default();
                pipe.with(|sending, _| sending.hash = WholeHash::Known(hash));
                pump(pipe);
            }
            Response::Changed => pipe.end(RunEvent::Changed),
            _ => pipe.end(RunEvent::Unavailable),
        }
    }

    fn hear_peer(pipe: &Pipe<Sending>, data: JsValue) {
        let Some(text) = data.as_string() else { return pipe.end(RunEvent::Broken) };
        match pipe.with(|sending, _| sending.hear_receiver(&text)) {
            Some(Ok(progress)) => {
                pump(pipe);
                if let Some(bytes) = progress {
                    pipe.report(RunEvent::Progress { bytes });
                }
            }
            Some(Err(end)) => pipe.end(end),
            None => {}
        }
    }
}

/// Moves on whatever can be moved.
fn pump(pipe: &Pipe<Sending>) {
    if pipe.with(|sending, ends| sending.pump(ends)) == Some(false) {
        pipe.end(RunEvent::Closed);
    }
}

impl Sending {
    fn begin(&mut self, max_message: u64, window: u64) {
        // A window that is too small would never let anything through, and one that is too large nobody
        // takes.
        self.window = window.clamp(4 * SMALLEST_CHUNK, LARGEST_WINDOW);
        // At least four on their way, so that neither side ever waits for the other's next word.
        self.largest_chunk = LARGEST_CHUNK.min(max_message).min(self.window / 4).max(1);
        self.chunk = self.largest_chunk.min(4 * SMALLEST_CHUNK);
        // What is measured begins now.
        self.throttle = Throttle::default();
    }

    /// Handles a message of the receiver. Returns the progress to report, if any, or how the run ended.
    fn hear_receiver(&mut self, text: &str) -> Result<Option<u64>, RunEvent> {
        let all_sent = matches!(self.hash, WholeHash::Sent);
        match text {
            "full" => Err(RunEvent::Full),
            "mismatch" if all_sent => Err(RunEvent::Mismatch),
            "ok" if all_sent => Err(RunEvent::Done),
            _ => match text.parse::<u64>() {
                // What wasn't sent can't have been written. A number that was passed before says nothing new.
                Ok(written) if written <= self.sent => {
                    self.written = self.written.max(written);
                    Ok(self.progress())
                }
                _ => Err(RunEvent::Broken),
            },
        }
    }

    /// Fills the channel, and asks the worker for more. Returns whether the channel is well.
    fn pump(&mut self, Ends { worker, channel, .. }: &Ends) -> bool {
        let Some(channel) = channel else { return true };
        while u64::from(channel.buffered_amount()) < BUFFERED {
            let Some(chunk) = self.chunks.pop_front() else { break };
            self.sent += u64::from(chunk.byte_length());
            let sent = channel.send_with_array_buffer(&chunk);
            release(&chunk);
            if sent.is_err() {
                return false;
            }
        }
        if self.chunks.is_empty()
            && let WholeHash::Known(hash) = &self.hash
        {
            let sent = channel.send_with_str(hash);
            self.hash = WholeHash::Sent;
            return sent.is_ok();
        }
        while !self.all_asked && self.asked - self.sent < AHEAD {
            let length = self.chunk.min(self.size.saturating_sub(self.asked));
            // Rather none than a small one.
            if self.asked + length > self.written + self.window {
                break;
            }
            self.asked += length;
            self.all_asked = self.asked >= self.size;
            worker.ask(Request::Read, &[(length as f64).into()]);
        }
        true
    }

    /// Returns how much is written, where that is to be reported now. Adapts the size of messages to the
    /// rate.
    fn progress(&mut self) -> Option<u64> {
        let passed = self.throttle.pass()?;
        let a_second = (self.written - self.reported) as f64 * 1000.0 / passed;
        self.reported = self.written;
        let chunk = (a_second / CHUNKS_A_SECOND) as u64;
        self.chunk = chunk.max(SMALLEST_CHUNK).min(self.largest_chunk);
        Some(self.written)
    }
}
