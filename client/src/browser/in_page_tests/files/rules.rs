//! What goes wrong by itself, and what somebody does wrong on purpose.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{File, MessageEvent, RtcDataChannel};

use super::connections::Connections;
use super::{Log, MIB, file, is_gone, new_id, private_file, storage, until};
use crate::browser::files::{FileReceiver, FileSender, RunEvent, Storage, stored_file};
use crate::browser::js;
use tincan_session::files::window_bytes;

/// The hash of nothing.
const EMPTY: &str = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

/// Creates a receiver of `size` bytes that is opened, and the channel over which a test plays its sender.
async fn receiver(
    connections: &Connections,
    storage: &Storage,
    id: &str,
    size: u64,
) -> (FileReceiver, Log, RtcDataChannel) {
    let log = Log::default();
    let receiving = FileReceiver::open(storage, id, size, log.tell());
    assert_eq!(log.opened().await, (0, EMPTY.to_owned()));
    let [ours, theirs] = connections.channels().await;
    receiving.start(theirs, window_bytes(size));
    (receiving, log, ours)
}

async fn is_stored(id: &str) -> Option<u64> {
    stored_file(id).await.ok().map(|file| file.size() as u64)
}

#[wasm_bindgen_test]
async fn what_is_not_what_was_sent_is_dropped() {
    let (connections, storage, id) = (Connections::connect().await, storage(), new_id());
    let (_receiving, log, channel) = receiver(&connections, &storage, &id, 1000).await;
    let words = Rc::<RefCell<Vec<String>>>::default();
    let heard = words.clone();
    let _listener = EventListener::new(&channel, "message", move |event| {
        heard.borrow_mut().extend(event.dyn_ref::<MessageEvent>().unwrap().data().as_string());
    });
    channel.send_with_u8_array(&[1; 1000]).unwrap();
    channel.send_with_str(EMPTY).unwrap();
    assert_eq!(log.end().await, RunEvent::Mismatch);
    until("the sender knows", || words.borrow().last().is_some_and(|word| word == "mismatch")).await;
    assert_eq!(is_stored(&id).await, None);
}

#[wasm_bindgen_test]
async fn who_breaks_the_rules_is_not_listened_to() {
    let (connections, storage) = (Connections::connect().await, storage());
    let sends: [fn(&RtcDataChannel); 6] = [
        // More than it was to be, at once and bit by bit.
        |channel| channel.send_with_u8_array(&[0; 1001]).unwrap(),
        |channel| {
            for _ in 0..3 {
                channel.send_with_u8_array(&[0; 400]).unwrap();
            }
        },
        // No hash.
        |channel| channel.send_with_str("").unwrap(),
        |channel| channel.send_with_str(&"ä".repeat(1000)).unwrap(),
        // A hash before the end.
        |channel| channel.send_with_str(EMPTY).unwrap(),
        // The end, twice.
        |channel| {
            channel.send_with_u8_array(&[0; 1000]).unwrap();
            channel.send_with_str("end").unwrap();
            channel.send_with_str(EMPTY).unwrap();
        },
    ];
    for send in sends {
        let id = new_id();
        let (receiving, log, channel) = receiver(&connections, &storage, &id, 1000).await;
        send(&channel);
        assert_eq!(log.end().await, RunEvent::Broken);
        drop(receiving);
        assert!(is_stored(&id).await.is_some_and(|bytes| bytes <= 1000));
        storage.discard(&id);
    }
}

#[wasm_bindgen_test]
async fn a_receiver_who_says_what_is_not_so_is_not_listened_to() {
    let (connections, storage) = (Connections::connect().await, storage());
    for word in ["ok", "mismatch", "-1", "99999999999999999999", "1e3", "4194304", ""] {
        let log = Log::default();
        let sending = FileSender::open(&storage, &file(8 * MIB, 1), 0, log.tell());
        log.opened().await;
        let [ours, theirs] = connections.channels().await;
        sending.start(ours, 256 << 10, 256 << 10);
        theirs.send_with_str(word).unwrap();
        assert_eq!(log.end().await, RunEvent::Broken, "{word}");
        assert!(sending.sent() <= 256 << 10, "no more than the window without a word");
    }
}

#[wasm_bindgen_test]
async fn no_more_than_the_window_is_sent_ahead_of_the_receiver() {
    const WINDOW: u64 = 256 << 10;
    let (connections, storage, log) = (Connections::connect().await, storage(), Log::default());
    let sending = FileSender::open(&storage, &file(8 * MIB, 1), 0, log.tell());
    log.opened().await;
    let [ours, theirs] = connections.channels().await;
    sending.start(ours, 256 << 10, WINDOW);
    for written in [0, 64 << 10, 200 << 10] {
        theirs.send_with_str(&written.to_string()).unwrap();
        // In whole messages, of which the window holds at least four.
        let is_full = || sending.sent() + WINDOW / 4 > written + WINDOW;
        until("the window is full", is_full).await;
        TimeoutFuture::new(300).await;
        assert!(sending.sent() <= written + WINDOW, "{} after {written}", sending.sent());
    }
}

#[wasm_bindgen_test]
async fn what_has_no_room_is_refused_at_once() {
    let (storage, log) = (storage(), Log::default());
    let id = new_id();
    let _receiving = FileReceiver::open(&storage, &id, 1 << 50, log.tell());
    assert_eq!(log.end().await, RunEvent::Full);
    assert_eq!(is_stored(&id).await, None);
}

#[wasm_bindgen_test]
async fn a_file_that_changes_meanwhile_is_not_sent() {
    let (connections, storage) = (Connections::connect().await, storage());
    let handle = private_file("changing").await;
    write(&handle, 8 * MIB as u32).await;
    let before: File = js::call_async(&handle, "getFile", &Array::new()).await.unwrap().unchecked_into();
    let (sent, received, id) = (Log::default(), Log::default(), new_id());
    let receiving = FileReceiver::open(&storage, &id, 8 * MIB, received.tell());
    received.opened().await;
    let sending = FileSender::open(&storage, &before, 0, sent.tell());
    sent.opened().await;
    write(&handle, 5 * MIB as u32).await;
    let [ours, theirs] = connections.channels().await;
    receiving.start(theirs, window_bytes(8 * MIB));
    sending.start(ours, 256 << 10, window_bytes(8 * MIB));
    assert_eq!([sent.end().await, received.end().await], [RunEvent::Changed, RunEvent::Closed]);
    storage.discard(&id);
}

async fn write(handle: &JsValue, length: u32) {
    let stream = js::call_async(handle, "createWritable", &Array::new()).await.unwrap();
    let bytes = Uint8Array::new_with_length(length);
    js::call_async(&stream, "write", &Array::of1(&bytes)).await.unwrap();
    js::call_async(&stream, "close", &Array::new()).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_file_that_another_tab_is_at_is_left_alone() {
    let (first, second, id) = (storage(), storage(), new_id());
    let held = Log::default();
    let holding = FileReceiver::open(&first, &id, MIB, held.tell());
    held.opened().await;
    let log = Log::default();
    let _receiving = FileReceiver::open(&second, &id, MIB, log.tell());
    assert_eq!(log.end().await, RunEvent::Unavailable);
    second.discard(&id);
    // Jobs run one after the other: once this is answered, that is done.
    let (after, another) = (Log::default(), new_id());
    let opened = FileReceiver::open(&second, &another, MIB, after.tell());
    after.opened().await;
    assert_eq!(is_stored(&id).await, Some(0));
    drop((holding, opened));
    for (storage, id) in [(first, id), (second, another)] {
        storage.discard(&id);
        is_gone(&id).await;
    }
}

#[wasm_bindgen_test]
async fn an_id_is_no_path() {
    let storage = storage();
    for id in ["", "..", "a/b", "a.json", "ä", "a".repeat(65).as_str()] {
        let log = Log::default();
        let _receiving = FileReceiver::open(&storage, id, 1, log.tell());
        assert_eq!(log.end().await, RunEvent::Unavailable, "{id}");
    }
}

#[wasm_bindgen_test]
async fn without_a_worker_it_is_said() {
    let storage = Storage::with_script("/there-is-none.js");
    for _ in 0..2 {
        let log = Log::default();
        let _receiving = FileReceiver::open(&storage, "id", 1, log.tell());
        assert_eq!(log.end().await, RunEvent::Unavailable);
    }
}
