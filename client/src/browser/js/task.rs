//! Work that goes on for as long as somebody wants it.

use std::pin::Pin;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;

/// Work under way. Dropping this ends it, also where it waits for something that never comes: a browser
/// doesn't settle what was asked of a connection that was closed meanwhile (W3C WebRTC, section 4.4.1.5), and
/// whoever waits for it would hold the connection for ever.
pub(crate) struct Task(AbortHandle);

impl Task {
    pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) -> Task {
        // Boxed, so that what drives it is compiled once.
        let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
        let (work, handle) = abortable(work);
        spawn_local(async move {
            // Done or ended: either is well.
            let _ = work.await;
        });
        Task(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
