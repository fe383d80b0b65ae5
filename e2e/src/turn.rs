//! Which tests run beside each other: those with three browsers and more have the machine to themselves.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static MACHINE: RwLock<()> = RwLock::const_new(());

/// A test's turn; over when dropped. Who waits to be alone goes before who comes after.
pub(crate) enum Turn {
    /// Beside others, as many as there are test threads.
    BesideOthers { _guard: RwLockReadGuard<'static, ()> },
    /// No other test has a server meanwhile.
    Alone { _guard: RwLockWriteGuard<'static, ()> },
}

impl Turn {
    pub(crate) async fn beside_others() -> Turn {
        Turn::BesideOthers { _guard: MACHINE.read().await }
    }

    pub(crate) async fn alone() -> Turn {
        Turn::Alone { _guard: MACHINE.write().await }
    }
}
