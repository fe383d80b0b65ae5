//! Work that ends when nobody wants it any more.

use std::pin::Pin;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;

/// Work under way. Dropping it ends the work, also if that waits for something that never comes. A browser
/// never settles an operation of a connection that was closed meanwhile (W3C WebRTC, section 4.4.1.5), and
/// who waits for it would hold the connection for ever.
pub(crate) struct Task(AbortHandle);

impl Task {
    pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) -> Task {
        // Boxed, so that what drives it is compiled only once.
        let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
        let (work, handle) = abortable(work);
        spawn_local(async move {
            // Done or aborted: both are fine.
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
