//! What protects both sides: file names, full disks, files that change, and senders that break the rules.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::Duration;

use tincan_e2e::{Page, Server, connect_by_text};

/// Long, since two browsers share the machine.
const AT_MOST: Duration = Duration::from_secs(90);

/// From now on, records the name under which the browser is asked to save something.
const NOTE_SAVED: &str = "window.saved = [];
    HTMLElement.prototype.click = function () { window.saved.push(this.download); };";

async fn saved(page: &Page) -> Vec<String> {
    page.button("Save file").click().await;
    let saved = page.expect("something is saved", async || {
        let saved = page.run("return window.saved.splice(0);", vec![]).await;
        saved.as_array().filter(|saved| !saved.is_empty()).cloned()
    });
    saved.await.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_name_leads_nowhere_and_fits_the_page() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    bob.run(NOTE_SAVED, vec![]).await;
    let long = ["x".repeat(996).as_str(), ".png"].concat();
    let cases = [
        ("../../etc/passwd", "_.._etc_passwd".to_owned()),
        ("..", "file".to_owned()),
        ("C:\\Windows\\evil.exe", "C__Windows_evil.exe".to_owned()),
        ("photo\u{202e}gpj.exe", "photogpj.exe".to_owned()),
        (&long, ["x".repeat(251).as_str(), ".png"].concat()),
    ];
    for (name, safe) in cases {
        anna.offers_file(name, 100).await;
        bob.by_role("region", "Files").contains(&safe).await;
        bob.accepts_file().await;
        assert_eq!(saved(&bob).await, [safe]);
        let wider = "return document.documentElement.scrollWidth > innerWidth;";
        assert_eq!(bob.run(wider, vec![]).await, false, "{name} is wider than the page");
        bob.deletes_file().await;
        anna.button("Dismiss").click().await;
        anna.button("Dismiss").is_gone().await;
    }
}

#[tokio::test]
async fn a_disk_that_is_full_from_the_beginning_or_while_it_is_written() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    bob.grants_storage(Some(10_000_000)).await;
    let hash = anna.offers_file("large.bin", 60_000_000).await;
    bob.button("Accept file").click().await;
    bob.says(&["There is no room for it on this device. Make some, then try again."]).await;
    anna.says(&["Bob has no room for it."]).await;

    bob.grants_storage(None).await;
    bob.button("Try again").click().await;
    bob.has_more_than(5_000_000, "large.bin").await;
    bob.button("Pause").click().await;
    bob.says(&["Paused."]).await;
    bob.grants_storage(Some(40_000_000)).await;
    bob.button("Resume").click().await;
    bob.says(&["There is no room for it on this device. Make some, then try again."]).await;
    anna.says(&["Bob has no room for it."]).await;

    bob.grants_storage(None).await;
    bob.button("Try again").click().await;
    bob.button("Save file").is_there_within(AT_MOST).await;
    assert_eq!(bob.stored_files().await, [hash]);
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_sent() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("diary.txt");
    std::fs::write(&path, vec![b'a'; 60_000_000]).expect("the disk isn't full");
    anna.chooses_from_disk(&path).await;
    bob.button("Accept file").click().await;
    bob.has_more_than(1_000_000, "diary.txt").await;
    anna.button("Pause").click().await;
    bob.says(&["Paused by Anna."]).await;
    let mut file = OpenOptions::new().append(true).open(&path).expect("it is ours");
    file.write_all(b"b").expect("the disk isn't full");
    file.sync_all().expect("the disk isn't full");
    anna.button("Resume").click().await;
    for page in [&anna, &bob] {
        page.says(&["The file was changed while it was being sent. Send it anew."]).await;
    }
    bob.stores_nothing().await;
}

/// Makes this page change one byte of what it sends, once.
const CORRUPT: &str = "const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function (data) {
        if (typeof data !== 'string') {
            new Uint8Array(data)[0] ^= 1;
            RTCDataChannel.prototype.send = send;
        }
        send.call(this, data);
    };";

#[tokio::test]
async fn a_file_that_is_not_what_was_sent_is_said_so_and_dropped() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.run(CORRUPT, vec![]).await;
    let hash = anna.offers_file("photo.bin", 3_000_000).await;
    bob.button("Accept file").click().await;
    bob.says(&["What came isn’t what was sent; it was thrown away."]).await;
    anna.says(&["What came isn’t what was sent; it was thrown away."]).await;
    bob.stores_nothing().await;
    bob.button("Try again").click().await;
    bob.button("Save file").is_there().await;
    assert_eq!(bob.stored_files().await, [hash]);
}

/// Makes this page send everything twice, which is more than was accepted.
const STUFF: &str = "const send = window.honest = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (data) {
        send.call(this, data);
        if (typeof data !== 'string') send.call(this, data.slice(0));
    };";

/// Makes this page open many channels that nobody asked for, and fill them.
const FLOOD: &str = "const peer = tincanProbe.peers.find((peer) => peer.connectionState === 'connected');
    for (let i = 0; i < 200; i += 1) {
        const channel = peer.createDataChannel('file', { protocol: `nobody asked for ${i}` });
        channel.onopen = () => {
            try { channel.send(new Uint8Array(60_000)); } catch { /* closed already */ }
        };
    }";

#[tokio::test]
async fn who_sends_what_was_not_accepted_fills_no_disk_and_stops_no_page() {
    const SIZE: u64 = 3_000_000;
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.run(FLOOD, vec![]).await;
    anna.run(STUFF, vec![]).await;
    let hash = anna.offers_file("stuffed.bin", SIZE).await;
    bob.button("Accept file").click().await;
    for page in [&anna, &bob] {
        page.says(&["It failed. Try again."]).await;
    }
    bob.stores_nothing().await;

    // The file arrives as accepted once the sender keeps to the rules.
    anna.run("RTCDataChannel.prototype.send = window.honest;", vec![]).await;
    bob.button("Try again").click().await;
    bob.button("Save file").is_there().await;
    assert_eq!(bob.stored_files().await, [hash]);
    anna.sends("still there?").await;
    bob.reads("still there?").await;
    assert_eq!(bob.errors().await, Vec::<String>::new());
    assert_eq!(bob.counts().await.peers_open, 1);
}
