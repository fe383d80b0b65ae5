//! Something on the page, known by role and name, and what a user does with it.

use std::time::Duration;

use fantoccini::elements::Element as Found;
use fantoccini::error::CmdError;
use serde_json::Value;

use crate::commands::{computed_label, computed_role};
use crate::page::Page;
use crate::wait::PATIENCE;

/// The keys that tests press beside letters, as WebDriver's "normalised key values".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Enter.
    Enter,
    /// Shift and Enter together.
    ShiftEnter,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
    /// The arrow that points upwards.
    Up,
    /// A letter or mark, by what it writes.
    Letter(char),
    /// The space bar.
    Space,
}

impl Key {
    pub(crate) fn sequence(self) -> String {
        match self {
            Key::Enter => "\u{E007}".to_owned(),
            Key::Up => "\u{E013}".to_owned(),
            // A null key lets go of Shift.
            Key::ShiftEnter => "\u{E008}\u{E007}\u{E000}".to_owned(),
            Key::Escape => "\u{E00C}".to_owned(),
            Key::Tab => "\u{E004}".to_owned(),
            Key::Space => " ".to_owned(),
            Key::Letter(letter) => letter.to_string(),
        }
    }
}

/// Select all, then delete: a user's way to empty a field, which the page sees as one.
const EMPTY_THE_FIELD: &str = "\u{E009}a\u{E000}\u{E017}";

/// Something with a role and a name. It is looked up anew for everything that is done with it, so it may come,
/// go and be replaced meanwhile; everything waits until it is there.
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
        self.is_there_within(PATIENCE).await;
    }

    /// [`Element::is_there`] with another patience.
    pub async fn is_there_within(&self, patience: Duration) {
        self.page
            .expect_within(patience, &format!("there is a {self}"), async || {
                self.find().await.ok().flatten().map(drop)
            })
            .await;
    }

    /// Waits until it is gone.
    pub async fn is_gone(&self) {
        self.is_gone_within(PATIENCE).await;
    }

    /// [`Element::is_gone`] with another patience.
    pub async fn is_gone_within(&self, patience: Duration) {
        self.page
            .expect_within(patience, &format!("there is no {self}"), async || {
                matches!(self.find().await, Ok(None)).then_some(())
            })
            .await;
    }

    /// Whether it is there at this moment: for what a test expects never to happen, after something else did.
    pub async fn is_there_now(&self) -> bool {
        matches!(self.find().await, Ok(Some(_)))
    }

    /// Clicks it.
    pub async fn click(&self) {
        self.act("can be clicked", async |found| found.click().await).await;
    }

    /// Clicks it if it is there at this moment and stays for as long as that takes.
    pub async fn click_now(&self) -> bool {
        match self.find().await {
            Ok(Some(found)) => found.click().await.is_ok(),
            _ => false,
        }
    }

    /// Empties the field and types `text` into it, key by key; a line break in it is the Enter key.
    pub async fn fill(&self, text: &str) {
        let keys = format!("{EMPTY_THE_FIELD}{text}");
        self.act("can be typed into", async |found| found.send_keys(&keys).await).await;
    }

    /// Puts `text` in place of the field's content in one go, as pasting does: for text that is long, has line
    /// breaks, or characters that no keyboard of WebDriver's has.
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

    /// Types at the end of what is there.
    pub async fn type_more(&self, text: &str) {
        self.act("can be typed into", async |found| found.send_keys(text).await).await;
    }

    /// Chooses one of a combobox's options, by its text.
    pub async fn choose(&self, option: &str) {
        self.act("has the option", async |found| found.select_by_label(option).await).await;
    }

    /// The text that it shows.
    pub async fn text(&self) -> String {
        self.ask("return arguments[0].innerText;").await.as_str().unwrap_or_default().to_owned()
    }

    /// What a field holds.
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

    /// What a script that gets it as `arguments[0]` returns.
    pub async fn ask(&self, script: &str) -> Value {
        self.page.expect(&format!("the {self} answers"), async || self.ask_now(script).await).await
    }

    /// The same, of what is there at this moment, if it is.
    pub async fn ask_now(&self, script: &str) -> Option<Value> {
        let found = self.find().await.ok().flatten()?;
        self.page.try_run(script, vec![serde_json::to_value(found).ok()?]).await.ok()
    }

    /// Waits until it is there and `action` works: an element that is just being replaced or covered is tried again.
    async fn act(&self, what: &str, action: impl AsyncFn(Found) -> Result<(), CmdError>) {
        let mut last_error = String::new();
        let done = crate::until(PATIENCE, async || {
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
            panic!("{}", crate::report::what_was_there_instead(self.page, &what, PATIENCE).await);
        }
    }

    /// Looks once. Candidates come by selector, for speed; what they are is asked of the browser.
    async fn find(&self) -> Result<Option<Found>, CmdError> {
        for candidate in self.page.shown_now(selector(self.role)).await? {
            let id = candidate.element_id();
            let label = self.page.client.issue_cmd(computed_label(id.as_ref())).await?;
            if !is_named(label.as_str().unwrap_or_default(), &self.name) {
                continue;
            }
            let role = self.page.client.issue_cmd(computed_role(id.as_ref())).await?;
            if is_role(role.as_str().unwrap_or_default(), self.role) {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }
}

impl std::fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.role, self.name)
    }
}

impl Page {
    /// The shown elements that fit a selector.
    pub(crate) async fn shown_now(&self, css: &str) -> Result<Vec<Found>, CmdError> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .filter((element) => element.checkVisibility({ visibilityProperty: true })
                && !element.closest('[inert], [aria-hidden=true]'));";
        let answer = self.try_run(script, vec![css.into()]).await?;
        let references = answer.as_array().cloned().unwrap_or_default();
        Ok(references
            .iter()
            .filter_map(|reference| reference.as_object()?.values().next()?.as_str().map(str::to_owned))
            .map(|id| Found::from_element_id(self.client.clone(), id.into()))
            .collect())
    }

    /// Presses a key, wherever the focus is.
    ///
    /// # Panics
    /// If nothing has the focus.
    pub async fn press(&self, key: Key) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(&key.sequence()).await.expect("keys go to what has the focus");
    }

    /// The accessible name of what has the focus.
    ///
    /// # Panics
    /// If nothing has the focus.
    pub async fn focused_name(&self) -> String {
        let focused = self.client.active_element().await.expect("something has the focus");
        let label = self.client.issue_cmd(computed_label(focused.element_id().as_ref())).await;
        label.ok().and_then(|label| label.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The names of the shown elements that fit a selector.
    pub(crate) async fn names_now(&self, css: &str) -> Result<Vec<String>, CmdError> {
        let mut names = Vec::new();
        for element in self.shown_now(css).await? {
            let label = self.client.issue_cmd(computed_label(element.element_id().as_ref())).await?;
            names.push(label.as_str().unwrap_or_default().to_owned());
        }
        Ok(names)
    }
}

/// What may have a role.
fn selector(role: &str) -> &'static str {
    match role {
        "button" => "button, [role=button], input[type=submit], input[type=button], summary",
        "textbox" => "textarea, input, [role=textbox], [contenteditable]",
        "dialog" => "dialog, [role=dialog], [role=alertdialog]",
        "log" => "[role=log]",
        "link" => "a[href], [role=link]",
        "video" => "video",
        "combobox" => "select, [role=combobox]",
        "checkbox" => "input[type=checkbox], [role=checkbox]",
        "img" => "img, svg, [role=img]",
        "list" => "ul, ol, [role=list]",
        "meter" => "meter, [role=meter]",
        "progressbar" => "progress, [role=progressbar]",
        "region" => "section, [role=region]",
        other => panic!("the harness doesn't know what may have the role {other}"),
    }
}

/// Browsers agree on names of ARIA roles, but `video` has none: each calls it as it likes.
fn is_role(computed: &str, wanted: &str) -> bool {
    match wanted {
        "video" => true,
        "dialog" => computed == "dialog" || computed == "alertdialog",
        // ARIA 1.3 has both.
        "img" => computed == "img" || computed == "image",
        // A field that suggests (a list of people, say) is a combobox, and still the field for text.
        "textbox" => matches!(computed, "textbox" | "searchbox" | "combobox"),
        _ => computed.eq_ignore_ascii_case(wanted),
    }
}

fn is_named(computed: &str, wanted: &str) -> bool {
    computed.split_whitespace().eq(wanted.split_whitespace())
}

/// The first words of a long text.
fn shorten(text: &str) -> String {
    const ENOUGH: usize = 80;
    if text.chars().count() <= ENOUGH {
        text.to_owned()
    } else {
        text.chars().take(ENOUGH).chain("…".chars()).collect()
    }
}
