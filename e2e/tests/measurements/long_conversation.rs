//! Scrolling through a conversation of ten thousand lines.

use std::time::Duration;

use serde_json::json;
use tincan_e2e::{Page, Server, connect_by_text, record};

const LINES: u64 = 10_000;
/// How many lines are written before the test waits for the last of them. Fewer than may wait for their
/// acknowledgement (`session/src/chat/mod.rs`).
const AT_ONCE: u64 = 400;
/// The longest time that scrolling may stand still, even where three browsers share two cores.
const SLOWEST_FRAME: Duration = Duration::from_millis(500);

/// Writes lines as fast as the field takes them.
const WRITE: &str = "const box = document.querySelector('textarea');
    const form = box.closest('form');
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
    for (let n = arguments[0]; n < arguments[1]; n += 1) {
        set.call(box, `line ${n} ` + 'and some words '.repeat(n % 12));
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        form.requestSubmit();
    }";

/// Scrolls in steps, one a frame, and records how long each frame took, in milliseconds.
const SCROLL: &str = "const log = document.querySelector('[role=log]');
    window.frames_ = [];
    let left = 120, last = performance.now();
    const step = (now) => {
        window.frames_.push(now - last);
        last = now;
        log.scrollTop += arguments[0];
        left -= 1;
        if (left > 0) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);";

async fn scroll(page: &Page, by: i64) -> Vec<f64> {
    page.run(SCROLL, vec![json!(by)]).await;
    page.expect("it has scrolled", async || {
        let frames = page.run("return window.frames_;", vec![]).await;
        let frames: Vec<f64> = frames.as_array()?.iter().filter_map(|it| it.as_f64()).collect();
        (frames.len() >= 120).then_some(frames)
    })
    .await
}

#[tokio::test]
async fn ten_thousand_lines_scroll_smoothly() {
    let server = Server::start_alone(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let mut written = 0;
    while written < LINES {
        let upto = (written + AT_ONCE).min(LINES);
        bob.run(WRITE, vec![json!(written), json!(upto)]).await;
        anna.reads(&format!("line {} ", upto - 1)).await;
        written = upto;
    }
    let drawn = "return document.querySelectorAll('[role=log] article').length;";
    let at = "const log = document.querySelector('[role=log]');
        return [log.scrollTop, log.scrollHeight - log.clientHeight - log.scrollTop];";
    // The log has stayed at the bottom all the time.
    anna.expect("the newest line is in sight", async || {
        (anna.run(at, vec![]).await[1].as_f64()? <= 4.0).then_some(())
    })
    .await;
    assert!(anna.run(drawn, vec![]).await.as_u64().expect("a number") < 300);

    let mut frames = scroll(&anna, -900).await;
    frames.extend(scroll(&anna, 300).await);
    assert!(anna.run(drawn, vec![]).await.as_u64().expect("a number") < 300);
    // Lines are drawn wherever the user looks.
    anna.expect("lines are in sight", async || {
        let script = "const log = document.querySelector('[role=log]').getBoundingClientRect();
            return [...document.querySelectorAll('[role=log] article')].some((line) => {
                const box = line.getBoundingClientRect();
                return box.bottom > log.top && box.top < log.bottom;
            });";
        (anna.run(script, vec![]).await == true).then_some(())
    })
    .await;
    frames.sort_by(f64::total_cmp);
    let (median, p95, slowest) = (frames[120], frames[228], frames[239]);
    record(
        "milliseconds a frame while scrolling through 10,000 lines",
        &json!({ "median": median, "p95": p95, "slowest": slowest }),
    );
    assert!(slowest < SLOWEST_FRAME.as_millis() as f64, "{frames:?}");

    // A new line does not scroll the log for somebody who reads further up.
    let before = anna.run(at, vec![]).await;
    bob.sends("one more").await;
    anna.expect("it is there", async || {
        let after = anna.run(at, vec![]).await;
        (after[1].as_f64()? > before[1].as_f64()?).then_some(())
    })
    .await;
    let after = anna.run(at, vec![]).await;
    assert_eq!(before[0], after[0]);
}
