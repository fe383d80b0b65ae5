//! Transfers that are interrupted and go on: a reload, a closed channel, a lost connection.
//!
//! Each moves 90 MB beside two video pictures, and measures what that costs: two at once are more than two
//! cores bear, so each has the machine to itself.

use std::time::Duration;

use serde_json::json;
use tincan_e2e::{Page, Server, meet, record};

const SIZE: u64 = 90_000_000;

/// How many bytes may be sent twice for each interruption: a hundredth of the file. The probe counts bytes
/// that the page hands to the browser, whether the browser has sent them or not.
const CUT: u64 = SIZE / 100;

/// Long, since two browsers that also film each other share the machine.
const AT_MOST: Duration = Duration::from_secs(90);

/// Brings Anna and Bob into a room, which they can come back to.
async fn in_a_room(server: &Server, room: &str) -> [Page; 2] {
    let [anna, bob] = meet(server, room, ["Anna", "Bob"]).await;
    anna.sends("ready?").await;
    bob.reads("ready?").await;
    [anna, bob]
}

#[tokio::test]
async fn a_receiver_who_reloads_three_times_gets_the_rest() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = in_a_room(&server, "again").await;
    anna.counts_bytes_sent().await;
    let hash = anna.offers_file("large.bin", SIZE).await;
    bob.button("Accept file").click().await;
    for part in 1..=3 {
        bob.has_more_than(part * 15_000_000, "large.bin").await;
        bob.reload().await;
        bob.is_in_the_room().await;
    }
    bob.button("Save file").is_there_within(AT_MOST).await;
    assert_eq!(bob.stored_files().await, [hash]);
    anna.says(&["Delivered"]).await;
    let twice = anna.bytes_sent().await - SIZE;
    record("bytes sent twice over three reloads", &json!({ "bytes": twice, "of": SIZE }));
    assert!(twice < 3 * CUT, "{twice} bytes of {SIZE} were sent twice");
    // A complete file survives a reload.
    bob.reload().await;
    bob.is_in_the_room().await;
    bob.button("Save file").is_there().await;
}

#[tokio::test]
async fn a_sender_who_reloads_chooses_the_file_again() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = in_a_room(&server, "anew").await;
    let hash = anna.offers_file("large.bin", SIZE).await;
    bob.button("Accept file").click().await;
    bob.has_more_than(SIZE / 2, "large.bin").await;
    anna.reload().await;
    anna.is_in_the_room().await;
    anna.says(&["This page was reloaded: choose the file again, and it goes on."]).await;
    anna.counts_bytes_sent().await;

    // A different file of the same name and size, and one of another size.
    for (seed, size) in [(7, SIZE), (8, SIZE - 1)] {
        anna.makes_file_of("large.bin", "", seed, size).await;
        anna.attaches_by("Choose file").await;
        anna.says(&["That is another file. Choose the one from before."]).await;
    }
    assert_eq!(anna.bytes_sent().await, 0);

    anna.makes_file("large.bin", SIZE).await;
    anna.attaches_by("Choose file").await;
    bob.button("Save file").is_there_within(AT_MOST).await;
    assert_eq!(bob.stored_files().await, [hash]);
    anna.says(&["Delivered"]).await;
    let sent = anna.bytes_sent().await;
    assert!(sent < SIZE / 2, "{sent} bytes of {SIZE} were sent after the reload");
}

/// Closes the open data channels of a label, as a browser does by itself at times. Returns how many.
const CLOSE_CHANNELS: &str = "const [label] = arguments;
    const open = tincanProbe.channels
        .filter((channel) => channel.label === label && channel.readyState === 'open');
    open.forEach((channel) => channel.close());
    return open.length;";

#[tokio::test]
async fn a_channel_that_closes_and_a_connection_that_is_made_anew() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = in_a_room(&server, "cut").await;
    anna.counts_bytes_sent().await;
    let hash = anna.offers_file("large.bin", SIZE).await;
    bob.button("Accept file").click().await;
    bob.has_more_than(10_000_000, "large.bin").await;
    assert_eq!(anna.run(CLOSE_CHANNELS, vec![json!("file")]).await, 1);
    bob.has_more_than(30_000_000, "large.bin").await;
    anna.run("tincanProbe.peers.at(-1).close();", vec![]).await;
    bob.button("Save file").is_there_within(AT_MOST).await;
    assert_eq!(bob.stored_files().await, [hash]);
    let twice = anna.bytes_sent().await - SIZE;
    assert!(twice < 2 * CUT, "{twice} bytes of {SIZE} were sent twice");
}
