//! What the two ends of a run share: the worker on one side, a data channel on the other, and how it is over.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::Array;
use tincan_worker::protocol::Response;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, RtcDataChannel};

use super::RunEvent;
use crate::browser::files::storage::{Storage, WorkerTransfer};

/// What one end of a run does: it sends or it receives.
pub(super) trait Role: Sized + 'static {
    /// Handles a response of the worker.
    fn hear_worker(pipe: &Pipe<Self>, response: Response, message: &Array);

    /// Handles a message of the other side.
    fn hear_peer(pipe: &Pipe<Self>, data: JsValue);
}

/// Carries bytes between the worker and a data channel until it is over.
pub(super) struct Pipe<R> {
    report: Box<dyn Fn(RunEvent)>,
    role: RefCell<R>,
    /// `None` once it is over.
    ends: RefCell<Option<Ends>>,
}

/// What a pipe connects.
pub(super) struct Ends {
    pub(super) worker: WorkerTransfer,
    /// `None` until the run is started.
    pub(super) channel: Option<RtcDataChannel>,
    listeners: Vec<EventListener>,
}

impl<R: Role> Pipe<R> {
    /// Creates a pipe that hears the worker, and has no channel yet.
    pub(super) fn new(storage: &Storage, role: R, report: Box<dyn Fn(RunEvent)>) -> Rc<Pipe<R>> {
        Rc::new_cyclic(|this: &Weak<Pipe<R>>| {
            let this = this.clone();
            let worker = storage.begin(move |response, message| {
                if let Some(pipe) = this.upgrade() {
                    R::hear_worker(&pipe, response, message);
                }
            });
            let ends = Ends { worker, channel: None, listeners: Vec::new() };
            Pipe { report, role: RefCell::new(role), ends: RefCell::new(Some(ends)) }
        })
    }

    /// Hears the channel from now on. Closes it if the run is over.
    pub(super) fn connect(self: &Rc<Self>, channel: RtcDataChannel, more: Option<EventListener>) {
        let this = Rc::downgrade(self);
        let message = EventListener::new(&channel, "message", move |event| {
            if let (Some(pipe), Some(event)) = (this.upgrade(), event.dyn_ref::<MessageEvent>()) {
                R::hear_peer(&pipe, event.data());
            }
        });
        let close = self.listen(&channel, "close", |pipe| pipe.end(RunEvent::Closed));
        match &mut *self.ends.borrow_mut() {
            Some(ends) => {
                ends.listeners = [message, close].into_iter().chain(more).collect();
                ends.channel = Some(channel);
            }
            None => channel.close(),
        }
    }

    /// Calls `act` on every event of this name, for as long as somebody else holds the pipe.
    pub(super) fn listen(
        self: &Rc<Self>,
        channel: &RtcDataChannel,
        name: &'static str,
        act: fn(&Pipe<R>),
    ) -> EventListener {
        let this = Rc::downgrade(self);
        EventListener::new(channel, name, move |_| {
            if let Some(pipe) = this.upgrade() {
                act(&pipe);
            }
        })
    }

    /// Calls `act`, unless the run is over.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut R, &Ends) -> T) -> Option<T> {
        let ends = self.ends.borrow();
        ends.as_ref().map(|ends| act(&mut self.role.borrow_mut(), ends))
    }

    #[cfg(test)]
    pub(super) fn role(&self) -> std::cell::Ref<'_, R> {
        self.role.borrow()
    }

    pub(super) fn report(&self, event: RunEvent) {
        (self.report)(event);
    }

    /// Ends the run and reports why, unless it is over.
    pub(super) fn end(&self, event: RunEvent) {
        if self.stop() {
            self.report(event);
        }
    }

    /// Ends the run without a word. Returns whether it wasn't over before.
    pub(super) fn stop(&self) -> bool {
        let ends = self.ends.take();
        if let Some(Ends { channel: Some(channel), .. }) = &ends {
            // What was sent before still arrives (W3C WebRTC, section 6.2.4).
            channel.close();
        }
        ends.is_some()
    }
}
