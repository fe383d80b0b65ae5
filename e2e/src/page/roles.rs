//! Finding elements by role and name. Candidates come by selector, and by the words that a name has to be
//! made of, for speed; the browser says what they are called.

use fantoccini::elements::Element as Found;
use fantoccini::error::CmdError;
use serde_json::json;

use super::Page;
use crate::browser::webdriver::{computed_label, computed_role};

/// Returns the shown elements that fit a selector and could have a name of these words: each of them is
/// somewhere in what names are computed from (W3C accname 1.2). To ask the browser for a name costs about
/// 10 ms, and a screen has twenty buttons.
const COULD_BE: &str = "
    const [selector, words] = arguments;
    const attributes = ['aria-label', 'alt', 'title', 'placeholder', 'value'];
    const within = (element) => [element, ...element.querySelectorAll('*')]
        .flatMap((part) => attributes.map((name) => part.getAttribute(name) ?? ''))
        .concat(element.textContent).join(' ');
    const naming = (element) => [
        element,
        ...(element.labels ?? []),
        ...(element.getAttribute('aria-labelledby') ?? '').split(/\\s+/)
            .map((id) => document.getElementById(id)).filter(Boolean),
    ].map(within).join(' ').toLowerCase();
    return [...document.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility({ visibilityProperty: true })
            && !element.closest('[inert], [aria-hidden=true]'))
        .filter((element) => {
            const text = words.length ? naming(element) : '';
            return words.every((word) => text.includes(word));
        });";

impl Page {
    /// Looks once for the shown element with this role and name.
    pub(super) async fn find(&self, role: &str, name: &str) -> Result<Option<Found>, CmdError> {
        for candidate in self.shown_now(selector(role), name).await? {
            let id = candidate.element_id();
            let label = self.client.issue_cmd(computed_label(id.as_ref())).await?;
            if !is_named(label.as_str().unwrap_or_default(), name) {
                continue;
            }
            let computed = self.client.issue_cmd(computed_role(id.as_ref())).await?;
            if is_role(computed.as_str().unwrap_or_default(), role) {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }

    /// Returns the names of the shown elements that fit a selector.
    pub(super) async fn names_now(&self, css: &str) -> Result<Vec<String>, CmdError> {
        let mut names = Vec::new();
        for element in self.shown_now(css, "").await? {
            let label = self.client.issue_cmd(computed_label(element.element_id().as_ref())).await?;
            names.push(label.as_str().unwrap_or_default().to_owned());
        }
        Ok(names)
    }

    /// Returns the shown elements that fit a selector, and could have this name.
    async fn shown_now(&self, css: &str, name: &str) -> Result<Vec<Found>, CmdError> {
        let name = name.to_lowercase();
        let words: Vec<&str> = name.split_whitespace().collect();
        let answer = self.try_run(COULD_BE, vec![css.into(), json!(words)]).await?;
        let references = answer.as_array().cloned().unwrap_or_default();
        Ok(references
            .iter()
            .filter_map(|reference| reference.as_object()?.values().next()?.as_str().map(str::to_owned))
            .map(|id| Found::from_element_id(self.client.clone(), id.into()))
            .collect())
    }
}

/// Returns a selector of everything that may have a role.
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

/// Returns whether a computed role is the one wanted. Browsers agree on the names of ARIA roles, but `video`
/// has none: each browser calls it as it likes.
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
