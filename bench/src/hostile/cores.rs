//! Keeps the attackers off the processors of those whom they attack: in life they have machines of their own.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Which processors are whose.
#[derive(Clone)]
pub(super) struct Cores {
    split: Option<Split>,
}

#[derive(Clone)]
struct Split {
    attackers: CpuSet,
    others: CpuSet,
}

impl Cores {
    /// Splits the processors that this process may use: the last one for the attackers, the others for the
    /// server and the quiet pair. Where there is one, it is for all.
    pub(super) fn split() -> Cores {
        let Ok(mut others) = sched_getaffinity(None) else { return Cores { split: None } };
        let Some(last) = (0..CpuSet::MAX_CPU).rev().find(|cpu| others.is_set(*cpu)) else {
            return Cores { split: None };
        };
        others.unset(last);
        let mut attackers = CpuSet::new();
        attackers.set(last);
        Cores { split: (others.count() > 0).then_some(Split { attackers, others }) }
    }

    /// Returns whether the attackers have a processor for themselves.
    pub(super) fn are_split(&self) -> bool {
        self.split.is_some()
    }

    /// Has this thread, and what it starts, use no processor of the attackers.
    pub(super) fn leave_those_of_attackers(&self) {
        self.take(|split| &split.others);
    }

    /// Has this thread use the processors of the attackers only.
    pub(super) fn take_those_of_attackers(&self) {
        self.take(|split| &split.attackers);
    }

    fn take(&self, of: impl FnOnce(&Split) -> &CpuSet) {
        // Where the system refuses, the figures are worse than they would be.
        let _ = self.split.as_ref().map(|split| sched_setaffinity(None, of(split)));
    }
}
