//! Decides which tests run beside each other: a test with three browsers and more has the machine to itself.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static MACHINE: RwLock<()> = RwLock::const_new(());

/// A test's hold on the machine, until it is dropped. The lock is fair: a test that waits for the whole
/// machine goes before tests that come after it.
pub(super) enum MachineLock {
    /// Shared with other tests, as many as there are test threads.
    Shared { _guard: RwLockReadGuard<'static, ()> },
    /// No other test has a server meanwhile.
    Exclusive { _guard: RwLockWriteGuard<'static, ()> },
}

impl MachineLock {
    pub(super) async fn shared() -> MachineLock {
        MachineLock::Shared { _guard: MACHINE.read().await }
    }

    pub(super) async fn exclusive() -> MachineLock {
        MachineLock::Exclusive { _guard: MACHINE.write().await }
    }
}
