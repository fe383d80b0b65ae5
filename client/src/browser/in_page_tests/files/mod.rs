//! Files, from a real worker over a real data channel into a real one.

mod connections;
mod rules;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{File, window};

use crate::browser::files::{FileReceiver, FileSender, RunEvent, Storage, stored_file};
use crate::browser::js;
use connections::Connections;
use tincan_session::files::window_bytes;

/// How long a test waits for something, in milliseconds.
const TIMEOUT_MS: u32 = 60_000;
const MIB: u64 = 1 << 20;

/// Makes the module that runs these tests a worker: the runner serves no other.
// A binding has to be public.
#[allow(unreachable_pub)]
#[wasm_bindgen]
pub fn serve_as_worker() {
    tincan_worker::serve();
}

/// Returns the address of a worker for these tests: a script that loads this module and calls
/// [`serve_as_worker`].
fn worker_script() -> String {
    const SCRIPT: &str = r#"
        const module = location.origin + "/wasm-bindgen-test";
        const text = `import("${module}.js").then(async (it) => {
            await it.default({ module_or_path: "${module}_bg.wasm" });
            it.serve_as_worker();
        });`;
        return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    "#;
    js_sys::Function::new_no_args(SCRIPT).call0(&JsValue::NULL).unwrap().as_string().unwrap()
}

fn storage() -> Storage {
    Storage::with_script(&worker_script())
}

/// Creates a file that is the same whenever it is created with the same numbers.
fn file(size: u64, seed: u32) -> File {
    const SCRIPT: &str = r#"
        const parts = [];
        let state = seed | 1, left = size;
        while (left > 0) {
            const words = new Uint32Array(1 << 18);
            for (let i = 0; i < words.length; i++) {
                state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
                words[i] = state;
            }
            const bytes = new Uint8Array(words.buffer).subarray(0, Math.min(left, words.byteLength));
            parts.push(new Blob([bytes]));
            left -= bytes.length;
        }
        return new File(parts, "file");
    "#;
    let make = js_sys::Function::new_with_args("size, seed", SCRIPT);
    let arguments = Array::of2(&(size as f64).into(), &seed.into());
    make.apply(&JsValue::NULL, &arguments).unwrap().unchecked_into()
}

async fn bytes(file: &File) -> Uint8Array {
    Uint8Array::new(&JsFuture::from(file.array_buffer()).await.unwrap())
}

/// Returns an id that no other test has.
fn new_id() -> String {
    format!("test-{}", (js_sys::Math::random() * 1e15) as u64)
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..TIMEOUT_MS / 5 {
        if is_so() {
            return;
        }
        TimeoutFuture::new(5).await;
    }
    panic!("never so: {what}");
}

/// What one side has reported.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<RunEvent>>>);

/// Returns whether nothing comes after it.
fn is_end(event: &RunEvent) -> bool {
    !matches!(event, RunEvent::Opened { .. } | RunEvent::Progress { .. })
}

impl Log {
    fn tell(&self) -> impl Fn(RunEvent) + 'static {
        let log = self.clone();
        move |event| log.0.borrow_mut().push(event)
    }

    async fn opened(&self) -> (u64, String) {
        until("it is opened", || !self.0.borrow().is_empty()).await;
        match &self.0.borrow()[0] {
            RunEvent::Opened { offset, hash } => (*offset, hash.clone()),
            other => panic!("{other:?} instead of opened"),
        }
    }

    /// Waits until it ends, and returns how. Checks that nothing comes within some milliseconds after.
    async fn end(&self) -> RunEvent {
        until("it ends", || self.0.borrow().iter().any(is_end)).await;
        TimeoutFuture::new(50).await;
        let events = self.0.borrow();
        assert_eq!(events.iter().filter(|event| is_end(event)).count(), 1, "{events:?}");
        let last = events.last().unwrap().clone();
        assert!(is_end(&last), "{events:?}");
        last
    }
}

/// Both sides of a transfer.
struct Transfer {
    sending: FileSender,
    receiving: FileReceiver,
    sent: Log,
    received: Log,
    /// Where it began, in bytes.
    offset: u64,
}

impl Transfer {
    async fn begin(connections: &Connections, storages: [&Storage; 2], file: &File, id: &str) -> Transfer {
        let (sent, received) = (Log::default(), Log::default());
        let size = file.size() as u64;
        let receiving = FileReceiver::open(storages[1], id, size, received.tell());
        let (offset, hash) = received.opened().await;
        let sending = FileSender::open(storages[0], file, offset, sent.tell());
        assert_eq!(sent.opened().await, (offset, hash), "both have the same beginning");
        let [ours, theirs] = connections.channels().await;
        let window = window_bytes(size);
        receiving.start(theirs, window);
        sending.start(ours, 256 << 10, window);
        Transfer { sending, receiving, sent, received, offset }
    }

    async fn end(&self) -> [RunEvent; 2] {
        [self.sent.end().await, self.received.end().await]
    }
}

#[wasm_bindgen_test]
async fn a_file_arrives_as_it_was() {
    let (connections, storage) = (Connections::connect().await, storage());
    for size in [0, 1, 64 << 10, 3 * MIB + 123] {
        let (file, id) = (file(size, 7), new_id());
        let transfer = Transfer::begin(&connections, [&storage, &storage], &file, &id).await;
        assert_eq!(transfer.end().await, [RunEvent::Done, RunEvent::Done], "{size}");
        let stored = stored_file(&id).await.unwrap();
        assert_eq!(bytes(&stored).await.to_vec(), bytes(&file).await.to_vec(), "{size}");
        storage.discard(&id);
        is_gone(&id).await;
    }
}

#[wasm_bindgen_test]
async fn one_that_is_cut_off_goes_on_after_a_reload() {
    let connections = Connections::connect().await;
    let (size, id) = (48 * MIB, new_id());
    let file = file(size, 3);
    let mut twice = 0;
    let mut offset = 0;
    for cut in 1..=4 {
        // New storages: what the page held is gone.
        let storages = [storage(), storage()];
        let transfer = Transfer::begin(&connections, [&storages[0], &storages[1]], &file, &id).await;
        assert!(transfer.offset >= offset, "{} after {offset}", transfer.offset);
        offset = transfer.offset;
        if cut == 4 {
            assert_eq!(transfer.end().await, [RunEvent::Done, RunEvent::Done]);
            break;
        }
        until("some has come", || transfer.sending.sent() >= offset + 6 * MIB).await;
        let sent = transfer.sending.sent();
        drop(transfer);
        drop(storages);
        let stored = stored_bytes(&id, size).await;
        twice += sent.saturating_sub(stored);
    }
    assert!(twice <= 3 * window_bytes(size), "{twice} bytes of {size} were sent twice");
    let storage = storage();
    let stored = stored_file(&id).await.unwrap();
    assert!(bytes(&stored).await.to_vec() == bytes(&file).await.to_vec(), "it is another file");
    storage.discard(&id);
}

/// Returns how much of a file of `size` bytes is stored under `id`, as soon as nobody has it open.
async fn stored_bytes(id: &str, size: u64) -> u64 {
    let storage = storage();
    for _ in 0..100 {
        let log = Log::default();
        let _receiving = FileReceiver::open(&storage, id, size, log.tell());
        until("there is an answer", || !log.0.borrow().is_empty()).await;
        if let RunEvent::Opened { offset, .. } = log.0.borrow()[0] {
            return offset;
        }
        TimeoutFuture::new(20).await;
    }
    panic!("somebody stays at {id}");
}

/// Waits until nothing is stored under `id`.
async fn is_gone(id: &str) {
    for _ in 0..TIMEOUT_MS / 20 {
        if stored_file(id).await.is_err() {
            return;
        }
        TimeoutFuture::new(20).await;
    }
    panic!("{id} stays");
}

#[wasm_bindgen_test]
async fn whoever_drops_it_hears_no_more_and_the_other_side_does() {
    let (connections, storage) = (Connections::connect().await, storage());
    for side in 0..2 {
        let (file, id) = (file(32 * MIB, 9), new_id());
        let Transfer { sending, receiving, sent, received, .. } =
            Transfer::begin(&connections, [&storage, &storage], &file, &id).await;
        until("it goes", || sending.sent() > MIB).await;
        let (dropped, other) = if side == 0 {
            drop(sending);
            (sent, received)
        } else {
            drop(receiving);
            (received, sent)
        };
        let before = dropped.0.borrow().len();
        assert_eq!(other.end().await, RunEvent::Closed);
        assert_eq!(dropped.0.borrow().len(), before);
        storage.discard(&id);
    }
}

/// Returns a file of the origin private file system, for tests that change a file.
async fn private_file(name: &str) -> JsValue {
    let storage = js::get(&window().unwrap().navigator(), "storage");
    let root = js::call_async(&storage, "getDirectory", &Array::new()).await.unwrap();
    let create = js_sys::Object::new();
    js::set(&create, "create", &true.into());
    js::call_async(&root, "getFileHandle", &Array::of2(&name.into(), &create)).await.unwrap()
}
