//! The window and the tab around the page, and what the browser grants it.

use std::time::Duration;

use serde_json::json;

use super::Page;
use crate::browser::{Browser, Theme};
use crate::wait::{TIMEOUT, until};

impl Page {
    /// Sets width and height of the page in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
    }

    /// Sets the theme that the operating system prefers.
    pub async fn set_theme(&self, theme: Theme) {
        let scheme = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &media).await;
    }

    /// Returns a PNG of what is shown now.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("the browser takes a picture of the page")
    }

    /// Waits until what changed last is drawn and every animation that ends has ended.
    pub async fn is_drawn(&self) {
        let script = "
            const frame = () => new Promise((done) => requestAnimationFrame(done));
            const drawn = async () => { await frame(); await frame(); };
            const ends = (animation) => animation.effect.getComputedTiming().endTime !== Infinity;
            return (async () => {
                await drawn();
                const moving = document.getAnimations().filter(ends);
                await Promise.allSettled(moving.map((animation) => animation.finished));
                await document.fonts.ready;
                await drawn();
            })();";
        self.run(script, vec![]).await;
    }

    /// Hides the window, as other windows in front of it do.
    pub async fn goes_out_of_sight(&self) {
        self.browser.spoil();
        self.client.minimize_window().await.expect("the browser puts its window away");
        self.expect("the page is hidden", async || self.is_hidden().await.then_some(())).await;
    }

    /// Shows the window again.
    pub async fn comes_into_sight(&self) {
        self.client.maximize_window().await.expect("the browser shows its window");
        self.expect("the page is shown", async || (!self.is_hidden().await).then_some(())).await;
    }

    async fn is_hidden(&self) -> bool {
        self.run("return document.hidden;", vec![]).await == true
    }

    /// Closes the tab, as a user does. The browser stays. Nothing more can be asked of this page.
    pub async fn close_tab(&self) {
        self.close_tab_right_after(async || {}).await;
    }

    /// [`Page::close_tab`], with nothing between the end of `last` and that.
    pub async fn close_tab_right_after(&self, last: impl AsyncFnOnce()) {
        let client = &self.client;
        let closing = async {
            let tab = client.window().await?;
            let other = client.new_window(true).await?;
            client.switch_to_window(tab).await?;
            last().await;
            client.close_window().await?;
            client.switch_to_window(other.handle).await
        };
        closing.await.expect("the browser closes a tab");
    }

    /// Goes back by one entry of the history, as by the browser's button.
    ///
    /// # Panics
    /// If the browser can't.
    pub async fn goes_back(&self) {
        self.client.back().await.expect("the browser goes back");
    }

    /// Loads the page anew. Returns whether the page had the browser ask first. The question itself is
    /// answered by the driver, with yes, before a test could see it.
    pub async fn reloads_and_is_asked(&self) -> bool {
        let script = "window.addEventListener('beforeunload', (event) => {
            sessionStorage.setItem('asked', event.defaultPrevented);
        });";
        self.run(script, vec![]).await;
        self.reload().await;
        self.run("return sessionStorage.getItem('asked');", vec![]).await == "true"
    }

    /// Returns whether the browser would ask before the page is left.
    pub async fn asks_before_leaving(&self) -> bool {
        let script = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }));";
        self.run(script, vec![]).await == true
    }

    /// Duplicates the tab, and turns to the duplicate.
    ///
    /// # Panics
    /// If no tab opens.
    pub async fn duplicates_tab(&self) {
        let original = self.client.window().await.expect("there is a tab");
        // A tab that is opened by a page gets a copy of its `sessionStorage`, as a duplicate does.
        self.run("window.open(location.href);", vec![]).await;
        let other = until(TIMEOUT, async || {
            let tabs = self.client.windows().await.ok()?;
            tabs.into_iter().find(|tab| *tab != original)
        });
        let other = other.await.expect("another tab opens");
        self.client.switch_to_window(other).await.expect("the tab is there");
    }

    /// Closes the tab, and turns to the other one.
    ///
    /// # Panics
    /// If there is none.
    pub async fn closes_duplicate(&self) {
        self.client.close_window().await.expect("the tab closes");
        let tabs = self.client.windows().await.expect("the browser is there");
        let [other] = tabs.try_into().expect("one other tab");
        self.client.switch_to_window(other).await.expect("the tab is there");
    }

    /// Stops the whole browser for so long: it hears nothing and says nothing, as where the machine sleeps.
    ///
    /// # Panics
    /// If it can't be stopped.
    pub async fn sleeps_for(&self, time: Duration) {
        self.browser.spoil();
        self.browser.signal("STOP");
        tokio::time::sleep(time).await;
        self.browser.signal("CONT");
    }

    /// Hides the page and freezes it, as a Chromium does with pages that nobody looks at: no script runs.
    /// Nothing can be asked of it until [`Page::is_thawed`].
    pub async fn is_frozen(&self) {
        self.goes_out_of_sight().await;
        self.devtools("Page.setWebLifecycleState", &json!({ "state": "frozen" })).await;
    }

    /// Lets its scripts run again, and shows it.
    pub async fn is_thawed(&self) {
        self.devtools("Page.setWebLifecycleState", &json!({ "state": "active" })).await;
        self.comes_into_sight().await;
    }

    /// Nothing that the page does when it is left reaches anybody, as where its process ends. What it has
    /// written down before stays.
    pub async fn will_crash(&self) {
        let script = "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true);";
        self.run(script, vec![]).await;
    }

    /// Kills the browser, as a crash or a flat battery does. Nothing more can be asked of this page.
    pub fn kill_browser(&self) {
        self.browser.kill();
    }

    /// Returns how much memory the page has, in bytes, in a Chromium.
    pub fn renderer_memory(&self) -> u64 {
        self.browser.renderer_memory()
    }

    /// Collects garbage, where the browser can be told to, so that the memory counted afterwards is in use.
    pub async fn collects_garbage(&self) {
        if self.kind == Browser::Firefox {
            return;
        }
        self.devtools("HeapProfiler.collectGarbage", &json!({})).await;
    }

    /// Limits the page's storage to so many bytes, in a Chromium. `None` lifts the limit.
    pub async fn grants_storage(&self, bytes: Option<u64>) {
        let origin = self.run("return location.origin;", vec![]).await;
        let mut quota = json!({ "origin": origin });
        if let Some(bytes) = bytes {
            quota["quotaSize"] = json!(bytes);
        }
        self.devtools("Storage.overrideQuotaForOrigin", &quota).await;
    }
}
