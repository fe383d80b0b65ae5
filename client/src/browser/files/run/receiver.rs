//! A file that is received: from the channel into the worker.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer};
use tincan_worker::protocol::{Request, Response};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, RtcDataChannel, RtcDataChannelType};

use super::throttle::Throttle;
use super::{LARGEST_WINDOW, RunEvent, hear};
use crate::browser::files::storage::{Storage, WorkerTransfer};

/// How many digits a hash has.
const HASH_DIGITS: usize = 64;

/// A file on its way in. Dropping this stops it and closes its channel; what is written stays, until
/// [`Storage::discard`].
pub(crate) struct FileReceiver(Rc<Receiving>);

struct Receiving {
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
    /// What is there: opened, or nothing may come yet.
    opened: bool,
    /// How far it has come, is written, and the other side knows that it is. In bytes of the whole.
    received: u64,
    written: u64,
    said: u64,
    /// The hash has come, and nothing may after it.
    all_received: bool,
    throttle: Throttle,
}

struct Channel {
    channel: RtcDataChannel,
    _listeners: [EventListener; 2],
}

impl FileReceiver {
    /// Prepares to store a file of `size` bytes under `id`, after what is stored of it already: `tell` hears
    /// how much that is with [`RunEvent::Opened`]. An id has 1 to 64 ASCII letters, digits, hyphens and
    /// underscores.
    pub(crate) fn open(
        storage: &Storage,
        id: &str,
        size: u64,
        tell: impl Fn(RunEvent) + 'static,
    ) -> FileReceiver {
        let receiving = Rc::new_cyclic(|this: &Weak<Receiving>| {
            let hearer = this.clone();
            let asking = storage.begin(move |answer, message| {
                if let Some(receiving) = hearer.upgrade() {
                    receiving.hear_worker(answer, message);
                }
            });
            let state = State { asking: Some(asking), ..State::default() };
            Receiving { tell: Box::new(tell), size, state: RefCell::new(state) }
        });
        if let Some(asking) = &receiving.state.borrow().asking {
            asking.ask(Request::Open, &[id.into(), (size as f64).into()]);
        }
        FileReceiver(receiving)
    }

    /// Receives over `channel`, as it comes with `datachannel` and at that very moment: what it brings later
    /// would be missed. `window` is what the sender was told. To be called once, after [`RunEvent::Opened`].
    pub(crate) fn start(&self, channel: RtcDataChannel, window: u64) {
        channel.set_binary_type(RtcDataChannelType::Arraybuffer);
        let listeners = [
            hear(&self.0, &channel, "message", Receiving::hear_sender),
            hear(&self.0, &channel, "close", |receiving, _| receiving.end(RunEvent::Closed)),
        ];
        let mut state = self.0.state.borrow_mut();
        state.window = window.min(LARGEST_WINDOW);
        state.channel = Some(Channel { channel, _listeners: listeners });
    }
}

impl Drop for FileReceiver {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Receiving {
    fn hear_worker(&self, answer: Response, message: &Array) {
        let offset = message.get(2).as_f64().unwrap_or_default() as u64;
        match answer {
            Response::Opened => {
                let mut state = self.state.borrow_mut();
                state.opened = true;
                (state.received, state.written, state.said) = (offset, offset, offset);
                drop(state);
                let hash = message.get(3).as_string().unwrap_or_default();
                (self.tell)(RunEvent::Opened { offset, hash });
            }
            Response::Written => {
                let progress = self.state.borrow_mut().hear_written(offset);
                if let Some(bytes) = progress {
                    (self.tell)(RunEvent::Progress { bytes });
                }
            }
            Response::Done => self.end_with("ok", RunEvent::Done),
            Response::Mismatch => self.end_with("mismatch", RunEvent::Mismatch),
            Response::Full => self.end_with("full", RunEvent::Full),
            _ => self.end(RunEvent::Unavailable),
        }
    }

    fn hear_sender(&self, event: &web_sys::Event) {
        let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data).unwrap_or_default();
        if !self.state.borrow_mut().take(data, self.size) {
            self.end(RunEvent::Broken);
        }
    }

    /// Lets the sender know how it ended.
    fn end_with(&self, word: &str, event: RunEvent) {
        if let Some(Channel { channel, .. }) = &self.state.borrow().channel {
            // It fails where the channel has just closed, and then nobody hears.
            let _ = channel.send_with_str(word);
        }
        self.end(event);
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
        drop(state);
        if let Some(Channel { channel, .. }) = &channel {
            // What was sent before still arrives (W3C WebRTC, section 6.2.4).
            channel.close();
        }
        asking.is_some()
    }
}

impl State {
    /// Takes what the sender says. Whether that was right is the answer.
    fn take(&mut self, data: JsValue, size: u64) -> bool {
        let Some(asking) = &self.asking else { return true };
        if !self.opened || self.all_received {
            return false;
        }
        match data.dyn_into::<ArrayBuffer>() {
            Ok(bytes) => {
                self.received += u64::from(bytes.byte_length());
                // No more than it was said to be, and no more than can be written: who sends faster doesn't
                // listen.
                if self.received > size || self.received - self.written > 2 * LARGEST_WINDOW {
                    return false;
                }
                asking.ask(Request::Write, &[bytes.into()]);
                true
            }
            Err(text) => {
                let is_hash = text.as_string().is_some_and(|hash| hash.len() == HASH_DIGITS);
                self.all_received = true;
                if is_hash && self.received == size {
                    asking.ask(Request::Finish, &[text]);
                    return true;
                }
                false
            }
        }
    }

    /// So much is written. The answer is what is to be told of it.
    fn hear_written(&mut self, offset: u64) -> Option<u64> {
        self.written = offset;
        if self.written - self.said >= self.window / 4
            && let Some(Channel { channel, .. }) = &self.channel
        {
            self.said = self.written;
            // It fails where the channel has just closed, which is heard.
            let _ = channel.send_with_str(&self.written.to_string());
        }
        self.throttle.pass().map(|_| self.written)
    }
}
