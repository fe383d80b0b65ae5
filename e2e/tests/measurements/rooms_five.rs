//! Five people in a room, and how long it takes until everyone sees everyone.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tincan_e2e::{Page, Server, everyone_sees_everyone, record};

/// This only keeps a test from hanging: each of five browsers has four encoders and four decoders at work.
const AT_MOST: Duration = Duration::from_secs(60);

/// The most lines that are sent in a grid of five.
const SMALL: u64 = 240;

#[tokio::test]
async fn five_see_each_other_in_twenty_directions() {
    let server = Server::start_alone(&[]).await;
    let names = ["Anna", "Bob", "Cleo", "Dora", "Emil"];
    let pages = join_all(names.map(|_| Page::before_room_of_many(&server, "five"))).await;
    let pages: Vec<&Page> = pages.iter().collect();
    for (page, name) in pages.iter().zip(names) {
        page.shows_live_picture("You").await;
        page.textbox("Your name").paste(name).await;
        page.is_called(name);
    }
    pages[0].goes_in().await;
    let pair = until_everyone_is_seen(&pages[..2]).await;
    for newcomer in &pages[2..4] {
        newcomer.goes_in().await;
    }
    everyone_sees_everyone(&pages[..4]).await;
    let five = until_everyone_is_seen(&pages).await;
    let ratio = five.as_secs_f64() / pair.as_secs_f64();
    record(
        "seconds from the last one's Join to pictures in every direction",
        &json!({ "pair": pair.as_secs_f64(), "five": five.as_secs_f64(), "ratio": ratio }),
    );
    assert!(five < AT_MOST, "{five:?}");

    for page in &pages {
        page.people_are(&names).await;
        for name in names.into_iter().filter(|name| *name != page.name()) {
            page.expect(&format!("what goes to {name} is small"), async || {
                let sent = page.sent_to(name).await;
                (sent.frames > 0 && sent.height <= SMALL).then_some(())
            })
            .await;
        }
    }
}

/// Has the last of these people press `Join`, and returns the time until new pictures are decoded in every
/// direction.
async fn until_everyone_is_seen(people: &[&Page]) -> Duration {
    let start = Instant::now();
    people[people.len() - 1].button("Join").click().await;
    everyone_sees_everyone(people).await;
    start.elapsed()
}
