//! How fast plain JavaScript sends over a data channel on this machine: the speed that Tincan's is compared
//! with.

use std::time::Duration;

use serde_json::{Value, json};

use crate::page::Page;

/// This only keeps a test from hanging.
const MAX_DURATION: Duration = Duration::from_secs(300);

/// Returns how long `size` bytes take from page to page in a loop that does nothing else, from the opening of
/// the channel on.
///
/// # Panics
/// If the pages don't connect.
pub async fn plain_channel(from: &Page, to: &Page, size: u64) -> Duration {
    from.run("tincanProbe.plain.describe(null);", vec![]).await;
    let offer = noted(from, "described").await;
    to.run(
        "tincanProbe.plain.describe(arguments[0]); tincanProbe.plain.receive(arguments[1]);",
        vec![offer, json!(size)],
    )
    .await;
    let answer = noted(to, "described").await;
    from.run("tincanProbe.plain.push(...arguments);", vec![answer, json!(size)]).await;
    // Both pages have the same clock.
    let ended = noted(to, "ended").await.as_u64().expect("milliseconds");
    let began = noted(from, "began").await.as_u64().expect("milliseconds");
    for page in [from, to] {
        page.run("tincanProbe.plain.close();", vec![]).await;
    }
    Duration::from_millis(ended - began)
}

async fn noted(page: &Page, name: &str) -> Value {
    page.expect_within(MAX_DURATION, &format!("{name} is noted"), async || {
        let value = page.run("return tincanProbe.plain[arguments[0]];", vec![json!(name)]).await;
        (!value.is_null()).then_some(value)
    })
    .await
}
