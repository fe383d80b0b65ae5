//! Keeps a finger that was about to accept one call from accepting another that has just taken its place.

use tincan_shared::FileNotice;

use crate::time::Time;
use crate::view::CallKind;

/// For how long a call can't be accepted that rings in the place of another, in milliseconds: about as long
/// as it takes to notice, and to stop a finger.
const SETTLING_MS: u64 = 800;

/// What the user sees of a call that rings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ring {
    pub(crate) peer: String,
    pub(crate) kind: CallKind,
    pub(crate) files: Option<FileNotice>,
}

/// The ring that the user sees, or saw last.
#[derive(Debug, Default)]
pub(crate) struct Rings {
    last: Option<LastRing>,
}

#[derive(Debug)]
struct LastRing {
    ring: Ring,
    /// It could not be accepted before.
    settled: Time,
    /// When it was over.
    until: Time,
}

impl Rings {
    /// A call rings now. Returns from when on it may be accepted. `replaces` says that another was on the
    /// screen in the same moment.
    pub(crate) fn begin(&mut self, now: Time, ring: Ring, replaces: bool) -> Time {
        let settled = match &self.last {
            Some(last) if last.ring == ring => last.settled,
            Some(last) if replaces || now < last.until.plus(SETTLING_MS) => now.plus(SETTLING_MS),
            _ => now,
        };
        self.last = Some(LastRing { ring, settled, until: now });
        settled
    }

    /// It was accepted, or ended.
    pub(crate) fn end(&mut self, now: Time) {
        if let Some(last) = &mut self.last {
            last.until = now;
        }
    }
}
