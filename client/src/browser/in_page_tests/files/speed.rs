//! How fast it is, beside a plain loop over a data channel in the same page. Not a test: measured with
//! `wasm-pack test --release --headless --chrome client -- files_speed --include-ignored --nocapture`, on a machine that
//! does nothing else: both take all of two cores.

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use super::link::Link;
use super::{MIB, Transfer, file, new_id, storage};
use crate::browser::FileEvent;

const SIZE: u64 = 256 * MIB;

/// Pushes `size` bytes over a channel as plainly as can be, and answers when they have come.
const PLAIN: &str = r#"
    const chunk = new Uint8Array(256 << 10), low = 1 << 20;
    let left = size, come = 0;
    from.bufferedAmountLowThreshold = low;
    to.binaryType = "arraybuffer";
    return new Promise((done) => {
        to.onmessage = ({ data }) => { if ((come += data.byteLength) >= size) done(); };
        const push = () => {
            while (left > 0 && from.bufferedAmount <= 2 * low) { from.send(chunk); left -= chunk.length; }
        };
        from.onbufferedamountlow = push;
        push();
    });
"#;

#[wasm_bindgen_test]
#[ignore = "a measurement: see above"]
async fn files_speed() {
    let (link, storages) = (Link::connect().await, [storage(), storage()]);
    let plain = Function::new_with_args("from, to, size", PLAIN);
    let file = file(SIZE, 1);
    for round in 1..=3 {
        let [from, to] = link.channels().await;
        let begun = js_sys::Date::now();
        let done = plain.apply(&JsValue::NULL, &Array::of3(&from, &to, &(SIZE as f64).into())).unwrap();
        JsFuture::from(done.unchecked_into::<js_sys::Promise>()).await.unwrap();
        let plain = js_sys::Date::now() - begun;

        let id = new_id();
        let begun = js_sys::Date::now();
        let transfer = Transfer::begin(&link, [&storages[0], &storages[1]], &file, &id).await;
        let ends = transfer.end().await;
        let ours = js_sys::Date::now() - begun;
        assert_eq!(ends, [FileEvent::Done, FileEvent::Done]);
        storages[1].discard(&id);
        let speed = |milliseconds: f64| SIZE as f64 / 1e3 / milliseconds;
        console_log!(
            "round {round}: plain {:.1} MB/s, ours {:.1} MB/s ({:.0} %)",
            speed(plain),
            speed(ours),
            100.0 * plain / ours
        );
    }
}
