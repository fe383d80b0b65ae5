//! An element on the page, known by role and name, and what a user does with it.

use std::time::Duration;

use fantoccini::elements::Element as Found;
use fantoccini::error::CmdError;
use serde_json::Value;

use super::keyboard::{EMPTY_THE_FIELD, Key};
use super::{Page, report};
use crate::wait::{TIMEOUT, until};

/// An element with a role and a name. It is looked up anew for everything that is done with it, so it may
/// come, go and be replaced meanwhile. What is done with it waits until it is there.
pub struct Element<'page> {
    page: &'page Page,
    role: &'static str,
    name: String,
}

impl<'page> Element<'page> {
    pub(crate) fn new(page: &'page Page, role: &'static str, name: &str) -> Self {
        Element { page, role, name: name.to_owned() }
    }

    /// Waits until it is on the page.
    pub async fn is_there(&self) {
        self.is_there_within(TIMEOUT).await;
    }

    /// [`Element::is_there`] with another timeout.
    pub async fn is_there_within(&self, timeout: Duration) {
        self.page
            .expect_within(timeout, &format!("there is a {self}"), async || {
                self.find().await.ok().flatten().map(drop)
            })
            .await;
    }

    /// Waits until it is gone.
    pub async fn is_gone(&self) {
        self.is_gone_within(TIMEOUT).await;
    }

    /// [`Element::is_gone`] with another timeout.
    pub async fn is_gone_within(&self, timeout: Duration) {
        self.page
            .expect_within(timeout, &format!("there is no {self}"), async || {
                matches!(self.find().await, Ok(None)).then_some(())
            })
            .await;
    }

    /// Returns whether it is there at this moment: for what a test expects never to happen, after something
    /// else did.
    pub async fn is_there_now(&self) -> bool {
        matches!(self.find().await, Ok(Some(_)))
    }

    pub async fn click(&self) {
        self.act("can be clicked", async |found| found.click().await).await;
    }

    /// Clicks it if it is there at this moment. Returns whether the click succeeded.
    pub async fn click_now(&self) -> bool {
        match self.find().await {
            Ok(Some(found)) => found.click().await.is_ok(),
            _ => false,
        }
    }

    /// Empties the field and types `text` into it, key by key. A line break in it is the Enter key.
    pub async fn fill(&self, text: &str) {
        let keys = format!("{EMPTY_THE_FIELD}{text}");
        self.act("can be typed into", async |found| found.send_keys(&keys).await).await;
    }

    /// Replaces the field's content by `text` in one go, as pasting does: for text that is long, has line
    /// breaks, or has characters that WebDriver's keyboard lacks.
    pub async fn paste(&self, text: &str) {
        let script = "arguments[0].focus(); arguments[0].select();
            document.execCommand('insertText', false, arguments[1]);";
        self.act("can be pasted into", async |found| {
            let field = serde_json::to_value(found)?;
            self.page.try_run(script, vec![field, text.into()]).await.map(drop)
        })
        .await;
    }

    /// Presses a key while it has the focus.
    pub async fn press(&self, key: Key) {
        self.act("takes keys", async |found| found.send_keys(&key.sequence()).await).await;
    }

    /// Types `text` at the end of what is there.
    pub async fn type_more(&self, text: &str) {
        self.act("can be typed into", async |found| found.send_keys(text).await).await;
    }

    /// Chooses an option of a combobox, by the option's text.
    pub async fn choose(&self, option: &str) {
        self.act("has the option", async |found| found.select_by_label(option).await).await;
    }

    /// Returns the text that it shows.
    pub async fn text(&self) -> String {
        self.ask("return arguments[0].innerText;").await.as_str().unwrap_or_default().to_owned()
    }

    /// Returns the value of a field.
    pub async fn value(&self) -> String {
        self.ask("return arguments[0].value;").await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until its text contains `wanted`.
    pub async fn contains(&self, wanted: &str) {
        self.page
            .expect(&format!("the {self} contains {:?}", shorten(wanted)), async || {
                self.text().await.contains(wanted).then_some(())
            })
            .await;
    }

    /// Runs a script that gets the element as `arguments[0]`, and returns what the script returns.
    pub async fn ask(&self, script: &str) -> Value {
        self.page.expect(&format!("the {self} answers"), async || self.ask_now(script).await).await
    }

    /// [`Element::ask`] without waiting: returns `None` if the element isn't there at this moment.
    pub async fn ask_now(&self, script: &str) -> Option<Value> {
        let found = self.find().await.ok().flatten()?;
        self.page.try_run(script, vec![serde_json::to_value(found).ok()?]).await.ok()
    }

    /// Waits until the element is there and `action` works. An element that is just being replaced or covered
    /// is tried again.
    async fn act(&self, what: &str, action: impl AsyncFn(Found) -> Result<(), CmdError>) {
        let mut last_error = String::new();
        let done = until(TIMEOUT, async || {
            let outcome = match self.find().await {
                Ok(Some(found)) => action(found).await,
                Ok(None) => return None,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => Some(()),
                Err(error) => {
                    last_error = error.to_string();
                    None
                }
            }
        })
        .await;
        if done.is_none() {
            let what = format!("the {self} {what} {last_error}");
            panic!("{}", report::what_was_there_instead(self.page, &what, TIMEOUT).await);
        }
    }

    async fn find(&self) -> Result<Option<Found>, CmdError> {
        self.page.find(self.role, &self.name).await
    }
}

impl std::fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.role, self.name)
    }
}

/// Cuts a long text after its first words.
fn shorten(text: &str) -> String {
    const ENOUGH: usize = 80;
    if text.chars().count() <= ENOUGH {
        text.to_owned()
    } else {
        text.chars().take(ENOUGH).chain("…".chars()).collect()
    }
}
