//! What happened to all clients together.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};

/// How long a name may be kept from its owner who comes as a stranger: the grace, a login that isn't answered
/// in time because the server was killed, and some pauses on a busy machine.
const KEPT: Duration = Duration::from_millis(tincan_shared::RESUME_GRACE_MS + 15_000);

#[derive(Debug, Default)]
pub(crate) struct Tallies {
    pub(crate) sign_ins: Tally,
    pub(crate) resumed: Tally,
    /// Logins by a token to which somebody answered that the name is taken.
    pub(crate) shut_out: Tally,
    pub(crate) calls: Tally,
    pub(crate) rooms: Tally,
    pub(crate) frames: Tally,
    pub(crate) lost: Tally,
    /// The longest time that a name was kept from whoever came without its token, in milliseconds.
    pub(crate) longest_kept: Tally,
}

#[derive(Debug, Default)]
pub(crate) struct Tally(AtomicU64);

impl Tally {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn at_least(&self, value: u64) {
        self.0.fetch_max(value, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Tallies {
    /// # Errors
    /// If somebody's name was kept from them, or nothing happened.
    pub(crate) fn judge(&self) -> Result<()> {
        ensure!(self.shut_out.get() == 0, "{} owners were kept from their names", self.shut_out.get());
        let longest = Duration::from_millis(self.longest_kept.get());
        ensure!(longest < KEPT, "a name was kept for {longest:?}");
        for (what, tally) in [("signed in", &self.sign_ins), ("called", &self.calls), ("met", &self.rooms)] {
            ensure!(tally.get() > 0, "nobody {what}");
        }
        Ok(())
    }
}

impl fmt::Display for Tallies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tallies { sign_ins, resumed, shut_out, calls, rooms, frames, lost, longest_kept } = self;
        write!(
            f,
            "{} sign-ins, {} resumed; {} calls, {} rooms, {} frames heard; {} connections lost by the \
             server's end; owners shut out: {}; a name was kept from a stranger for at most {:.1} s",
            sign_ins.get(),
            resumed.get(),
            calls.get(),
            rooms.get(),
            frames.get(),
            lost.get(),
            shut_out.get(),
            longest_kept.get() as f64 / 1e3,
        )
    }
}
