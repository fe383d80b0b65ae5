//! Serves the page's requests, and sees that those of one transfer are carried out in order.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use futures_util::future::{AbortHandle, abortable};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, MessageEvent};

use crate::buffer::release;
use crate::failure::Failure;
use crate::folder::{Folder, make_sure_of_room};
use crate::incoming::Incoming;
use crate::outgoing;
use crate::post::{post, scope};
use crate::protocol::{Request, Response, VERSION};

/// Removes what is too old, tells that it is ready, and serves the page from then on.
pub fn serve() {
    let (jobs, queue) = unbounded();
    let worker = Worker { transfers: Rc::default(), jobs };
    let transfers = worker.transfers.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(message) = event.data().dyn_into::<Array>() {
            worker.hear(&message);
        }
    });
    scope().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It is called for as long as the worker lives.
    hear.forget();
    spawn_local(async move {
        if let Ok(folder) = Folder::open().await {
            // What can't be removed now is removed another time.
            let _ = folder.sweep().await;
        }
        post(0, Response::Ready, &[VERSION.into()]);
        work(queue, &transfers).await;
    });
}

/// A transfer that is under way.
enum Transfer {
    /// Its file is being opened, or what is there of it is being hashed.
    Opening,
    Incoming(Box<Incoming>),
    Outgoing {
        reads: UnboundedSender<u32>,
        _task: Running,
    },
}

/// A task that ends when this is dropped.
struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Transfers = Rc<RefCell<HashMap<u32, Transfer>>>;

/// Work on the folder. One job runs at a time: a file can be open only once.
enum Job {
    Open { id: String, size: u64 },
    Remove { id: String, answer: Option<Response> },
}

struct Worker {
    transfers: Transfers,
    jobs: UnboundedSender<(u32, Job)>,
}

impl Worker {
    fn hear(&self, message: &Array) {
        let Some(ask) = message.get(0).as_f64().and_then(Request::from_number) else { return };
        let transfer = message.get(1).as_f64().unwrap_or_default() as u32;
        let text = |at| message.get(at).as_string().unwrap_or_default();
        let number = |at| message.get(at).as_f64().unwrap_or_default();
        match ask {
            Request::Open => {
                self.transfers.borrow_mut().insert(transfer, Transfer::Opening);
                self.queue(transfer, Job::Open { id: text(2), size: number(3) as u64 });
            }
            Request::Write => self.write(transfer, message.get(2).unchecked_ref()),
            Request::Finish => self.finish(transfer, &text(2)),
            Request::Source => self.source(transfer, message.get(2).unchecked_into(), number(3) as u64),
            Request::Read => {
                if let Some(Transfer::Outgoing { reads, .. }) = self.transfers.borrow().get(&transfer) {
                    // It fails once everything was read.
                    let _ = reads.unbounded_send(number(2) as u32);
                }
            }
            Request::Close => {
                self.transfers.borrow_mut().remove(&transfer);
            }
            Request::Discard => {
                let id = text(2);
                let is_open = |other: &Transfer| matches!(other, Transfer::Incoming(it) if it.id() == id);
                self.transfers.borrow_mut().retain(|_, other| !is_open(other));
                self.queue(transfer, Job::Remove { id, answer: None });
            }
        }
    }

    fn queue(&self, transfer: u32, job: Job) {
        // The receiver lives as long as this.
        let _ = self.jobs.unbounded_send((transfer, job));
    }

    fn write(&self, transfer: u32, buffer: &ArrayBuffer) {
        let mut transfers = self.transfers.borrow_mut();
        let Some(Transfer::Incoming(incoming)) = transfers.get_mut(&transfer) else { return };
        let written = incoming.write(&Uint8Array::new(buffer));
        release(buffer);
        match written {
            Ok(()) => post(transfer, Response::Written, &[(incoming.offset() as f64).into()]),
            Err(failure) => {
                transfers.remove(&transfer);
                post(transfer, failure.answer(), &[]);
            }
        }
    }

    fn finish(&self, transfer: u32, hash: &str) {
        let found = self.transfers.borrow_mut().remove(&transfer);
        let Some(Transfer::Incoming(incoming)) = found else { return };
        let (whole, id) = (incoming.is(hash), incoming.id().to_owned());
        drop(incoming);
        match whole {
            Ok(true) => post(transfer, Response::Done, &[]),
            Ok(false) => self.queue(transfer, Job::Remove { id, answer: Some(Response::Mismatch) }),
            Err(failure) => post(transfer, failure.answer(), &[]),
        }
    }

    fn source(&self, transfer: u32, file: Blob, from: u64) {
        let (reads, queue) = unbounded();
        let (work, task) = abortable(outgoing::serve(transfer, file, from, queue));
        self.transfers.borrow_mut().insert(transfer, Transfer::Outgoing { reads, _task: Running(task) });
        spawn_local(async move {
            if let Ok(Err(failure)) = work.await {
                post(transfer, failure.answer(), &[]);
            }
        });
    }
}

/// Does one job after the other.
async fn work(mut queue: UnboundedReceiver<(u32, Job)>, transfers: &Transfers) {
    while let Some((transfer, job)) = queue.next().await {
        let result = match job {
            Job::Open { id, size } => open(transfer, id, size, transfers).await,
            Job::Remove { id, answer } => {
                // What can't be removed is too old some day.
                let _ = remove(&id).await;
                answer.into_iter().for_each(|answer| post(transfer, answer, &[]));
                Ok(())
            }
        };
        if let Err(failure) = result {
            transfers.borrow_mut().remove(&transfer);
            post(transfer, failure.answer(), &[]);
        }
    }
}

async fn open(transfer: u32, id: String, size: u64, transfers: &Transfers) -> Result<(), Failure> {
    let folder = Folder::open().await?;
    let handle = folder.file(&id).await?;
    let mut incoming = Incoming::new(id, handle, size)?;
    if let Err(failure) = make_sure_of_room(size - incoming.there()).await {
        // Nothing has come of it yet, so nothing is kept.
        if incoming.there() == 0 {
            let id = incoming.id().to_owned();
            drop(incoming);
            folder.remove(&id).await?;
        }
        return Err(failure);
    }
    // Once the transfer is closed, nobody needs it.
    while transfers.borrow().contains_key(&transfer) {
        if incoming.hash_some()? {
            // Other transfers get their turn.
            TimeoutFuture::new(0).await;
            continue;
        }
        post(transfer, Response::Opened, &[(incoming.offset() as f64).into(), incoming.hash().into()]);
        transfers.borrow_mut().insert(transfer, Transfer::Incoming(Box::new(incoming)));
        break;
    }
    Ok(())
}

async fn remove(id: &str) -> Result<(), Failure> {
    Folder::open().await?.remove(id).await
}
