//! A local track that the system mutes: for a phone call, by a headset's switch, under a closed lid
//! (`MediaStreamTrack.muted`, W3C Media Capture and Streams, section 4.3.1).

use crate::ids::CaptureId;
use crate::time::Time;

/// How long a track is muted before that is said: a camera that stumbles is none that was turned off.
const NOTICE_AFTER_MS: u64 = 1_000;
/// How long a track may take to come back by itself once the page is in sight again. Then its device is
/// opened anew: once for each return, so that no question of the browser's follows the other.
const REOPEN_AFTER_MS: u64 = 3_000;

/// The system has muted the track of this capture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemMute {
    pub(crate) capture: CaptureId,
    /// When it is to be said; `None` once it is.
    notice_at: Option<Time>,
    reopen_at: Option<Time>,
}

impl SystemMute {
    pub(crate) fn new(capture: CaptureId, now: Time) -> SystemMute {
        SystemMute { capture, notice_at: Some(now.plus(NOTICE_AFTER_MS)), reopen_at: None }
    }

    pub(crate) fn is_noticed(&self) -> bool {
        self.notice_at.is_none()
    }

    pub(crate) fn page_shown(&mut self, now: Time) {
        self.reopen_at = Some(now.plus(REOPEN_AFTER_MS));
    }

    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.notice_at.into_iter().chain(self.reopen_at).min()
    }

    /// Returns whether it is time to say so.
    pub(crate) fn take_notice(&mut self, now: Time) -> bool {
        self.notice_at.take_if(|at| now >= *at).is_some()
    }

    /// Returns whether it is time to open the device anew.
    pub(crate) fn take_reopen(&mut self, now: Time) -> bool {
        self.reopen_at.take_if(|at| now >= *at).is_some()
    }
}
