//! How fast a large file is, and what else goes on meanwhile.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tincan_e2e::{Page, Server, connect_by_text, record};

const SIZE: u64 = 256 << 20;
/// Two browsers share two cores; this is only against hanging.
const AT_MOST: Duration = Duration::from_secs(180);

/// Makes the file, and hashes it.
const MAKE: &str = "const [size] = arguments;
    window.made = null;
    const words = new Uint32Array(size / 4);
    let x = 1;
    for (let i = 0; i < words.length; i += 1) { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; words[i] = x; }
    window.file_ = new File([words], 'large.bin');
    crypto.subtle.digest('SHA-256', words).then((hash) => { window.made = [...new Uint8Array(hash)].join(); });";

const OFFER: &str = "const chosen = new DataTransfer();
    chosen.items.add(window.file_);
    const input = document.querySelector('.composer__attach input');
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));";

const STORED: &str = "window.stored = null; (async () => {
    const root = await navigator.storage.getDirectory();
    for await (const [name, handle] of (await root.getDirectoryHandle('incoming')).entries()) {
        if (name.endsWith('.json')) continue;
        const bytes = await (await handle.getFile()).arrayBuffer();
        window.stored = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join();
    }
})();";

/// A connection that has nothing to do with Tincan: offers, or answers.
const PLAIN: &str = "const [offer] = arguments;
    window.described = null; window.received = 0;
    const peer = window.peer = new RTCPeerConnection();
    const gathered = new Promise((done) => { peer.onicegatheringstatechange = () => { if (peer.iceGatheringState === 'complete') done(); }; });
    (async () => {
        if (offer) {
            peer.ondatachannel = ({ channel }) => {
                channel.binaryType = 'arraybuffer';
                channel.onmessage = ({ data }) => { window.received += data.byteLength; };
            };
            await peer.setRemoteDescription({ type: 'offer', sdp: offer });
            await peer.setLocalDescription();
        } else {
            window.channel = peer.createDataChannel('plain');
            await peer.setLocalDescription();
        }
        await gathered;
        window.described = peer.localDescription.sdp;
    })();";

/// Pushes so many bytes as fast as the channel takes them.
const PUSH: &str = "const [answer, size] = arguments;
    const chunk = new Uint8Array(256 * 1024);
    const channel = window.channel;
    channel.bufferedAmountLowThreshold = 1 << 20;
    let left = size;
    const push = () => {
        while (left > 0 && channel.bufferedAmount < 4 << 20) { channel.send(chunk); left -= chunk.length; }
    };
    channel.onbufferedamountlow = push;
    channel.onopen = () => { window.began = Date.now(); push(); };
    window.peer.setRemoteDescription({ type: 'answer', sdp: answer });";

async fn set(page: &Page, name: &str) -> Value {
    page.expect_within(AT_MOST, &format!("{name} is there"), async || {
        let value = page.run(&format!("return window.{name};"), vec![]).await;
        (!value.is_null()).then_some(value)
    })
    .await
}

/// How long a loop of plain JavaScript takes from page to page.
async fn plain(anna: &Page, bob: &Page) -> f64 {
    anna.run(PLAIN, vec![Value::Null]).await;
    let offer = set(anna, "described").await;
    bob.run(PLAIN, vec![offer]).await;
    let answer = set(bob, "described").await;
    bob.run("window.ended = null; window.watch = setInterval(() => { if (window.received >= arguments[0]) { window.ended = Date.now(); clearInterval(window.watch); } }, 20);", vec![json!(SIZE)]).await;
    anna.run(PUSH, vec![answer, json!(SIZE)]).await;
    let ended = set(bob, "ended").await.as_f64().expect("a time");
    let began = set(anna, "began").await.as_f64().expect("a time");
    for page in [anna, bob] {
        page.run("window.peer.close();", vec![]).await;
    }
    (ended - began) / 1000.0
}

/// Writes a line each quarter of a second, with the time in it.
const TALK: &str = "const box = document.querySelector('textarea');
    window.talk = setInterval(() => {
        box.value = `at ${Date.now()}`;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        box.closest('form').requestSubmit();
    }, 250);";

/// Takes down how old lines are when they are shown, in milliseconds.
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
    anna.run(MAKE, vec![json!(SIZE)]).await;
    let hash = set(&anna, "made").await;
    let plain_before = plain(&anna, &bob).await;

    let memory = [anna.renderer_memory(), bob.renderer_memory()];
    let mut most = memory;
    anna.run(OFFER, vec![]).await;
    bob.button("Accept file").is_there().await;
    let start = Instant::now();
    bob.button("Accept file").click().await;
    bob.expect_within(AT_MOST, "the file is there", async || {
        for (most, page) in most.iter_mut().zip([&anna, &bob]) {
            *most = (*most).max(page.renderer_memory());
        }
        bob.button("Save file").is_there_now().await.then_some(())
    })
    .await;
    let ours = start.elapsed().as_secs_f64();
    bob.run(STORED, vec![]).await;
    assert_eq!(set(&bob, "stored").await, hash);
    let plain_after = plain(&anna, &bob).await;
    for page in [&anna, &bob] {
        page.button("Dismiss").click().await;
    }

    bob.run(LISTEN, vec![]).await;
    anna.run(TALK, vec![]).await;
    anna.run(OFFER, vec![]).await;
    bob.button("Accept file").click().await;
    bob.button("Save file").is_there_within(AT_MOST).await;
    anna.run("clearInterval(window.talk);", vec![]).await;
    let ages = bob.run("return window.ages;", vec![]).await;
    let mut ages: Vec<f64> = ages.as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
    ages.sort_by(f64::total_cmp);
    assert!(ages.len() > 10, "{ages:?}");
    let p95 = ages[ages.len() * 95 / 100];

    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let growth = [0, 1].map(|page| mib(most[page].saturating_sub(memory[page])));
    let best = plain_before.min(plain_after);
    let speed = SIZE as f64 / 1e6;
    record(
        "256 MiB: MB/s of ours and of a plain loop, MiB that sender and receiver grew by, milliseconds of text at the 95th percentile",
        &json!({ "ours": speed / ours, "plain": speed / best, "ratio": best / ours, "growth": growth, "text": p95,
            "texts": ages.len() }),
    );
    assert!(ours < best * 3.0, "{ours} s, and {best} s plain");
    assert!(p95 < 1_000.0, "{ages:?}");
}
