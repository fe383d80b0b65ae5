//! The page in one user's browser: everything that a test does with it goes through [`Page`].
//!
//! Elements are found by role and name (`element.rs`, `roles.rs`). What a test does with files or media is in
//! `files/` and `media/`, and what it does to devices in `probe/`, each as a further `impl Page`.

mod element;
mod keyboard;
mod report;
mod roles;
mod waiting;
mod window;

use std::sync::Mutex;

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::Value;

use crate::browser::webdriver::devtools;
use crate::browser::{Browser, INSECURE_HOST, Options, UsersBrowser};
use crate::probe;
use crate::server::Server;
pub use element::Element;
pub use keyboard::Key;

/// An open page.
pub struct Page {
    pub(crate) client: Client,
    browser: UsersBrowser,
    kind: Browser,
    /// The name of its user, once signed in: for messages.
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
        let (browser, client) = UsersBrowser::start(&options).await;
        let page = Page { client, browser, kind: options.browser, user: Mutex::new("nobody yet".to_owned()) };
        if page.kind == Browser::Chromium {
            page.inject_probe_on_load(&options).await;
            page.resize(options.size.0, options.size.1).await;
            page.set_theme(options.theme).await;
        }
        let address = options.address.unwrap_or_else(|| server.url());
        page.visit(&address).await;
        page
    }

    /// Returns the page's address from a host without HTTPS, for [`Options::address`]: no secure context.
    pub fn insecure_address(server: &Server) -> String {
        format!("http://{INSECURE_HOST}:{}", server.port())
    }

    /// Follows a link, in the same tab.
    ///
    /// # Panics
    /// If it can't be loaded.
    pub async fn visit(&self, address: &str) {
        self.client.goto(address).await.unwrap_or_else(|error| panic!("{address} can't be loaded: {error}"));
        self.inject_probe_after_load().await;
    }

    /// Loads the page anew, in the same tab.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the browser reloads the page");
        self.inject_probe_after_load().await;
    }

    /// Says goodbye to the server, and loads the page anew as one that knows nothing of the page before it.
    ///
    /// # Panics
    /// If the browser can't.
    pub async fn begins_anew(&self) {
        let forget = "Storage.prototype.setItem = () => {};
            sessionStorage.removeItem('tincan.earlier');
            window.WebSocket = class { constructor() { throw new Error('there is no other'); } };
            tincanProbe.sockets.forEach((socket) => socket.close(1000));";
        self.run(forget, vec![]).await;
        self.reload().await;
    }

    /// Firefox runs no script before the page's own, so the probe comes into it right after loading.
    async fn inject_probe_after_load(&self) {
        if self.kind == Browser::Firefox {
            self.run(&probe::script(), vec![]).await;
        }
    }

    /// Returns what the address bar shows.
    pub async fn address(&self) -> String {
        self.client.current_url().await.expect("the browser knows where it is").into()
    }

    /// Returns the element with this role and name, as the browser tells assistive technology. The element is
    /// looked up when something is done with it.
    pub fn by_role(&self, role: &'static str, name: &str) -> Element<'_> {
        Element::new(self, role, name)
    }

    pub fn button(&self, name: &str) -> Element<'_> {
        self.by_role("button", name)
    }

    pub fn textbox(&self, name: &str) -> Element<'_> {
        self.by_role("textbox", name)
    }

    pub fn dialog(&self, name: &str) -> Element<'_> {
        self.by_role("dialog", name)
    }

    /// Returns a running record, such as the conversation.
    pub fn log(&self, name: &str) -> Element<'_> {
        self.by_role("log", name)
    }

    pub fn link(&self, name: &str) -> Element<'_> {
        self.by_role("link", name)
    }

    pub fn video(&self, name: &str) -> Element<'_> {
        self.by_role("video", name)
    }

    /// Runs a script in the page, as WebDriver's "Execute Script"; a promise is awaited.
    ///
    /// # Panics
    /// If the script throws, or the tab is gone.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.try_run(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("a script in {}'s page: {error}", self.name()))
    }

    pub(crate) async fn try_run(&self, script: &str, arguments: Vec<Value>) -> Result<Value, CmdError> {
        self.client.execute(script, arguments).await
    }

    async fn devtools(&self, method: &str, parameters: &Value) {
        let command = devtools(method, parameters);
        self.client.issue_cmd(command).await.unwrap_or_else(|error| panic!("{method}: {error}"));
    }

    /// Returns what the user is called, once that is known: as whom they signed in or joined a room, or what
    /// a test said by [`Page::is_called`].
    pub fn name(&self) -> String {
        self.user.lock().expect("nobody panics while holding it").clone()
    }

    /// Notes that the user is called `name`, as when the room gave them another name than they wished.
    pub fn is_called(&self, name: &str) {
        name.clone_into(&mut self.user.lock().expect("nobody panics while holding it"));
    }
}
