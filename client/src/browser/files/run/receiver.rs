//! Receives a file: from the channel into the worker.

use std::rc::Rc;

use js_sys::{Array, ArrayBuffer};
use tincan_worker::protocol::{Request, Response};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcDataChannel, RtcDataChannelType};

use super::pipe::{Ends, Pipe, Role};
use super::throttle::Throttle;
use super::{LARGEST_WINDOW, RunEvent};
use crate::browser::files::storage::Storage;

/// How many digits a hash has.
const HASH_DIGITS: usize = 64;

/// A file on its way in. Dropping it ends the run and closes its channel. What is written stays until
/// [`Storage::discard`].
pub(crate) struct FileReceiver(Rc<Pipe<Receiving>>);

struct Receiving {
    size: u64,
    window: u64,
    phase: Phase,
    /// How many bytes of the whole have come, are written, and are acknowledged to the sender.
    received: u64,
    written: u64,
    acknowledged: u64,
    throttle: Throttle,
}

#[derive(PartialEq)]
enum Phase {
    /// The worker looks for what is stored already. Nothing may come yet.
    Opening,
    /// Bytes come.
    Receiving,
    /// The hash has come. Nothing may come after it.
    Finishing,
}

impl FileReceiver {
    /// Prepares to store a file of `size` bytes under `id`, after what is stored of it already.
    /// [`RunEvent::Opened`] reports how much that is. An id has 1 to 64 ASCII letters, digits, hyphens and
    /// underscores.
    pub(crate) fn open(
        storage: &Storage,
        id: &str,
        size: u64,
        report: impl Fn(RunEvent) + 'static,
    ) -> FileReceiver {
        let receiving = Receiving {
            size,
            window: 0,
            phase: Phase::Opening,
            received: 0,
            written: 0,
            acknowledged: 0,
            throttle: Throttle::default(),
        };
        let pipe = Pipe::new(storage, receiving, Box::new(report));
        pipe.with(|_, ends| ends.worker.ask(Request::Open, &[id.into(), (size as f64).into()]));
        FileReceiver(pipe)
    }

    /// Receives over `channel`. To be called once, after [`RunEvent::Opened`], and within the `datachannel`
    /// event that brings the channel: later, messages would be missed. `window` is what the sender was told.
    pub(crate) fn start(&self, channel: RtcDataChannel, window: u64) {
        channel.set_binary_type(RtcDataChannelType::Arraybuffer);
        self.0.with(|receiving, _| receiving.window = window.min(LARGEST_WINDOW));
        self.0.connect(channel, None);
    }
}

impl Drop for FileReceiver {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Role for Receiving {
    fn hear_worker(pipe: &Pipe<Receiving>, response: Response, message: &Array) {
        let offset = message.get(2).as_f64().unwrap_or_default() as u64;
        match response {
            Response::Opened => {
                pipe.with(|receiving, _| receiving.begin_at(offset));
                let hash = message.get(3).as_string().unwrap_or_default();
                pipe.report(RunEvent::Opened { offset, hash });
            }
            Response::Written => {
                let progress = pipe.with(|receiving, ends| receiving.hear_written(offset, ends));
                if let Some(bytes) = progress.flatten() {
                    pipe.report(RunEvent::Progress { bytes });
                }
            }
            Response::Done => end_with(pipe, "ok", RunEvent::Done),
            Response::Mismatch => end_with(pipe, "mismatch", RunEvent::Mismatch),
            Response::Full => end_with(pipe, "full", RunEvent::Full),
            _ => pipe.end(RunEvent::Unavailable),
        }
    }

    fn hear_peer(pipe: &Pipe<Receiving>, data: JsValue) {
        if pipe.with(|receiving, ends| receiving.take(data, ends)) == Some(false) {
            pipe.end(RunEvent::Broken);
        }
    }
}

/// Tells the sender how it ended, and ends.
fn end_with(pipe: &Pipe<Receiving>, word: &str, event: RunEvent) {
    pipe.with(|_, ends| {
        if let Some(channel) = &ends.channel {
            // It fails where the channel has just closed. Then nobody hears it.
            let _ = channel.send_with_str(word);
        }
    });
    pipe.end(event);
}

impl Receiving {
    fn begin_at(&mut self, offset: u64) {
        self.phase = Phase::Receiving;
        (self.received, self.written, self.acknowledged) = (offset, offset, offset);
    }

    /// Handles a message of the sender. Returns whether it is allowed.
    fn take(&mut self, data: JsValue, Ends { worker, .. }: &Ends) -> bool {
        if self.phase != Phase::Receiving {
            return false;
        }
        match data.dyn_into::<ArrayBuffer>() {
            Ok(bytes) => {
                self.received += u64::from(bytes.byte_length());
                // No more than the size, and no more than can be written: who sends faster ignores the
                // window.
                if self.received > self.size || self.received - self.written > 2 * LARGEST_WINDOW {
                    return false;
                }
                worker.ask(Request::Write, &[bytes.into()]);
                true
            }
            Err(text) => {
                let is_hash = text.as_string().is_some_and(|hash| hash.len() == HASH_DIGITS);
                self.phase = Phase::Finishing;
                if is_hash && self.received == self.size {
                    worker.ask(Request::Finish, &[text]);
                    return true;
                }
                false
            }
        }
    }

    /// Acknowledges what is written, every quarter of a window. Returns the progress to report, if any.
    fn hear_written(&mut self, offset: u64, ends: &Ends) -> Option<u64> {
        self.written = offset;
        if self.written - self.acknowledged >= self.window / 4
            && let Some(channel) = &ends.channel
        {
            self.acknowledged = self.written;
            // It fails where the channel has just closed. `close` tells of that.
            let _ = channel.send_with_str(&self.written.to_string());
        }
        self.throttle.pass().map(|_| self.written)
    }
}
