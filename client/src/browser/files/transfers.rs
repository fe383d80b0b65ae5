//! Carries out the session's effects on files.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use tincan_session::files::{ContentHash, FileEffect, FileEvent, FileInput, Run, SourceId, TransferId};
use tincan_session::{Input, PeerConnectionId};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, RtcDataChannel, RtcDataChannelInit, RtcPeerConnection};

use super::chosen::ChosenFile;
use super::kept_files;
use super::run::{FileEvent as Step, ReceivingFile, SendingFile};
use super::save::save_blob;
use super::storage::{Storage, stored_file};
use crate::browser::connection::{FileWork, FindConnection, max_message_bytes};
use crate::browser::js;
use crate::browser::js::Events;

/// What a data channel for a file's bytes is called.
const LABEL: &str = "file";

/// The files that the user has chosen, by the number that each was given. Clones are the same ones.
#[derive(Clone, Default)]
pub struct Sources(Rc<Chosen>);

#[derive(Default)]
struct Chosen {
    /// How many there have been: no number is given twice.
    count: Cell<u32>,
    files: RefCell<Vec<(SourceId, File)>>,
}

impl Sources {
    /// Keeps a file until the session lets go of it.
    pub fn add(&self, ChosenFile(file): ChosenFile) -> SourceId {
        self.0.count.update(|count| count + 1);
        let id = SourceId(self.0.count.get());
        self.0.files.borrow_mut().push((id, file));
        id
    }

    pub(super) fn get(&self, wanted: SourceId) -> Option<File> {
        self.0.files.borrow().iter().find(|(id, _)| *id == wanted).map(|(_, file)| Clone::clone(file))
    }

    fn release(&self, unwanted: SourceId) {
        self.0.files.borrow_mut().retain(|(id, _)| *id != unwanted);
    }
}

impl PartialEq for Sources {
    fn eq(&self, other: &Sources) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

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
    Sending {
        sending: Option<SendingFile>,
        way: Way,
        prefix: Option<ContentHash>,
        /// The channel while it isn't open.
        opening: Option<[EventListener; 2]>,
    },
    Receiving {
        receiving: Option<ReceivingFile>,
        /// Where the bytes will come from.
        way: Option<Way>,
    },
}

/// The data channel of a run.
#[derive(Clone)]
struct Way {
    peer_connection: PeerConnectionId,
    connection: Option<RtcPeerConnection>,
    protocol: String,
    window: u64,
}

impl Transfers {
    pub(crate) fn new(events: Events, sources: Sources) -> Transfers {
        events.tell(Input::File(FileInput::Kept(kept_files::all())));
        let storage = Storage::default();
        if kept_files::may_be_stored() {
            storage.sweep();
        }
        Transfers(Rc::new(Inner { events, storage, sources, runs: RefCell::default() }))
    }
}

impl FileWork for Transfers {
    fn perform(&self, effect: FileEffect, connection: FindConnection<'_>) {
        let inner = &self.0;
        match effect {
            FileEffect::Control { .. } => {}
            FileEffect::Remember(record) => kept_files::keep(&record),
            FileEffect::Forget { id } => kept_files::forget(id),
            FileEffect::Discard { id } => {
                inner.runs.borrow_mut().retain(|run| run.id != id);
                kept_files::forget(id);
                inner.storage.discard(&id.to_string());
            }
            FileEffect::Prepare { id, run, size } => inner.prepare(id, run, size),
            FileEffect::Receive { run, peer_connection, channel, window, .. } => {
                inner.expect(run, Way { peer_connection, connection: None, protocol: channel, window });
            }
            FileEffect::Send { id, run, peer_connection, channel, source, size, from, prefix, window } => {
                let connection = connection(peer_connection);
                let way = Way { peer_connection, connection, protocol: channel, window };
                inner.send(id, run, source, size, from, prefix, way);
            }
            FileEffect::StopReceiving { run, .. } | FileEffect::StopSending { run, .. } => {
                inner.drop_run(run)
            }
            FileEffect::Release { source } => inner.sources.release(source),
            FileEffect::Save { id, name } => {
                spawn_local(async move {
                    // It was there when the session said so; a browser may clear it at any time.
                    if let Ok(file) = stored_file(&id.to_string()).await {
                        save_blob(&name, &file);
                    }
                });
            }
        }
    }

    /// One that nobody expects is closed.
    fn take(&self, id: PeerConnectionId, channel: RtcDataChannel) {
        let protocol = js::text(&channel, "protocol").unwrap_or_default();
        let is_meant = |way: &Way| way.peer_connection == id && way.protocol == protocol;
        let labelled = channel.label() == LABEL;
        let mut runs = self.0.runs.borrow_mut();
        let expected = runs.iter_mut().find_map(|run| match &mut run.work {
            // One channel is all that there is for a run.
            Work::Receiving { receiving: Some(receiving), way } if labelled => {
                way.take_if(|way| is_meant(way)).map(|way| (receiving, way.window))
            }
            _ => None,
        });
        match expected {
            Some((receiving, window)) => receiving.start(channel, window),
            None => channel.close(),
        }
    }
}

impl Inner {
    fn tell(&self, id: TransferId, run: Run, event: FileEvent) {
        self.events.tell(Input::File(FileInput::Event(id, run, event)));
    }

    fn drop_run(&self, run: Run) {
        let removed: Vec<Running> = self.runs.borrow_mut().extract_if(.., |known| known.run == run).collect();
        // What they say while they are dropped finds nothing borrowed.
        drop(removed);
    }

    /// Runs `step` on the work of a run, if it is still there.
    fn with<T>(&self, run: Run, step: impl FnOnce(&mut Running) -> T) -> Option<T> {
        self.runs.borrow_mut().iter_mut().find(|known| known.run == run).map(step)
    }

    /// The run has ended by itself.
    fn end(self: &Rc<Inner>, run: Run, event: Option<FileEvent>) {
        let Some(id) = self.with(run, |run| run.id) else { return };
        if let Some(event) = event {
            self.tell(id, run, event);
        }
        // Not while it is still speaking.
        let this = self.clone();
        spawn_local(async move { this.drop_run(run) });
    }

    fn prepare(self: &Rc<Inner>, id: TransferId, run: Run, size: u64) {
        let work = Work::Receiving { receiving: None, way: None };
        self.runs.borrow_mut().push(Running { id, run, work });
        let hear = self.hearer(run, Inner::receiving);
        let opened = ReceivingFile::open(&self.storage, &id.to_string(), size, hear);
        self.with(run, |run| {
            if let Work::Receiving { receiving, .. } = &mut run.work {
                *receiving = Some(opened);
            }
        });
    }

    fn expect(&self, run: Run, expected: Way) {
        self.with(run, |run| {
            if let Work::Receiving { way, .. } = &mut run.work {
                *way = Some(expected);
            }
        });
    }

    #[expect(clippy::too_many_arguments, reason = "they are the fields of one effect")]
    fn send(
        self: &Rc<Inner>,
        id: TransferId,
        run: Run,
        source: SourceId,
        size: u64,
        from: u64,
        prefix: Option<ContentHash>,
        way: Way,
    ) {
        let Some(file) = self.sources.get(source) else { return self.tell(id, run, FileEvent::ReadFailed) };
        if file.size() as u64 != size {
            return self.tell(id, run, FileEvent::SourceChanged);
        }
        let work = Work::Sending { sending: None, way, prefix, opening: None };
        self.runs.borrow_mut().push(Running { id, run, work });
        let opened = SendingFile::open(&self.storage, &file, from, self.hearer(run, Inner::sending));
        self.with(run, |run| {
            if let Work::Sending { sending, .. } = &mut run.work {
                *sending = Some(opened);
            }
        });
    }

    fn hearer(self: &Rc<Inner>, run: Run, hear: fn(&Rc<Inner>, Run, Step)) -> impl Fn(Step) + 'static {
        let this: Weak<Inner> = Rc::downgrade(self);
        move |step| {
            if let Some(this) = this.upgrade() {
                hear(&this, run, step);
            }
        }
    }

    fn receiving(self: &Rc<Inner>, run: Run, step: Step) {
        let event = match step {
            Step::Opened { offset, hash } => {
                let hash = ContentHash::parse(&hash).filter(|_| offset > 0);
                return self.say(run, FileEvent::Stored { offset, hash });
            }
            Step::Progress { bytes } => return self.say(run, FileEvent::Progress { bytes }),
            Step::Done => {
                self.with(run, |run| kept_files::keep_as_whole(run.id));
                FileEvent::Verified
            }
            Step::Mismatch => FileEvent::Mismatch,
            Step::Full => FileEvent::DiskFull,
            Step::Closed => FileEvent::ChannelClosed,
            Step::Broken => FileEvent::Broken,
            Step::Changed | Step::Unavailable => FileEvent::WriteFailed,
        };
        self.end(run, Some(event));
    }

    fn sending(self: &Rc<Inner>, run: Run, step: Step) {
        let event = match step {
            Step::Opened { hash, .. } => return self.open_channel(run, &hash),
            Step::Progress { bytes } => return self.say(run, FileEvent::Progress { bytes }),
            // The other side says these in words of its own, which outlive the channel.
            Step::Done | Step::Mismatch | Step::Full => None,
            Step::Changed => Some(FileEvent::SourceChanged),
            Step::Closed => Some(FileEvent::ChannelClosed),
            Step::Broken => Some(FileEvent::Broken),
            Step::Unavailable => Some(FileEvent::ReadFailed),
        };
        self.end(run, event);
    }

    fn say(&self, run: Run, event: FileEvent) {
        if let Some(id) = self.with(run, |run| run.id) {
            self.tell(id, run, event);
        }
    }

    /// What comes before is read: if it is what the other side has, the rest follows.
    fn open_channel(self: &Rc<Inner>, run: Run, hash: &str) {
        let found = self.with(run, |run| match &run.work {
            Work::Sending { way, prefix, .. } => Some((way.clone(), prefix.clone())),
            Work::Receiving { .. } => None,
        });
        let Some((way, prefix)) = found.flatten() else { return };
        if prefix.is_some_and(|prefix| prefix.as_str() != hash) {
            return self.end(run, Some(FileEvent::NotTheSame));
        }
        let Some(connection) = way.connection else { return self.end(run, Some(FileEvent::ChannelClosed)) };
        let init = RtcDataChannelInit::new();
        init.set_protocol(&way.protocol);
        let channel = connection.create_data_channel_with_data_channel_dict(LABEL, &init);
        let (this, subject) = (Rc::downgrade(self), Clone::clone(&channel));
        let open = EventListener::new(&channel, "open", move |_| {
            let Some(this) = this.upgrade() else { return };
            let max_bytes = max_message_bytes(&connection);
            // Taken out meanwhile: it may say that it has ended before it has begun.
            let taken = this.with(run, |run| match &mut run.work {
                Work::Sending { sending, .. } => sending.take(),
                Work::Receiving { .. } => None,
            });
            let Some(begun) = taken.flatten() else { return };
            begun.start(Clone::clone(&subject), max_bytes, way.window);
            this.with(run, |run| {
                if let Work::Sending { sending, .. } = &mut run.work {
                    *sending = Some(begun);
                }
            });
        });
        let this = Rc::downgrade(self);
        let close = EventListener::new(&channel, "close", move |_| {
            if let Some(this) = this.upgrade() {
                this.end(run, Some(FileEvent::ChannelClosed));
            }
        });
        let kept = self.with(run, |run| {
            if let Work::Sending { opening, .. } = &mut run.work {
                *opening = Some([open, close]);
            }
        });
        if kept.is_none() {
            channel.close();
        }
    }
}
