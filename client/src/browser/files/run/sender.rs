//! A file that is sent: from the worker into the channel, no faster than both bear.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer};
use tincan_worker::protocol::{Request, Response};
use tincan_worker::release;
use wasm_bindgen::JsCast;
use web_sys::{File, MessageEvent, RtcDataChannel};

use super::throttle::Throttle;
use super::{LARGEST_WINDOW, RunEvent, hear};
use crate::browser::files::storage::{Storage, WorkerTransfer};

/// The largest message, in bytes: what browsers take at once (RFC 8831, section 6.6, asks for less; they all
/// take this).
const LARGEST_CHUNK: u64 = 256 << 10;
/// The smallest, in bytes.
const SMALLEST_CHUNK: u64 = 16 << 10;
/// How long one message may keep the line, in parts of a second: a text that is written meanwhile waits for
/// it.
const CHUNKS_A_SECOND: f64 = 20.0;
/// How much may wait in the channel before no more is put in, in bytes.
const BUFFERED: u64 = 512 << 10;
/// How much is asked of the worker ahead of what the channel takes, in bytes.
const AHEAD: u64 = 1 << 20;

/// A file on its way out. Dropping this stops it and closes its channel.
pub(crate) struct FileSender(Rc<Sending>);

struct Sending {
    tell: Box<dyn Fn(RunEvent)>,
    size: u64,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// None once it is over.
    asking: Option<WorkerTransfer>,
    channel: Option<Channel>,
    window: u64,
    largest_chunk: u64,
    chunk: u64,
    /// How far the worker was asked to read, how far the channel has it, how far the other side has written.
    /// In bytes of the whole.
    asked: u64,
    sent: u64,
    written: u64,
    /// The worker was asked for the end.
    all_asked: bool,
    /// What the channel has no room for yet.
    chunks: VecDeque<ArrayBuffer>,
    /// Of the whole, until it is sent.
    hash: Option<String>,
    all_sent: bool,
    throttle: Throttle,
    /// `written` as it was last told.
    told: u64,
}

struct Channel {
    channel: RtcDataChannel,
    _listeners: [EventListener; 3],
}

impl FileSender {
    /// Prepares to send `file` from the offset `from` (bytes) on: `tell` hears of what is before it with
    /// [`RunEvent::Opened`]. After that it can be started, or dropped and opened with another offset.
    pub(crate) fn open(
        storage: &Storage,
        file: &File,
        from: u64,
        tell: impl Fn(RunEvent) + 'static,
    ) -> FileSender {
        let sending = Rc::new_cyclic(|this: &Weak<Sending>| {
            let hearer = this.clone();
            let asking = storage.begin(move |answer, message| {
                if let Some(sending) = hearer.upgrade() {
                    sending.hear_worker(answer, message);
                }
            });
            let state = State {
                asking: Some(asking),
                asked: from,
                sent: from,
                written: from,
                told: from,
                ..State::default()
            };
            Sending { tell: Box::new(tell), size: file.size() as u64, state: RefCell::new(state) }
        });
        if let Some(asking) = &sending.state.borrow().asking {
            asking.ask(Request::Source, &[file.into(), (from as f64).into()]);
        }
        FileSender(sending)
    }

    /// Sends over `channel`, which is open and used for nothing else, in messages of at most `max_message`
    /// bytes, with at most `window` bytes under way that the other side hasn't written yet. To be called
    /// once, after [`RunEvent::Opened`].
    pub(crate) fn start(&self, channel: RtcDataChannel, max_message: usize, window: u64) {
        let listeners = [
            hear(&self.0, &channel, "message", Sending::hear_receiver),
            hear(&self.0, &channel, "bufferedamountlow", |sending, _| sending.pump()),
            hear(&self.0, &channel, "close", |sending, _| sending.end(RunEvent::Closed)),
        ];
        channel.set_buffered_amount_low_threshold(BUFFERED as u32 / 2);
        let mut state = self.0.state.borrow_mut();
        // One that is too small would never let anything through, and one that is too large nobody takes.
        state.window = window.clamp(4 * SMALLEST_CHUNK, LARGEST_WINDOW);
        // At least four on their way, so that neither side ever waits for the other's next word.
        state.largest_chunk = LARGEST_CHUNK.min(max_message as u64).min(state.window / 4).max(1);
        state.chunk = state.largest_chunk.min(4 * SMALLEST_CHUNK);
        state.channel = Some(Channel { channel, _listeners: listeners });
        // What is measured begins now.
        state.throttle = Throttle::default();
        drop(state);
        self.0.pump();
    }

    /// How far the channel has it, in bytes of the whole.
    #[cfg(test)]
    pub(crate) fn sent(&self) -> u64 {
        self.0.state.borrow().sent
    }
}

impl Drop for FileSender {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Sending {
    fn hear_worker(&self, answer: Response, message: &Array) {
        match answer {
            Response::Opened => {
                let offset = message.get(2).as_f64().unwrap_or_default() as u64;
                let hash = message.get(3).as_string().unwrap_or_default();
                (self.tell)(RunEvent::Opened { offset, hash });
            }
            Response::Chunk => {
                self.state.borrow_mut().chunks.push_back(message.get(2).unchecked_into());
                self.pump();
            }
            Response::End => {
                self.state.borrow_mut().hash = message.get(2).as_string();
                self.pump();
            }
            Response::Changed => self.end(RunEvent::Changed),
            _ => self.end(RunEvent::Unavailable),
        }
    }

    fn hear_receiver(&self, event: &web_sys::Event) {
        let Some(text) = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()) else {
            return self.end(RunEvent::Broken);
        };
        let mut state = self.state.borrow_mut();
        let ended = match text.as_str() {
            "full" => Some(RunEvent::Full),
            "mismatch" if state.all_sent => Some(RunEvent::Mismatch),
            "ok" if state.all_sent => Some(RunEvent::Done),
            _ => match text.parse::<u64>() {
                // What wasn't sent can't have been written. What was said before says nothing new.
                Ok(written) if written <= state.sent => {
                    state.written = state.written.max(written);
                    None
                }
                _ => Some(RunEvent::Broken),
            },
        };
        let progress = if ended.is_none() { state.progress() } else { None };
        drop(state);
        if let Some(event) = ended {
            return self.end(event);
        }
        self.pump();
        if let Some(bytes) = progress {
            (self.tell)(RunEvent::Progress { bytes });
        }
    }

    /// Moves on whatever can be.
    fn pump(&self) {
        if !self.state.borrow_mut().pump(self.size) {
            self.end(RunEvent::Closed);
        }
    }

    fn end(&self, event: RunEvent) {
        if self.stop() {
            (self.tell)(event);
        }
    }

    /// Whether it wasn't over before.
    fn stop(&self) -> bool {
        let mut state = self.state.borrow_mut();
        let (asking, channel) = (state.asking.take(), state.channel.take());
        state.chunks.clear();
        drop(state);
        if let Some(Channel { channel, .. }) = &channel {
            channel.close();
        }
        asking.is_some()
    }
}

impl State {
    /// Whether the channel is well.
    fn pump(&mut self, size: u64) -> bool {
        let (Some(asking), Some(Channel { channel, .. })) = (&self.asking, &self.channel) else {
            return true;
        };
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
            && let Some(hash) = self.hash.take()
        {
            self.all_sent = true;
            return channel.send_with_str(&hash).is_ok();
        }
        while !self.all_asked && self.asked - self.sent < AHEAD {
            let length = self.chunk.min(size.saturating_sub(self.asked));
            // Rather none than a small one.
            if self.asked + length > self.written + self.window {
                break;
            }
            self.asked += length;
            self.all_asked = self.asked >= size;
            asking.ask(Request::Read, &[(length as f64).into()]);
        }
        true
    }

    /// How much is written, where that is to be told now.
    fn progress(&mut self) -> Option<u64> {
        let passed = self.throttle.pass()?;
        let a_second = (self.written - self.told) as f64 * 1000.0 / passed;
        self.told = self.written;
        let chunk = (a_second / CHUNKS_A_SECOND) as u64;
        self.chunk = chunk.max(SMALLEST_CHUNK).min(self.largest_chunk);
        Some(self.written)
    }
}
