//! How fast a large file is, what it costs, and what else goes on meanwhile. `cargo xtask test` leaves out
//! the larger files; `cargo xtask bench files` runs all of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tincan_e2e::{
    Browser, Options, Page, Server, call, connect_by_text, open_two, plain_channel, record, sign_in_two,
};

const MIB: u64 = 1 << 20;

/// What every run sends: some seconds' worth. What a page might keep of it is more than it may grow by.
const LARGE: u64 = 128 * MIB;
/// By how much a page may grow meanwhile.
const GROWTH: u64 = 48 * MIB;

/// This only keeps a test from hanging: two browsers share two cores.
const AT_MOST: Duration = Duration::from_secs(600);

/// What it cost to send a file.
struct Course {
    took: Duration,
    /// By how many bytes the memory of the sender's and of the receiver's page grew at most.
    growth: [u64; 2],
}

/// Sends the file that Anna made last from her to Bob, and checks that Bob has stored one of this hash.
async fn send(anna: &Page, bob: &Page, hash: &str) -> Course {
    for page in [anna, bob] {
        page.collects_garbage().await;
    }
    let before = [anna.renderer_memory(), bob.renderer_memory()];
    let mut most = before;
    anna.attaches().await;
    let look = || {
        for (most, page) in most.iter_mut().zip([anna, bob]) {
            *most = (*most).max(page.renderer_memory());
        }
    };
    let took = bob.times_file(AT_MOST, look).await;
    assert_eq!(bob.stored_files().await, [hash]);
    let growth = [0, 1].map(|page| most[page].saturating_sub(before[page]));
    anna.button("Dismiss").click().await;
    bob.deletes_file().await;
    bob.stores_nothing().await;
    Course { took, growth }
}

/// Sends `size` bytes as a file, and as many over a plain channel before and after it. Records the figures,
/// and returns the cost and the ratio of the speeds: 1 is as fast as the plain channel.
async fn compare(what: &str, anna: &Page, bob: &Page, size: u64) -> (Course, f64) {
    let (hash, _file) = anna.takes_large_file(size).await;
    let before = plain_channel(anna, bob, size).await;
    let course = send(anna, bob, &hash).await;
    let after = plain_channel(anna, bob, size).await;
    let plain = before.min(after);
    let speed = |took: Duration| size as f64 / 1e6 / took.as_secs_f64();
    let ratio = plain.as_secs_f64() / course.took.as_secs_f64();
    record(
        what,
        &json!({
            "bytes": size, "MB/s": speed(course.took), "plain MB/s": speed(plain), "ratio": ratio,
            "sender and receiver grew by MiB": course.growth.map(|bytes| bytes as f64 / MIB as f64),
        }),
    );
    (course, ratio)
}

/// Writes a line every tenth of a second, with the time in it.
const TALK: &str = "const box = document.querySelector('textarea');
    window.talk = setInterval(() => {
        box.value = `at ${Date.now()}`;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        box.closest('form').requestSubmit();
    }, 100);";

/// Records how old lines are when they are shown, in milliseconds.
const LISTEN: &str = "window.ages = [];
    new MutationObserver((changes) => {
        for (const node of changes.flatMap((change) => [...change.addedNodes])) {
            const said = /at (\\d{13})/.exec(node.textContent ?? '');
            if (said) window.ages.push(Date.now() - Number(said[1]));
        }
    }).observe(document.querySelector('[role=log]'), { childList: true, subtree: true });";

#[tokio::test]
async fn a_large_file_is_about_as_fast_as_the_channel_and_text_passes_it() {
    let server = Server::start_alone(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let (course, ratio) = compare("128 MiB from Chromium to Chromium", &anna, &bob, LARGE).await;
    // The limit is wide, since the machine may have other things to do. The real ratio is recorded.
    assert!(ratio > 0.7, "{ratio}");
    for growth in course.growth {
        assert!(growth < GROWTH, "a page grew by {growth} bytes");
    }

    let (hash, _file) = anna.takes_large_file(LARGE).await;
    bob.run(LISTEN, vec![]).await;
    anna.run(TALK, vec![]).await;
    send(&anna, &bob, &hash).await;
    anna.run("clearInterval(window.talk);", vec![]).await;
    let ages = bob.run("return window.ages;", vec![]).await;
    let mut ages: Vec<f64> = ages.as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
    ages.sort_by(f64::total_cmp);
    assert!(ages.len() > 10, "{ages:?}");
    let p95 = ages[ages.len() * 95 / 100];
    record(
        "milliseconds of a text during 128 MiB, 95th percentile",
        &json!({ "p95": p95, "texts": ages.len() }),
    );
    assert!(p95 < 200.0, "{ages:?}");
}

/// Returns how many pictures a second are decoded of somebody while `meanwhile` runs.
async fn pictures_a_second<T>(page: &Page, of: &str, meanwhile: impl Future<Output = T>) -> (f64, T) {
    let count = async || page.frames_decoded().await.get(of).copied().unwrap_or_default();
    let (start, before) = (Instant::now(), count().await);
    let result = meanwhile.await;
    let decoded = count().await.saturating_sub(before);
    (decoded as f64 / start.elapsed().as_secs_f64(), result)
}

#[tokio::test]
async fn a_video_goes_on_beside_a_large_file() {
    let server = Server::start_alone(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    call(&anna, &bob, "Video call", "Accept").await;
    tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
    let (hash, _file) = anna.takes_large_file(LARGE).await;
    let undisturbed = async {
        let before = bob.frames_decoded().await["Anna"];
        bob.expect("pictures come in", async || {
            (bob.frames_decoded().await["Anna"] > before + 150).then_some(())
        })
        .await;
    };
    let (to_bob, (to_anna, ())) =
        pictures_a_second(&bob, "Anna", pictures_a_second(&anna, "Bob", undisturbed)).await;
    let sending = send(&anna, &bob, &hash);
    let (to_bob_then, (to_anna_then, course)) =
        pictures_a_second(&bob, "Anna", pictures_a_second(&anna, "Bob", sending)).await;
    record(
        "pictures a second before and during 128 MiB",
        &json!({
            "with the file": [to_bob, to_bob_then], "against it": [to_anna, to_anna_then],
            "MB/s": LARGE as f64 / 1e6 / course.took.as_secs_f64(),
        }),
    );
    assert!(to_bob_then > 0.9 * to_bob, "{to_bob_then} after {to_bob}");
    assert!(to_anna_then > 0.9 * to_anna, "{to_anna_then} after {to_anna}");
}

#[tokio::test]
#[ignore = "2 GiB: run by `cargo xtask bench files`"]
async fn bench_chromium() {
    let server = Server::start_alone(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    compare("256 MiB from Chromium to Chromium", &anna, &bob, 256 * MIB).await;
    compare("2 GiB from Chromium to Chromium", &anna, &bob, 2048 * MIB).await;
}

#[tokio::test]
#[ignore = "some minutes: run by `cargo xtask bench files`"]
async fn bench_firefox() {
    let server = Server::start_alone(&[]).await;
    let firefox = || Options { browser: Browser::Firefox, ..Options::default() };
    let (anna, bob) = open_two(&server, firefox(), firefox()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.sends("ready?").await;
    bob.reads("ready?").await;
    compare("256 MiB from Firefox to Firefox", &anna, &bob, 256 * MIB).await;
    compare("2 GiB from Firefox to Firefox", &anna, &bob, 2048 * MIB).await;
}
