//! The browser of one user: its driver's process, its profile, and its end.
//!
//! Only this folder knows how Chromium and Firefox differ in being started.

mod chromium;
mod driver;
mod firefox;
mod options;
mod processes;
pub(crate) mod webdriver;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tempfile::TempDir;

use driver::Driver;
pub use options::{Devices, Options, Theme};

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

/// A running browser with an empty profile. Dropping it ends all of its processes.
pub(crate) struct RunningBrowser {
    profile: TempDir,
    // Held so that it ends with the browser.
    _driver: Driver,
}

impl RunningBrowser {
    /// Starts a browser and a WebDriver session in it.
    ///
    /// # Panics
    /// If the browser or its driver isn't installed, or doesn't start.
    pub(crate) async fn start(options: &Options) -> (RunningBrowser, Client) {
        let profile = TempDir::with_prefix("tincan-e2e-").expect("a temporary folder");
        let (driver, capabilities) = match options.browser {
            Browser::Chromium => (Driver::chromium().await, chromium::capabilities(options, profile.path())),
            Browser::Firefox => (Driver::firefox(profile.path()).await, firefox::capabilities(options)),
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url())
            .await
            .unwrap_or_else(|error| panic!("{:?} doesn't start: {error}", options.browser));
        (RunningBrowser { profile, _driver: driver }, client)
    }

    /// Returns the memory of the page, in bytes.
    pub(crate) fn renderer_memory(&self) -> u64 {
        processes::renderer_memory(self.profile.path())
    }

    /// Kills the browser's processes at once, as a crash would.
    pub(crate) fn kill(&self) {
        processes::kill_all_naming(self.profile.path());
    }
}

impl Drop for RunningBrowser {
    fn drop(&mut self) {
        // The driver is killed right after this, and can't end its browser any more.
        self.kill();
    }
}
