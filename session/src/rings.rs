//! Keeps rings within what a person can bear: from one caller, and in all; and keeps a finger that was about
//! to accept one call from accepting another that has just taken its place.

use std::collections::VecDeque;

use tincan_shared::FileNotice;

use crate::time::Time;
use crate::view::CallKind;

/// For how long a call can't be accepted that rings in the place of another, in milliseconds: about as long
/// as it takes to notice, and to stop a finger.
const SETTLING_MS: u64 = 800;

/// How often one caller may ring in [`RINGS_MS`] without being accepted. Beyond it they are told that this
/// side is busy.
const RINGS_OF_ONE: usize = 6;
/// How often all callers together may.
const RINGS_OF_ALL: usize = 30;
const RINGS_MS: u64 = 60_000;

/// What the user sees of a call that rings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ring {
    pub(crate) peer: String,
    pub(crate) kind: CallKind,
    pub(crate) files: Option<FileNotice>,
}

/// The rings of the last minute, and the one that the user sees or saw last.
#[derive(Debug, Default)]
pub(crate) struct Rings {
    last: Option<LastRing>,
    /// When who rang, oldest first. At most [`RINGS_OF_ALL`].
    recent: VecDeque<(Time, String)>,
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

    /// Returns whether `caller` may ring now, and if so, counts it.
    pub(crate) fn may_ring(&mut self, now: Time, caller: &str) -> bool {
        self.recent.retain(|(at, _)| now < at.plus(RINGS_MS));
        let of_caller = self.recent.iter().filter(|(_, name)| name == caller).count();
        let may = of_caller < RINGS_OF_ONE && self.recent.len() < RINGS_OF_ALL;
        if may {
            self.recent.push_back((now, caller.to_owned()));
        }
        may
    }

    /// The user has accepted a call, so its caller is welcome.
    pub(crate) fn accept(&mut self, now: Time, caller: &str) {
        self.recent.retain(|(_, name)| name != caller);
        self.end(now);
    }

    /// It was accepted, or ended.
    pub(crate) fn end(&mut self, now: Time) {
        if let Some(last) = &mut self.last {
            last.until = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_rings_without_end() {
        let mut rings = Rings::default();
        let mut rang =
            |at, caller: &str, tries| (0..tries).filter(|_| rings.may_ring(Time(at), caller)).count();
        assert_eq!(rang(0, "Eve", 100), 6);
        assert_eq!(rang(59_999, "Eve", 100), 0);
        assert_eq!(rang(60_000, "Eve", 100), 6);
        let others = (0..100).map(|who| rang(60_000, &format!("Eve {who}"), 1));
        assert_eq!(others.sum::<usize>(), 24, "thirty in all");
        assert_eq!(rang(120_000, "Bob", 1), 1);
    }

    #[test]
    fn whoever_is_accepted_may_ring_again() {
        let mut rings = Rings::default();
        for _ in 0..100 {
            assert!(rings.may_ring(Time(0), "Anna"));
            rings.accept(Time(0), "Anna");
        }
    }
}
