//! The worker that reads and stores files, as the page sees it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, ArrayBuffer};
use tincan_worker::protocol::{FOLDER, Request, Response, VERSION};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, MessageEvent, Worker, window};

use crate::browser::js;

/// The name that Trunk gives the worker of index.html.
const SCRIPT: &str = "tincan-worker_loader.js";

/// How long a worker may take to load and start, in milliseconds.
const START_TIMEOUT_MS: u32 = 30_000;

/// Reads and stores files, by one worker for all of them. The worker starts when it is first needed. Clones
/// share it.
#[derive(Clone)]
pub(crate) struct Storage(Rc<Inner>);

type Hearer = Rc<dyn Fn(Response, &Array)>;

struct Inner {
    script: String,
    running: RefCell<Option<Running>>,
    last: Cell<u32>,
    hearers: RefCell<Vec<(u32, Hearer)>>,
}

struct Running {
    worker: Worker,
    phase: Phase,
    _listeners: [EventListener; 2],
}

enum Phase {
    /// The worker doesn't listen yet. Messages to it wait.
    Starting {
        waiting: Vec<Array>,
        _timeout: Timeout,
    },
    Ready,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Default for Storage {
    fn default() -> Storage {
        Storage::with_script(SCRIPT)
    }
}

impl Storage {
    /// Uses the worker at this address.
    pub(crate) fn with_script(script: &str) -> Storage {
        Storage(Rc::new(Inner {
            script: script.to_owned(),
            running: RefCell::default(),
            last: Cell::default(),
            hearers: RefCell::default(),
        }))
    }

    /// Removes what is too old. The worker does so when it starts.
    pub(crate) fn sweep(&self) {
        let mut running = self.0.running.borrow_mut();
        if running.is_none() {
            *running = self.start();
        }
    }

    /// Removes what is stored under `id`, if anything is, and if no other tab has it open. Its `FileReceiver`
    /// must be dropped before.
    pub(crate) fn discard(&self, id: &str) {
        self.begin(|_, _| {}).ask(Request::Discard, &[id.into()]);
    }

    /// Begins a transfer. Calls `hearer` with the responses to it, until it is dropped.
    pub(super) fn begin(&self, hearer: impl Fn(Response, &Array) + 'static) -> WorkerTransfer {
        let transfer = self.0.last.get() + 1;
        self.0.last.set(transfer);
        self.0.hearers.borrow_mut().push((transfer, Rc::new(hearer)));
        WorkerTransfer { storage: self.clone(), transfer }
    }

    /// Posts a message. If its third element is a buffer, that is transferred.
    fn post(&self, message: Array) {
        let mut running = self.0.running.borrow_mut();
        if running.is_none() {
            *running = self.start();
        }
        match &mut *running {
            Some(Running { phase: Phase::Starting { waiting, .. }, .. }) => waiting.push(message),
            Some(Running { phase: Phase::Ready, worker, .. }) => post(worker, &message),
            // Later, so that nobody is called from within their own call.
            None => {
                let storage = Rc::downgrade(&self.0);
                wasm_bindgen_futures::spawn_local(async move {
                    if let Some(inner) = storage.upgrade() {
                        inner.fail();
                    }
                });
            }
        }
    }

    fn start(&self) -> Option<Running> {
        let worker = Worker::new(&self.0.script).ok()?;
        let inner = Rc::downgrade(&self.0);
        let message = EventListener::new(&worker, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().dyn_into().ok());
            if let (Some(inner), Some(message)) = (inner.upgrade(), data) {
                inner.hear(&message);
            }
        });
        let inner = Rc::downgrade(&self.0);
        // The script is missing, may not run, or has thrown.
        let error = EventListener::new(&worker, "error", move |_| {
            if let Some(inner) = inner.upgrade() {
                inner.fail();
            }
        });
        let inner = Rc::downgrade(&self.0);
        // Not every browser reports a module that it can't load.
        let timeout = Timeout::new(START_TIMEOUT_MS, move || {
            if let Some(inner) = inner.upgrade() {
                inner.fail();
            }
        });
        let phase = Phase::Starting { waiting: Vec::new(), _timeout: timeout };
        Some(Running { worker, phase, _listeners: [message, error] })
    }
}

impl Inner {
    fn hear(&self, message: &Array) {
        let Some(answer) = message.get(0).as_f64().and_then(Response::from_number) else { return };
        let transfer = message.get(1).as_f64();
        if answer != Response::Ready {
            let hearers = self.hearers.borrow();
            let hearer = hearers.iter().find(|(number, _)| Some(f64::from(*number)) == transfer);
            let hearer = hearer.map(|(_, hearer)| hearer.clone());
            drop(hearers);
            if let Some(hearer) = hearer {
                hearer(answer, message);
            }
        } else if message.get(2).as_f64() != Some(f64::from(VERSION)) {
            self.fail();
        } else if let Some(Running { worker, phase, .. }) = &mut *self.running.borrow_mut()
            && let Phase::Starting { waiting, .. } = std::mem::replace(phase, Phase::Ready)
        {
            waiting.iter().for_each(|message| post(worker, message));
        }
    }

    /// Gives the worker up, and tells all transfers. The next request starts another.
    fn fail(&self) {
        let running = self.running.take();
        let hearers: Vec<Hearer> = self.hearers.borrow().iter().map(|(_, hearer)| hearer.clone()).collect();
        for hearer in hearers {
            hearer(Response::Failed, &Array::new());
        }
        drop(running);
    }
}

/// Returns the file that is stored under `id`. It has neither name nor type: who makes a link of it names the
/// download, and never opens it.
///
/// # Errors
///
/// Returns what the browser throws if there is none.
pub(crate) async fn stored_file(id: &str) -> Result<File, JsValue> {
    let navigator = window().ok_or("no window")?.navigator();
    let storage = js::get(&navigator, "storage");
    let root = js::call_async(&storage, "getDirectory", &Array::new()).await?;
    let folder = js::call_async(&root, "getDirectoryHandle", &Array::of1(&FOLDER.into())).await?;
    let handle = js::call_async(&folder, "getFileHandle", &Array::of1(&id.into())).await?;
    js::call_async(&handle, "getFile", &Array::new()).await?.dyn_into()
}

fn post(worker: &Worker, message: &Array) {
    let third = message.get(2);
    let transferred = if third.is_instance_of::<ArrayBuffer>() { Array::of1(&third) } else { Array::new() };
    // It fails only for what can't be copied.
    let _ = worker.post_message_with_transfer(message, &transferred);
}

/// A transfer that the worker knows. Dropping it closes it, and nothing is heard of it any more.
pub(super) struct WorkerTransfer {
    storage: Storage,
    transfer: u32,
}

impl WorkerTransfer {
    pub(super) fn ask(&self, ask: Request, arguments: &[JsValue]) {
        let message = Array::of2(&(ask as u32).into(), &self.transfer.into());
        for argument in arguments {
            message.push(argument);
        }
        self.storage.post(message);
    }
}

impl Drop for WorkerTransfer {
    fn drop(&mut self) {
        self.storage.0.hearers.borrow_mut().retain(|(transfer, _)| *transfer != self.transfer);
        // A worker that has failed, or never started, needs no message.
        if self.storage.0.running.borrow().is_some() {
            self.ask(Request::Close, &[]);
        }
    }
}
