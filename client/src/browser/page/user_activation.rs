//! Waits for what browsers want to see before a page may sound: the user activation of HTML, section 6.4.

use futures_channel::mpsc::unbounded;
use futures_util::StreamExt;
use gloo_events::EventListener;
use web_sys::window;

/// Waits until the user touches the page or presses a key.
pub(crate) async fn user_activation() {
    let Some(window) = window() else { return };
    let (sender, mut gestures) = unbounded();
    // A finger counts when it is lifted, a mouse button when it is pressed (HTML, section 6.4.2).
    let _listeners = ["pointerdown", "pointerup", "keydown"].map(|name| {
        let sender = sender.clone();
        // It fails only once nobody waits.
        EventListener::new(&window, name, move |_| drop(sender.unbounded_send(())))
    });
    gestures.next().await;
}
