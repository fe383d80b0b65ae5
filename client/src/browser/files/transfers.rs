//! Carries out the session's effects on files.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Array;
use tincan_session::files::{
    ContentHash, FileEffect, FileEvent, FileInput, Remembered, Run, SourceId, TransferId,
};
use tincan_session::{Input, PeerConnectionId};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{RtcDataChannel, RtcDataChannelInit, RtcPeerConnection};

use super::kept_files;
use super::run::{FileReceiver, FileSender, RunEvent};
use super::save::save_blob;
use super::sources::Sources;
use super::storage::{Storage, stored_file};
use crate::browser::connection::{FileEffects, FindConnection, max_message_bytes};
use crate::browser::js;
use crate::browser::js::Events;
use crate::browser::page::LeaveGuard;

/// The label of a data channel for a file's bytes.
const LABEL: &str = "file";

/// Every transfer that runs.
pub(crate) struct Transfers(Rc<Inner>);

struct Inner {
    events: Events,
    storage: Storage,
    sources: Sources,
    runs: RefCell<Vec<Running>>,
}

struct Running {
    id: TransferId,
    run: Run,
    work: Work,
}

enum Work {
    Sending { sender: Rc<FileSender>, step: SendStep },
    Receiving { receiver: FileReceiver, expected: Option<ExpectedChannel> },
}

/// How far a run that sends has come.
enum SendStep {
    /// The worker reads what comes before. It must have the hash `prefix`.
    Comparing { prefix: Option<ContentHash>, target: Target },
    /// The channel opens, or is open.
    Connected { _listeners: [EventListener; 2] },
}

/// Where to send to.
#[derive(Clone)]
struct Target {
    /// `None` if the peer connection is gone.
    connection: Option<RtcPeerConnection>,
    protocol: String,
    window: u64,
}

/// What to send.
struct Content {
    source: SourceId,
    size: u64,
    from: u64,
    prefix: Option<ContentHash>,
}

/// The channel that the other side is going to open for a run. There is one for each.
struct ExpectedChannel {
    peer_connection: PeerConnectionId,
    protocol: String,
    window: u64,
}

impl Transfers {
    pub(crate) fn new(events: Events, sources: Sources) -> Transfers {
        let storage = Storage::default();
        if kept_files::may_be_stored() {
            storage.sweep();
        }
        Transfers(Rc::new(Inner { events, storage, sources, runs: RefCell::default() }))
    }

    /// Returns what this tab kept of transfers from before the page was loaded, once the tab is claimed.
    pub(crate) fn kept() -> Vec<Remembered> {
        kept_files::all()
    }
}

impl FileEffects for Transfers {
    fn perform(&self, effect: FileEffect, connection: FindConnection<'_>) {
        let inner = &self.0;
        match effect {
            FileEffect::Control { .. } => {}
            FileEffect::Remember(record) => kept_files::keep(&record),
            FileEffect::Forget { id } => kept_files::forget(id),
            FileEffect::Discard { id } => {
                inner.runs.borrow_mut().retain(|running| running.id != id);
                kept_files::forget(id);
                inner.storage.discard(&id.to_string());
            }
            FileEffect::Prepare { id, run, size } => inner.prepare(id, run, size),
            FileEffect::Receive { run, peer_connection, channel, window, .. } => {
                inner.expect(run, ExpectedChannel { peer_connection, protocol: channel, window });
            }
            FileEffect::Send { id, run, peer_connection, channel, source, size, from, prefix, window } => {
                let connection = connection(peer_connection);
                let target = Target { connection, protocol: channel, window };
                inner.send(id, run, Content { source, size, from, prefix }, target);
            }
            FileEffect::StopReceiving { run, .. } | FileEffect::StopSending { run, .. } => {
                inner.drop_run(run)
            }
            FileEffect::Release { source } => inner.sources.release(source),
            FileEffect::Save { id, name } => {
                let guard = LeaveGuard::new();
                spawn_local(async move {
                    // It was there when the session said so, but a browser may clear it at any time.
                    if let Ok(file) = stored_file(&id.to_string()).await {
                        save_blob(&name, &file);
                        guard.while_saving(file.size());
                    }
                });
            }
        }
    }

    fn accept(&self, id: PeerConnectionId, channel: RtcDataChannel) {
        let protocol = js::text(&channel, "protocol").unwrap_or_default();
        let is_meant = |it: &ExpectedChannel| it.peer_connection == id && it.protocol == protocol;
        let labelled = channel.label() == LABEL;
        let mut runs = self.0.runs.borrow_mut();
        let found = runs.iter_mut().find_map(|running| match &mut running.work {
            Work::Receiving { receiver, expected } if labelled => {
                expected.take_if(|it| is_meant(it)).map(|it| (receiver, it.window))
            }
            _ => None,
        });
        match found {
            Some((receiver, window)) => receiver.start(channel, window),
            None => channel.close(),
        }
    }
}

impl Inner {
    fn prepare(self: &Rc<Inner>, id: TransferId, run: Run, size: u64) {
        let report = self.reporter(run, Inner::receiver_reports);
        let receiver = FileReceiver::open(&self.storage, &id.to_string(), size, report);
        self.begin(id, run, Work::Receiving { receiver, expected: None });
    }

    fn expect(&self, run: Run, channel: ExpectedChannel) {
        self.with(run, |running| {
            if let Work::Receiving { expected, .. } = &mut running.work {
                *expected = Some(channel);
            }
        });
    }

    fn send(self: &Rc<Inner>, id: TransferId, run: Run, content: Content, target: Target) {
        let Content { source, size, from, prefix } = content;
        let Some(file) = self.sources.get(source) else { return self.tell(id, run, FileEvent::ReadFailed) };
        if file.size() as u64 != size {
            return self.tell(id, run, FileEvent::SourceChanged);
        }
        let report = self.reporter(run, Inner::sender_reports);
        let sender = Rc::new(FileSender::open(&self.storage, &file, from, report));
        let step = SendStep::Comparing { prefix, target };
        self.begin(id, run, Work::Sending { sender, step });
    }

    /// Keeps a run. Nothing is reported of it before: the worker responds later.
    fn begin(&self, id: TransferId, run: Run, work: Work) {
        self.runs.borrow_mut().push(Running { id, run, work });
    }

    /// Returns what calls `hear` with the events of a run, for as long as these transfers are there.
    fn reporter(
        self: &Rc<Inner>,
        run: Run,
        hear: fn(&Rc<Inner>, Run, RunEvent),
    ) -> impl Fn(RunEvent) + 'static {
        let this = Rc::downgrade(self);
        move |event| {
            if let Some(this) = this.upgrade() {
                hear(&this, run, event);
            }
        }
    }

    fn receiver_reports(self: &Rc<Inner>, run: Run, event: RunEvent) {
        let event = match event {
            RunEvent::Opened { offset, hash } => {
                let hash = ContentHash::parse(&hash).filter(|_| offset > 0);
                return self.tell_of(run, FileEvent::Stored { offset, hash });
            }
            RunEvent::Progress { bytes } => return self.tell_of(run, FileEvent::Progress { bytes }),
            RunEvent::Done => {
                self.with(run, |running| kept_files::keep_as_whole(running.id));
                FileEvent::Verified
            }
            RunEvent::Mismatch => FileEvent::Mismatch,
            RunEvent::Full => FileEvent::DiskFull,
            RunEvent::Closed => FileEvent::ChannelClosed,
            RunEvent::Broken => FileEvent::Broken,
            RunEvent::Changed | RunEvent::Unavailable => FileEvent::WriteFailed,
        };
        self.end(run, Some(event));
    }

    fn sender_reports(self: &Rc<Inner>, run: Run, event: RunEvent) {
        let event = match event {
            RunEvent::Opened { hash, .. } => return self.open_channel(run, &hash),
            RunEvent::Progress { bytes } => return self.tell_of(run, FileEvent::Progress { bytes }),
            // The other side says these over the channel of texts, which outlives this one.
            RunEvent::Done | RunEvent::Mismatch | RunEvent::Full => None,
            RunEvent::Changed => Some(FileEvent::SourceChanged),
            RunEvent::Closed => Some(FileEvent::ChannelClosed),
            RunEvent::Broken => Some(FileEvent::Broken),
            RunEvent::Unavailable => Some(FileEvent::ReadFailed),
        };
        self.end(run, event);
    }

    /// Opens the channel, if the other side has the same beginning.
    fn open_channel(self: &Rc<Inner>, run: Run, hash: &str) {
        let found = self.with(run, |running| match &running.work {
            Work::Sending { step: SendStep::Comparing { prefix, target }, .. } => {
                Some((prefix.clone(), target.clone()))
            }
            _ => None,
        });
        let Some((prefix, target)) = found.flatten() else { return };
        if prefix.is_some_and(|prefix| prefix.as_str() != hash) {
            return self.end(run, Some(FileEvent::NotTheSame));
        }
        let Some(connection) = target.connection else {
            return self.end(run, Some(FileEvent::ChannelClosed));
        };
        let init = RtcDataChannelInit::new();
        init.set_protocol(&target.protocol);
        // It throws where the connection is closed, or has too many.
        let channel = js::call(&connection, "createDataChannel", &Array::of2(&LABEL.into(), &init));
        let Ok(channel) = channel.and_then(JsCast::dyn_into::<RtcDataChannel>) else {
            return self.end(run, Some(FileEvent::ChannelClosed));
        };
        let (this, opened) = (Rc::downgrade(self), Clone::clone(&channel));
        let open = EventListener::new(&channel, "open", move |_| {
            let Some(this) = this.upgrade() else { return };
            let sender = this.with(run, |running| match &running.work {
                Work::Sending { sender, .. } => Some(sender.clone()),
                Work::Receiving { .. } => None,
            });
            // Nothing is borrowed meanwhile: it may report that it has ended before it has begun.
            if let Some(sender) = sender.flatten() {
                sender.start(Clone::clone(&opened), max_message_bytes(&connection), target.window);
            }
        });
        let this = Rc::downgrade(self);
        let close = EventListener::new(&channel, "close", move |_| {
            if let Some(this) = this.upgrade() {
                this.end(run, Some(FileEvent::ChannelClosed));
            }
        });
        let kept = self.with(run, |running| {
            if let Work::Sending { step, .. } = &mut running.work {
                *step = SendStep::Connected { _listeners: [open, close] };
            }
        });
        if kept.is_none() {
            channel.close();
        }
    }

    /// Tells the session of an event of a run, if that is still there.
    fn tell_of(&self, run: Run, event: FileEvent) {
        if let Some(id) = self.with(run, |running| running.id) {
            self.tell(id, run, event);
        }
    }

    fn tell(&self, id: TransferId, run: Run, event: FileEvent) {
        self.events.tell(Input::File(FileInput::Event(id, run, event)));
    }

    /// Drops a run that has ended by itself, and tells the session why, if it has to know.
    fn end(self: &Rc<Inner>, run: Run, event: Option<FileEvent>) {
        let Some(id) = self.with(run, |running| running.id) else { return };
        if let Some(event) = event {
            self.tell(id, run, event);
        }
        // Later: the run is what is calling.
        let this = self.clone();
        spawn_local(async move { this.drop_run(run) });
    }

    fn drop_run(&self, run: Run) {
        let removed: Vec<Running> = self.runs.borrow_mut().extract_if(.., |known| known.run == run).collect();
        // Nothing is borrowed while they are dropped, whatever that sets off.
        drop(removed);
    }

    /// Calls `act` with a run, if it is still there.
    fn with<T>(&self, run: Run, act: impl FnOnce(&mut Running) -> T) -> Option<T> {
        self.runs.borrow_mut().iter_mut().find(|known| known.run == run).map(act)
    }
}
