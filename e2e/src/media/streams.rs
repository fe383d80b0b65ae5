//! What comes from each person and what goes to them, by name. `streams.js` watches it from inside the page.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;

use crate::page::Page;
use crate::wait::TIMEOUT;

pub(crate) const SCRIPT: &str = include_str!("streams.js");

/// How many more pictures must be decoded until somebody counts as seen. One or two may be left from before.
const ENOUGH: u64 = 5;

/// A picture that stands still for longer is frozen. Where every core has 25 things to do at once, 4 s were
/// seen with nothing amiss. A connection made anew takes less, and is counted instead.
const FROZEN: Duration = Duration::from_secs(5);

/// What this page sends to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// How many pictures so far.
    pub frames: u64,
    /// Their height in pixels, as sent; 0 before the first. The browser sends less than it was asked to where
    /// the machine or the path can't take more.
    pub height: u64,
    /// The height that the browser was asked to send.
    pub asked: u64,
}

impl Page {
    /// Returns how many pictures were decoded of each `<video>` that comes in, by its name.
    ///
    /// # Panics
    /// If the page has gone.
    pub async fn frames_decoded(&self) -> BTreeMap<String, u64> {
        let answer = self.run("return tincanProbe.arriving();", vec![]).await;
        serde_json::from_str(answer.as_str().unwrap_or_default()).expect("numbers by name")
    }

    /// Waits until new pictures are decoded of every video in `names`.
    ///
    /// # Panics
    /// If they aren't.
    pub async fn decodes(&self, names: &[&str]) {
        self.decodes_within(TIMEOUT, names).await;
    }

    /// [`Page::decodes`] with another timeout.
    ///
    /// # Panics
    /// If they aren't.
    pub async fn decodes_within(&self, timeout: Duration, names: &[&str]) {
        let before = self.frames_decoded().await;
        self.expect_within(timeout, &format!("pictures of {names:?} are decoded"), async || {
            let latest = self.frames_decoded().await;
            names.iter().all(|name| has_grown(&before, &latest, name)).then_some(())
        })
        .await;
    }

    /// Waits until sound comes from somebody. Chromium's fake microphone beeps every second.
    ///
    /// # Panics
    /// If none does.
    pub async fn hears_from(&self, name: &str) {
        let loudness = async || {
            let answer = self.run("return tincanProbe.loudness(arguments[0]);", vec![name.into()]).await;
            answer.as_f64().unwrap_or_default()
        };
        let before = loudness().await;
        self.expect(&format!("sound comes from {name}"), async || {
            (loudness().await > before + 1e-6).then_some(())
        })
        .await;
    }

    /// Returns what this page sends to the person of whom the video `name` is: its own camera if the video is
    /// their camera, its own screen if the video is their screen.
    pub async fn sent_to(&self, name: &str) -> Sent {
        let sent = self.run("return tincanProbe.departing(arguments[0]);", vec![name.into()]).await;
        Sent {
            frames: sent["frames"].as_u64().unwrap_or_default(),
            height: sent["height"].as_u64().unwrap_or_default(),
            asked: sent["asked"].as_u64().unwrap_or_default(),
        }
    }

    /// Waits until no more pictures are sent to somebody.
    ///
    /// # Panics
    /// If they go on.
    pub async fn sends_no_more_pictures_to(&self, name: &str) {
        self.stays_the_same(&format!("no pictures go to {name}"), async || {
            self.sent_to(name).await.frames.into()
        })
        .await;
    }

    /// The video `name` has never stood still since [`Page::watch_pictures`].
    ///
    /// # Panics
    /// If it has, for so long as only a connection that is lost or given up takes.
    pub async fn never_froze(&self, name: &str) {
        let pause = self.longest_pause(name).await;
        assert!(pause < FROZEN, "{name} stood still for {pause:?}");
    }

    /// From now on, measures the pauses between the pictures of a video.
    pub async fn watch_pictures(&self, name: &str) {
        self.run("tincanProbe.watchPictures(arguments[0]);", vec![name.into()]).await;
    }

    /// Returns the longest pause between two pictures of a video since [`Page::watch_pictures`].
    ///
    /// # Panics
    /// If there are hardly any pictures at all.
    pub async fn longest_pause(&self, name: &str) -> Duration {
        let watched = async || {
            let answer = self.run("return tincanProbe.longestPause(arguments[0]);", vec![name.into()]).await;
            (answer["shown"].as_u64()? > ENOUGH).then_some(answer)
        };
        let answer = self.expect(&format!("some pictures of {name} were shown"), watched).await;
        Duration::from_secs_f64(answer["pause"].as_f64().expect("milliseconds") / 1000.0)
    }
}

/// Waits until pictures are decoded in every direction between these people, who are in one room. They go by
/// the names that they have there: see [`Page::name`].
pub async fn everyone_sees_everyone(people: &[&Page]) {
    let names: Vec<String> = people.iter().map(|page| page.name()).collect();
    let each = people.iter().enumerate().map(async |(index, page)| {
        let others: Vec<&str> = names.iter().map(String::as_str).collect();
        let others: Vec<&str> = [&others[..index], &others[index + 1..]].concat();
        page.decodes(&others).await;
    });
    join_all(each).await;
}

/// Waits until everyone has everyone else's moving picture in sight and hears them.
pub async fn everyone_meets_everyone(people: &[&Page]) {
    everyone_sees_everyone(people).await;
    each_with_each(people, async |page, name| {
        page.shows_live_picture(name).await;
        page.hears_from(name).await;
    })
    .await;
}

/// Runs `does` for each of these people with the name of each of the others, all at once.
pub async fn each_with_each(people: &[&Page], does: impl AsyncFn(&Page, &str)) {
    let names: Vec<String> = people.iter().map(|page| page.name()).collect();
    let pairs = people.iter().enumerate().flat_map(|(index, page)| {
        names.iter().enumerate().filter(move |(other, _)| *other != index).map(move |(_, name)| (*page, name))
    });
    join_all(pairs.map(|(page, name)| does(page, name))).await;
}

fn has_grown(before: &BTreeMap<String, u64>, latest: &BTreeMap<String, u64>, name: &str) -> bool {
    let decoded = |counts: &BTreeMap<String, u64>| counts.get(name).copied().unwrap_or_default();
    // A new connection starts counting at 0.
    let before = if decoded(latest) < decoded(before) { 0 } else { decoded(before) };
    decoded(latest) >= before + ENOUGH
}
