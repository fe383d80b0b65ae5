//! What a browser wants to see before it lets a page make sound.

use futures_channel::mpsc::unbounded;
use futures_util::StreamExt;
use gloo_events::EventListener;
use web_sys::window;

/// Waits until the user touches the page, or presses a key.
pub(crate) async fn user_activation() {
    let Some(window) = window() else { return };
    let (sender, mut gestures) = unbounded();
    // A finger counts when it is lifted, a mouse's button when it is pressed (HTML, section 6.4.2).
    let _listeners = ["pointerdown", "pointerup", "keydown"].map(|name| {
        let sender = sender.clone();
        // Only whether one came matters.
        EventListener::new(&window, name, move |_| drop(sender.unbounded_send(())))
    });
    gestures.next().await;
}
