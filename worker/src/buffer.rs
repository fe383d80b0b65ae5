//! Frees memory that JavaScript holds.

use js_sys::{Array, ArrayBuffer, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{MessageChannel, MessagePort};

thread_local! {
    /// A port that leads nowhere: its other end is closed.
    static NOWHERE: Option<MessagePort> = {
        let channel = MessageChannel::new().ok().filter(|_| is_chromium());
        channel.map(|channel| {
            channel.port2().close();
            channel.port1()
        })
    };
}

/// Returns whether this is Chromium, where the effect was measured. Safari's network process has kept every
/// message that was sent to a closed port (WebKit bug 281662).
fn is_chromium() -> bool {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into());
    navigator.is_ok_and(|navigator| Reflect::has(&navigator, &"userAgentData".into()).unwrap_or(false))
}

/// Frees the memory of a buffer that nobody needs any more, in Chromium.
///
/// Otherwise it stays until garbage is collected, and while a large file goes by that is tens of megabytes
/// later. A buffer that is transferred to another thread is no garbage of this one, and what nobody takes
/// there is freed at once. `ArrayBuffer.prototype.transfer` frees nothing in Chromium 156, and hides from the
/// collector how much there is: with it, a page grew by the whole file.
pub fn release(buffer: &ArrayBuffer) {
    NOWHERE.with(|port| {
        if let Some(port) = port {
            // It fails for a buffer that is detached already.
            let _ = port.post_message_with_transferable(&JsValue::NULL, &Array::of1(buffer));
        }
    });
}
