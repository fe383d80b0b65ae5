//! A track that films or listens.

use std::ops::Deref;

use web_sys::MediaStreamTrack;

use crate::browser::page::{guard, release};

/// Stops its device when dropped, and also when the page's program has stopped (`page/crash_guard.rs`). Every
/// local track is held by one of these, from the moment that it is there.
#[derive(Debug)]
pub(super) struct LiveTrack(MediaStreamTrack);

impl LiveTrack {
    pub(super) fn new(track: MediaStreamTrack) -> LiveTrack {
        guard(&track);
        LiveTrack(track)
    }

    /// Returns the track for the browser's own functions.
    pub(super) fn handle(&self) -> MediaStreamTrack {
        // Not `MediaStreamTrack.clone`, which makes another.
        Clone::clone(&self.0)
    }
}

impl Deref for LiveTrack {
    type Target = MediaStreamTrack;

    fn deref(&self) -> &MediaStreamTrack {
        &self.0
    }
}

impl Drop for LiveTrack {
    fn drop(&mut self) {
        self.0.stop();
        release(&self.0);
    }
}
