//! The page in one user's browser.

use std::sync::Mutex;
use std::time::Duration;

use fantoccini::Client;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::browser::{Browser, INSECURE_HOST, RunningBrowser};
use crate::commands::devtools;
use crate::element::Element;
use crate::options::{Options, Theme};
use crate::server::Server;
use crate::wait::{PATIENCE, until};
use crate::{probe, report};

/// An open page.
pub struct Page {
    pub(crate) client: Client,
    browser: RunningBrowser,
    kind: Browser,
    /// Who uses it, once signed in: for messages.
    user: Mutex<String>,
}

impl Page {
    /// Opens the page in a fresh Chromium with fake devices, in English.
    pub async fn open(server: &Server) -> Page {
        Page::open_with(server, Options::default()).await
    }

    /// Opens the page in the circumstances given.
    ///
    /// # Panics
    /// If the browser doesn't start or the page can't be loaded.
    pub async fn open_with(server: &Server, options: Options) -> Page {
        let (browser, client) = RunningBrowser::start(&options).await;
        let page = Page { client, browser, kind: options.browser, user: Mutex::new("nobody yet".to_owned()) };
        if page.kind == Browser::Chromium {
            page.put_probe_in_front(&options).await;
            page.resize(options.size.0, options.size.1).await;
            page.set_theme(options.theme).await;
        }
        let address = options.address.unwrap_or_else(|| server.url());
        page.client.goto(&address).await.unwrap_or_else(|error| panic!("{address} can't be loaded: {error}"));
        if page.kind == Browser::Firefox {
            page.run(probe::SCRIPT, vec![]).await;
        }
        page
    }

    /// The page's address from a host without HTTPS, for [`Options::address`]: no secure context.
    pub fn insecure_address(server: &Server) -> String {
        format!("http://{INSECURE_HOST}:{}", server.port())
    }

    /// Something found by the role and the name that assistive technology is told.
    pub fn by_role(&self, role: &'static str, name: &str) -> Element<'_> {
        Element::new(self, role, name)
    }

    /// A button.
    pub fn button(&self, name: &str) -> Element<'_> {
        self.by_role("button", name)
    }

    /// A field for text.
    pub fn textbox(&self, name: &str) -> Element<'_> {
        self.by_role("textbox", name)
    }

    /// A dialog.
    pub fn dialog(&self, name: &str) -> Element<'_> {
        self.by_role("dialog", name)
    }

    /// A running record, such as the conversation.
    pub fn log(&self, name: &str) -> Element<'_> {
        self.by_role("log", name)
    }

    /// A link.
    pub fn link(&self, name: &str) -> Element<'_> {
        self.by_role("link", name)
    }

    /// A moving picture.
    pub fn video(&self, name: &str) -> Element<'_> {
        self.by_role("video", name)
    }

    /// Waits until a `status` says one of `wordings`, whatever the case of letters. The answer is all of its text.
    ///
    /// # Panics
    /// If none does.
    pub async fn status_says(&self, wordings: &[&str]) -> String {
        self.live_region_says("[role=status], output", "status", wordings, PATIENCE).await
    }

    /// [`Page::status_says`] with another patience.
    pub async fn status_says_within(&self, patience: Duration, wordings: &[&str]) -> String {
        self.live_region_says("[role=status], output", "status", wordings, patience).await
    }

    /// Waits until an `alert` says one of `wordings`.
    ///
    /// # Panics
    /// If none does.
    pub async fn alert_says(&self, wordings: &[&str]) -> String {
        self.live_region_says("[role=alert]", "alert", wordings, PATIENCE).await
    }

    /// Waits until the page says one of `wordings`, anywhere.
    ///
    /// # Panics
    /// If it doesn't.
    pub async fn says(&self, wordings: &[&str]) -> String {
        self.live_region_says("body", "page", wordings, PATIENCE).await
    }

    async fn live_region_says(&self, css: &str, what: &str, wordings: &[&str], patience: Duration) -> String {
        self.expect_within(patience, &format!("the {what} says one of {wordings:?}"), async || {
            let texts = self.texts(css).await;
            texts.into_iter().find(|text| {
                let lower = text.to_lowercase();
                wordings.iter().any(|wording| lower.contains(&wording.to_lowercase()))
            })
        })
        .await
    }

    /// The text of every shown element that fits the selector.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .filter((element) => element.checkVisibility({ visibilityProperty: true }))
            .map((element) => element.innerText || element.textContent);";
        let texts = self.run(script, vec![css.into()]).await;
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    /// Waits until `ask` answers.
    ///
    /// # Panics
    /// If it doesn't within [`PATIENCE`], with a picture of what was on the page instead.
    pub async fn expect<T>(&self, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
        self.expect_within(PATIENCE, what, ask).await
    }

    /// [`Page::expect`] with another patience.
    ///
    /// # Panics
    /// If the condition doesn't come true in time.
    pub async fn expect_within<T>(
        &self,
        patience: Duration,
        what: &str,
        ask: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        match until(patience, ask).await {
            Some(answer) => answer,
            None => panic!("{}", report::what_was_there_instead(self, what, patience).await),
        }
    }

    /// Runs a script in the page, as WebDriver's "Execute Script"; a promise is awaited.
    ///
    /// # Panics
    /// If the script throws, or the tab is gone.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.try_run(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("a script in {}'s page: {error}", self.user()))
    }

    pub(crate) async fn try_run(&self, script: &str, arguments: Vec<Value>) -> Result<Value, CmdError> {
        self.client.execute(script, arguments).await
    }

    /// Width and height of the page in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
    }

    /// What the operating system prefers.
    pub async fn set_theme(&self, theme: Theme) {
        let scheme = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &media).await;
    }

    async fn devtools(&self, method: &str, parameters: &Value) {
        let command = devtools(method, parameters);
        self.client.issue_cmd(command).await.unwrap_or_else(|error| panic!("{method}: {error}"));
    }

    /// What is shown now, as a PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("the browser takes a picture of the page")
    }

    /// Waits until what changed last is drawn, and nothing moves any more but what moves for ever.
    pub async fn is_drawn(&self) {
        let script = "
            const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
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

    /// Follows a link, in the same tab.
    ///
    /// # Panics
    /// If it can't be loaded.
    pub async fn visit(&self, address: &str) {
        self.client.goto(address).await.unwrap_or_else(|error| panic!("{address} can't be loaded: {error}"));
        if self.kind == Browser::Firefox {
            self.run(probe::SCRIPT, vec![]).await;
        }
    }

    /// What the address bar shows.
    pub async fn address(&self) -> String {
        self.client.current_url().await.expect("the browser knows where it is").into()
    }

    /// Puts the window out of sight, as other windows in front of it do.
    pub async fn goes_out_of_sight(&self) {
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

    /// Presses a key and keeps it down, wherever the focus is, until [`Page::let_go`].
    ///
    /// # Panics
    /// If the browser takes no keys.
    pub async fn hold(&self, key: char) {
        let down = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value: key });
        self.client.perform_actions(down).await.expect("a key goes down");
    }

    /// Lets go of every key.
    ///
    /// # Panics
    /// If the browser takes no keys.
    pub async fn let_go(&self) {
        self.client.release_actions().await.expect("keys go up");
    }

    /// Closes the tab, as a user does; the browser stays. Nothing more can be asked of this page.
    pub async fn close_tab(&self) {
        let client = &self.client;
        let closing = async {
            let tab = client.window().await?;
            let other = client.new_window(true).await?;
            client.switch_to_window(tab).await?;
            client.close_window().await?;
            client.switch_to_window(other.handle).await
        };
        closing.await.expect("the browser closes a tab");
    }

    /// Loads the page anew, in the same tab.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the browser reloads the page");
        if self.kind == Browser::Firefox {
            self.run(probe::SCRIPT, vec![]).await;
        }
    }

    /// Kills the browser, as a crash or a flat battery does. Nothing more can be asked of this page.
    pub fn kill_browser(&self) {
        self.browser.kill();
    }

    /// How much memory the page has, in bytes, in a Chromium.
    pub fn renderer_memory(&self) -> u64 {
        self.browser.renderer_memory()
    }

    /// Throws away what no script needs any more, where the browser can be told to: what memory is counted then is in use.
    pub async fn collects_garbage(&self) {
        if self.kind == Browser::Firefox {
            return;
        }
        self.devtools("HeapProfiler.collectGarbage", &json!({})).await;
    }

    /// Grants the page only so many bytes of storage, in a Chromium; none for as much as there is.
    pub async fn grants_storage(&self, bytes: Option<u64>) {
        let origin = self.run("return location.origin;", vec![]).await;
        let mut quota = json!({ "origin": origin });
        if let Some(bytes) = bytes {
            quota["quotaSize"] = json!(bytes);
        }
        self.devtools("Storage.overrideQuotaForOrigin", &quota).await;
    }

    pub(crate) fn set_user(&self, name: &str) {
        name.clone_into(&mut self.user.lock().expect("nobody panics while holding it"));
    }

    /// What the user is called, once that is known: as whom they signed in or went into a room, or as a test says.
    pub fn name(&self) -> String {
        self.user()
    }

    /// The user is called otherwise than they wished.
    pub fn is_called(&self, name: &str) {
        self.set_user(name);
    }

    pub(crate) fn user(&self) -> String {
        self.user.lock().expect("nobody panics while holding it").clone()
    }
}
