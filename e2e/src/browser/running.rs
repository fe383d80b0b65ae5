//! A browser's process with its profile and its driver.

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder};
use serde_json::json;
use tempfile::TempDir;

use super::driver::Driver;
use super::webdriver::devtools;
use super::{Browser, Options, chromium, firefox, folder, processes};
use crate::network::DriverConnector;

/// A running browser. Dropping it ends all of its processes.
pub(super) struct RunningBrowser {
    pub(super) client: Client,
    profile: TempDir,
    // Held so that it ends with the browser.
    _driver: Driver,
}

impl RunningBrowser {
    /// Starts a browser with an empty profile, and a WebDriver session in it.
    ///
    /// # Panics
    /// If the browser or its driver isn't installed, or doesn't start.
    pub(super) async fn start(options: &Options) -> RunningBrowser {
        let profile = folder::for_profile();
        let (driver, capabilities) = match options.browser {
            Browser::Chromium => {
                let home = options.place.as_ref().map(|place| chromium::home(profile.path(), place));
                let driver = Driver::chromium(options.place.as_ref(), profile.path(), home.as_deref()).await;
                (driver, chromium::capabilities(options, profile.path()))
            }
            Browser::Firefox => {
                let driver = Driver::firefox(options.place.as_ref(), profile.path()).await;
                (driver, firefox::capabilities(options, profile.path()))
            }
        };
        let namespace = options.place.as_ref().map(|place| place.namespace.clone());
        let client = ClientBuilder::new(DriverConnector { namespace })
            .capabilities(capabilities)
            .connect(&driver.url())
            .await
            .unwrap_or_else(|error| panic!("{:?} doesn't start: {error}", options.browser));
        RunningBrowser { client, profile, _driver: driver }
    }

    /// Makes a Chromium as good as new: with one empty tab, and nothing kept. Each test has an origin of its
    /// own, because its server has a port of its own; but cookies are those of the host.
    pub(super) async fn renew(&self) -> Result<(), CmdError> {
        let client = &self.client;
        let address = client.current_url().await?;
        let fresh = client.new_window(true).await?.handle;
        for tab in client.windows().await? {
            if tab != fresh {
                client.switch_to_window(tab).await?;
                client.close_window().await?;
            }
        }
        client.switch_to_window(fresh).await?;
        client.issue_cmd(devtools("Network.clearBrowserCookies", &json!({}))).await?;
        let origin = address.origin().ascii_serialization();
        let kept = json!({ "origin": origin, "storageTypes": "all" });
        client.issue_cmd(devtools("Storage.clearDataForOrigin", &kept)).await?;
        Ok(())
    }

    pub(super) fn renderer_memory(&self) -> u64 {
        processes::renderer_memory(self.profile.path())
    }

    /// Sends a signal to all of its processes.
    ///
    /// # Panics
    /// If it can't be sent.
    pub(super) fn signal(&self, signal: &str) {
        processes::signal_all_of(self.profile.path(), signal);
    }

    pub(super) fn kill(&self) {
        processes::kill_all_naming(self.profile.path());
    }
}

impl Drop for RunningBrowser {
    fn drop(&mut self) {
        // The driver is killed right after this, and can't end its browser any more.
        self.kill();
    }
}
