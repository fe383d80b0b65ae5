//! Waiting for conditions on the page, and for what its live regions say.

use std::time::Duration;

use serde_json::Value;

use super::{Page, report};
use crate::wait::{TIMEOUT, until};

/// A stream that brought nothing new for so long has stopped.
const STOPPED_AFTER: Duration = Duration::from_millis(1_500);

impl Page {
    /// Waits until `ask` returns something.
    ///
    /// # Panics
    /// If it doesn't within [`TIMEOUT`], with a report of what was on the page instead.
    pub async fn expect<T>(&self, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
        self.expect_within(TIMEOUT, what, ask).await
    }

    /// [`Page::expect`] with another timeout.
    ///
    /// # Panics
    /// If the condition doesn't come true in time.
    pub async fn expect_within<T>(
        &self,
        timeout: Duration,
        what: &str,
        ask: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        match until(timeout, ask).await {
            Some(answer) => answer,
            None => panic!("{}", report::what_was_there_instead(self, what, timeout).await),
        }
    }

    /// Waits until `ask` has returned the same for [`STOPPED_AFTER`] on end.
    pub(crate) async fn stays_the_same(&self, what: &str, ask: impl AsyncFn() -> Value) {
        let mut since = None;
        self.expect_within(TIMEOUT, what, async || {
            let answer = ask().await;
            let now = std::time::Instant::now();
            match &since {
                Some((before, start)) if *before == answer => {
                    (now.duration_since(*start) >= STOPPED_AFTER).then_some(())
                }
                _ => {
                    since = Some((answer, now));
                    None
                }
            }
        })
        .await;
    }

    /// Waits until a `status` says one of `wordings`, whatever the case of letters. Returns all of its text.
    ///
    /// # Panics
    /// If none does.
    pub async fn status_says(&self, wordings: &[&str]) -> String {
        self.status_says_within(TIMEOUT, wordings).await
    }

    /// [`Page::status_says`] with another timeout.
    pub async fn status_says_within(&self, timeout: Duration, wordings: &[&str]) -> String {
        self.live_region_says("[role=status], output", "status", wordings, timeout).await
    }

    /// Waits until an `alert` says one of `wordings`.
    ///
    /// # Panics
    /// If none does.
    pub async fn alert_says(&self, wordings: &[&str]) -> String {
        self.live_region_says("[role=alert]", "alert", wordings, TIMEOUT).await
    }

    /// Waits until the page says one of `wordings`, anywhere.
    ///
    /// # Panics
    /// If it doesn't.
    pub async fn says(&self, wordings: &[&str]) -> String {
        self.live_region_says("body", "page", wordings, TIMEOUT).await
    }

    async fn live_region_says(&self, css: &str, what: &str, wordings: &[&str], timeout: Duration) -> String {
        self.expect_within(timeout, &format!("the {what} says one of {wordings:?}"), async || {
            let texts = self.texts(css).await;
            texts.into_iter().find(|text| {
                let lower = text.to_lowercase();
                wordings.iter().any(|wording| lower.contains(&wording.to_lowercase()))
            })
        })
        .await
    }

    /// Returns the text of every shown element that fits the selector.
    async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .filter((element) => element.checkVisibility({ visibilityProperty: true }))
            .map((element) => element.innerText || element.textContent);";
        let texts = self.run(script, vec![css.into()]).await;
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }
}
