//! Files from browser to browser.

use std::time::Duration;

use serde_json::{Value, json};
use tincan_e2e::{Page, Server, connect_by_text, meet, sign_in_two};

/// Chooses a file of so many bytes, which follow from its name, as the user would in the browser's own window.
const CHOOSE: &str = "const [name, size, place] = arguments;
    const bytes = new Uint8Array(size);
    let x = name.length * 2654435761 >>> 0;
    for (let i = 0; i < size; i += 1) { x = (x * 1664525 + 1013904223) >>> 0; bytes[i] = x >>> 24; }
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], name, { lastModified: 1 }));
    const input = document.querySelector(place);
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    crypto.subtle.digest('SHA-256', bytes).then((hash) => { window.hash = [...new Uint8Array(hash)].join(); });";

/// The input of the home page, and of a call.
const HOME: &str = ".call-kinds input";
const CALL: &str = ".composer__attach input";

/// The hashes of what is stored.
const STORED: &str = "window.stored = null; (async () => {
    const root = await navigator.storage.getDirectory();
    const hashes = [];
    try {
        for await (const [name, handle] of (await root.getDirectoryHandle('incoming')).entries()) {
            if (name.endsWith('.json')) continue;
            const bytes = await (await handle.getFile()).arrayBuffer();
            hashes.push([...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join());
        }
    } catch (error) { if (error.name !== 'NotFoundError') hashes.push(String(error)); }
    window.stored = hashes;
})();";

async fn chooses(page: &Page, name: &str, size: u64) -> Value {
    chooses_by(page, name, size, CALL).await
}

async fn chooses_by(page: &Page, name: &str, size: u64, place: &str) -> Value {
    page.run("window.hash = null;", vec![]).await;
    page.run(CHOOSE, vec![json!(name), json!(size), json!(place)]).await;
    page.expect("the file is hashed", async || {
        let hash = page.run("return window.hash;", vec![]).await;
        hash.is_string().then_some(hash)
    })
    .await
}

/// The hashes of the files that are stored.
async fn stored(page: &Page) -> Vec<Value> {
    page.run(STORED, vec![]).await;
    page.expect("what is stored is read", async || {
        page.run("return window.stored;", vec![]).await.as_array().cloned()
    })
    .await
}

#[tokio::test]
async fn files_of_all_sizes_arrive_whole() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    for (name, size) in [("empty", 0), ("one.bin", 1), ("three.bin", 3), ("some.bin", 3_000_000)] {
        let hash = chooses(&anna, name, size).await;
        bob.says(&["Do you want it?"]).await;
        bob.by_role("region", "Files").contains(name).await;
        bob.button("Accept file").click().await;
        bob.button("Save file").is_there().await;
        assert_eq!(stored(&bob).await, [hash], "{name}");
        anna.says(&["Delivered"]).await;
        for page in [&anna, &bob] {
            page.button("Dismiss").click().await;
            page.button("Dismiss").is_gone().await;
        }
        bob.expect("nothing is left of it", async || stored(&bob).await.is_empty().then_some(())).await;
    }
}

#[tokio::test]
async fn a_file_is_refused_or_accepted_from_now_on() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    chooses(&anna, "no.bin", 10).await;
    bob.button("Refuse file").click().await;
    anna.says(&["Bob refused it."]).await;
    anna.button("Try again").click().await;
    bob.button("Accept all from Anna").click().await;
    bob.button("Save file").is_there().await;
    chooses(&anna, "another.bin", 20).await;
    anna.expect("both are delivered", async || {
        let text = anna.run("return document.querySelector('.files').innerText;", vec![]).await;
        (text.as_str()?.matches("Delivered").count() == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_file_is_paused_goes_on_and_is_cancelled() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let hash = chooses(&anna, "large.bin", 60_000_000).await;
    bob.button("Accept file").click().await;
    bob.by_role("progressbar", "large.bin").is_there().await;
    anna.button("Pause").click().await;
    anna.says(&["Paused."]).await;
    bob.says(&["Paused by Anna."]).await;
    anna.button("Resume").click().await;
    bob.button("Save file").is_there().await;
    assert_eq!(stored(&bob).await, [hash]);
    bob.button("Dismiss").click().await;
    anna.button("Dismiss").click().await;

    chooses(&anna, "unwanted.bin", 60_000_000).await;
    bob.button("Accept file").click().await;
    bob.button("Cancel").click().await;
    anna.says(&["Bob cancelled it."]).await;
    bob.says(&["You cancelled it."]).await;
    bob.expect("nothing is left of it", async || stored(&bob).await.is_empty().then_some(())).await;
}

#[tokio::test]
async fn to_everyone_in_a_room_or_to_one() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "files", ["Anna", "Bob", "Cleo"]).await;
    anna.people_are(&["Anna", "Bob", "Cleo"]).await;
    bob.sends("here").await;
    cleo.sends("here, too").await;
    anna.reads("here, too").await;
    let hash = chooses(&anna, "all.bin", 100_000).await;
    for page in [&bob, &cleo] {
        page.button("Accept file").click().await;
        page.button("Save file").is_there().await;
        assert_eq!(stored(page).await, std::slice::from_ref(&hash));
        page.button("Dismiss").click().await;
    }
    chooses_by(&anna, "one.bin", 100, "input[aria-label='Send files to Bob']").await;
    bob.button("Accept file").is_there().await;
    assert!(!cleo.button("Accept file").is_there_now().await);
}

#[tokio::test]
async fn a_receiver_who_reloads_three_times_gets_the_rest() {
    let server = Server::start(&[]).await;
    let [anna, bob] = meet(&server, "again", ["Anna", "Bob"]).await;
    anna.sends("ready?").await;
    bob.reads("ready?").await;
    let hash = chooses(&anna, "large.bin", 90_000_000).await;
    bob.button("Accept file").click().await;
    for part in 1..=3_u64 {
        let progress = bob.by_role("progressbar", "large.bin");
        bob.expect("some of it is there", async || {
            let value = progress.ask_now("return arguments[0].value;").await?.as_f64()?;
            (value > (part * 15_000_000) as f64).then_some(())
        })
        .await;
        bob.reload().await;
        bob.goes_in_as("Bob").await;
    }
    // Two browsers that also film each other share whatever machine this is.
    bob.button("Save file").is_there_within(Duration::from_secs(90)).await;
    assert_eq!(stored(&bob).await, [hash]);
    anna.says(&["Delivered"]).await;
    // What is there stays there.
    bob.reload().await;
    bob.goes_in_as("Bob").await;
    bob.button("Save file").is_there().await;
}

#[tokio::test]
async fn a_file_for_somebody_whom_one_is_in_no_call_with() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    anna.button("Attach files").click().await;
    anna.alert_says(&["Type the name of the person you want to reach."]).await;
    anna.textbox("Name to call").fill("Bob").await;
    let hash = chooses_by(&anna, "home.bin", 1_000, HOME).await;
    bob.answers("Anna", "Accept").await;
    bob.by_role("region", "Files").contains("home.bin").await;
    bob.by_role("region", "Files").contains("1 kB").await;
    bob.button("Accept file").click().await;
    bob.button("Save file").is_there().await;
    assert_eq!(stored(&bob).await, [hash]);
}
