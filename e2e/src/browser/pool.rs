//! Browsers that a test is done with, for the next test that wants one like them. To start one takes two
//! seconds of a processor, and most tests want two.
//!
//! They outlive the test that started them, so what belongs to them runs in a runtime of its own.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::running::RunningBrowser;
use super::{Addresses, Browser, Devices, Options};

/// As many as two tests of two people each have. Each takes 300 MB.
const AT_MOST: usize = 4;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("the system has threads")
});

/// The oldest first.
static IDLE: Mutex<Vec<Idle>> = Mutex::new(Vec::new());

struct Idle {
    kind: Kind,
    /// What makes it as good as new. Fails if the browser doesn't do what it is told.
    renewed: JoinHandle<Option<RunningBrowser>>,
}

/// What a browser has been told at its start.
#[derive(Clone, Debug, PartialEq)]
struct Kind {
    devices: Devices,
    language: &'static str,
    trusts_certificates: bool,
    addresses: Addresses,
    size: (u32, u32),
}

impl Kind {
    /// Returns of which kind a browser with these options is, if another test may have it.
    fn of(options: &Options) -> Option<Kind> {
        // A Firefox is as good as new only after a start, and so is one that saves files into a folder, or
        // runs in a network.
        let is_usual = options.downloads.is_none() && options.place.is_none();
        let is_for_others = options.browser == Browser::Chromium && is_usual;
        is_for_others.then_some(Kind {
            devices: options.devices,
            language: options.language,
            trusts_certificates: options.trusts_certificates,
            addresses: options.addresses,
            size: options.size,
        })
    }
}

fn idle() -> MutexGuard<'static, Vec<Idle>> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a browser with these options, as good as new.
///
/// # Panics
/// If it doesn't start.
pub(super) async fn take(options: &Options) -> RunningBrowser {
    if let Some(kind) = Kind::of(options) {
        let such = || {
            let mut idle = idle();
            idle.iter().position(|one| one.kind == kind).map(|at| idle.remove(at))
        };
        while let Some(one) = such() {
            if let Ok(Some(browser)) = one.renewed.await {
                return browser;
            }
        }
    }
    let options = options.clone();
    let started = RUNTIME.spawn(async move { RunningBrowser::start(&options).await }).await;
    started.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Keeps a browser for another test, if another may have it.
pub(super) fn give_back(browser: RunningBrowser, options: &Options) {
    let Some(kind) = Kind::of(options) else { return };
    let renewed = RUNTIME.spawn(async move { browser.renew().await.is_ok().then_some(browser) });
    let mut idle = idle();
    idle.push(Idle { kind, renewed });
    if idle.len() > AT_MOST {
        let oldest = idle.remove(0);
        // Dropping what it returns ends the browser.
        RUNTIME.spawn(oldest.renewed);
    }
}
