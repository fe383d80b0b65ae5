//! The browser of one user: its driver's process, its profile, and its end.
//!
//! Only this folder knows how Chromium and Firefox differ in being started.

mod chromium;
mod driver;
mod firefox;
mod folder;
mod options;
mod pool;
mod processes;
mod running;
pub(crate) mod webdriver;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use fantoccini::Client;

pub use options::{Addresses, Devices, Options, Theme};
use running::RunningBrowser;

/// Which browser somebody uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Debian's Chromium, by chromedriver.
    Chromium,
    /// Debian's Firefox ESR, by geckodriver.
    Firefox,
}

/// The host name that Chromium maps to 127.0.0.1. A page from it by plain HTTP is no secure context, as from
/// a real host.
pub(crate) const INSECURE_HOST: &str = "tincan.test";

/// A browser that is as good as new, in the hands of one test. When that is done with it, another test may
/// have it.
pub(crate) struct UsersBrowser {
    /// There until it is dropped.
    running: Option<RunningBrowser>,
    options: Options,
    spoilt: AtomicBool,
}

impl UsersBrowser {
    /// Takes one that runs already, or starts one.
    ///
    /// # Panics
    /// If the browser or its driver isn't installed, or doesn't start.
    pub(crate) async fn start(options: &Options) -> (UsersBrowser, Client) {
        let running = pool::take(options).await;
        let client = running.client.clone();
        let options = options.clone();
        (UsersBrowser { running: Some(running), options, spoilt: AtomicBool::new(false) }, client)
    }

    /// Returns the memory of the page, in bytes.
    pub(crate) fn renderer_memory(&self) -> u64 {
        self.running.as_ref().map_or(0, RunningBrowser::renderer_memory)
    }

    /// Sends a signal to all of its processes.
    ///
    /// # Panics
    /// If it can't be sent.
    pub(crate) fn signal(&self, signal: &str) {
        if let Some(running) = &self.running {
            running.signal(signal);
        }
    }

    /// Kills the browser's processes at once, as a crash would.
    pub(crate) fn kill(&self) {
        self.spoil();
        if let Some(running) = &self.running {
            running.kill();
        }
    }

    /// Notes that something was done to it which closing its tabs doesn't undo: no other test may have it.
    pub(crate) fn spoil(&self) {
        self.spoilt.store(true, Ordering::Relaxed);
    }
}

impl Drop for UsersBrowser {
    fn drop(&mut self) {
        // Nobody knows what state a test that fails leaves it in.
        if let Some(running) = self.running.take()
            && !self.spoilt.load(Ordering::Relaxed)
            && !thread::panicking()
        {
            pool::give_back(running, &self.options);
        }
    }
}
