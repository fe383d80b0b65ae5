//! Decides which tests run beside each other: two at most, and a test with three browsers and more has the
//! machine to itself. A test that only waits for a while leaves its place to another.

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

/// How many tests run at once. Each has two browsers with video, and two cores are usual.
const PLACES: u32 = 2;

/// Fair: a test that waits for the whole machine goes before tests that come after it.
static MACHINE: Semaphore = Semaphore::const_new(PLACES as usize);

/// A test's hold on the machine, until it is dropped.
pub(super) struct MachineLock {
    places: u32,
    /// None while another test may run in its place.
    permit: Mutex<Option<SemaphorePermit<'static>>>,
}

impl MachineLock {
    /// Shares the machine with another test.
    pub(super) async fn shared() -> MachineLock {
        MachineLock::of(1).await
    }

    /// No other test has a server meanwhile, unless it only waits.
    pub(super) async fn exclusive() -> MachineLock {
        MachineLock::of(PLACES).await
    }

    async fn of(places: u32) -> MachineLock {
        MachineLock { places, permit: Mutex::new(Some(acquire(places).await)) }
    }

    /// Lets other tests run until `wait` is done, and then takes the place again.
    pub(super) async fn let_others_run<T>(&self, wait: impl Future<Output = T>) -> T {
        let mut permit = self.permit.lock().await;
        *permit = None;
        let result = wait.await;
        *permit = Some(acquire(self.places).await);
        result
    }
}

async fn acquire(places: u32) -> SemaphorePermit<'static> {
    MACHINE.acquire_many(places).await.expect("nobody closes it")
}
