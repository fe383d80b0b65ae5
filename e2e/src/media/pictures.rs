//! What a `<video>` shows, and what comes in over all peer connections together.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::page::{Element, Page};

/// A picture whose brightness varies less than this has one colour, up to noise. The fake camera's varies by
/// over 1,000.
const ONE_COLOUR: f64 = 20.0;

/// A video with so many different pictures moves.
const DIFFERENT_PICTURES: usize = 4;

/// What a `<video>` shows.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Variance of the brightness (0 to 255) over the picture.
    pub variance: f64,
    /// Whether a user sees it: it is large enough, not transparent, and has nothing in front of it.
    pub seen: bool,
    /// A checksum of the picture: equal for equal pictures.
    pub mark: u64,
    /// Whether its sound is off, as a preview of oneself's must be.
    pub muted: bool,
    /// Whether it is mirrored.
    pub mirrored: bool,
    /// Width and height in pixels of the video; 0 before the first frame.
    pub size: (u64, u64),
}

/// What has come in over all peer connections that are open.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Received {
    frames_decoded: u64,
    audio_energy: f64,
    audio_samples: u64,
}

impl Element<'_> {
    /// Returns what the video shows, once it is there.
    pub async fn picture(&self) -> Picture {
        Picture::from(&self.ask(PICTURE).await)
    }

    /// Returns what the video shows at this moment, if it is there.
    async fn picture_now(&self) -> Option<Picture> {
        self.ask_now(PICTURE).await.as_ref().map(Picture::from)
    }
}

const PICTURE: &str = "return tincanProbe.picture(arguments[0]);";

impl From<&Value> for Picture {
    fn from(picture: &Value) -> Picture {
        let number = |name: &str| picture[name].as_u64().unwrap_or_default();
        Picture {
            variance: picture["variance"].as_f64().unwrap_or_default(),
            seen: picture["seen"] == true,
            mark: number("mark"),
            muted: picture["muted"] == true,
            mirrored: picture["mirrored"] == true,
            size: (number("width"), number("height")),
        }
    }
}

impl Page {
    /// Waits until the video `name` shows a moving picture of more than one colour, and at least ten more
    /// frames that came over the network are decoded.
    ///
    /// # Panics
    /// If it doesn't.
    pub async fn sees(&self, name: &str) {
        let mut before = self.received().await.frames_decoded;
        self.shows_live_picture(name).await;
        self.expect(&format!("frames of {name} are decoded"), async || {
            let decoded = self.received().await.frames_decoded;
            // A new connection starts counting at 0.
            before = before.min(decoded);
            (decoded >= before + 10).then_some(())
        })
        .await;
    }

    /// Waits until the video `name` shows a moving picture of more than one colour, wherever it comes from.
    ///
    /// # Panics
    /// If it doesn't.
    pub async fn shows_live_picture(&self, name: &str) -> Picture {
        let video = self.video(name);
        let mut marks = BTreeSet::new();
        self.expect(&format!("video {name:?} shows a moving picture in full sight"), async || {
            let picture = video.picture_now().await?;
            if picture.seen && picture.size.0 > 0 && picture.variance > ONE_COLOUR {
                marks.insert(picture.mark);
            }
            (marks.len() >= DIFFERENT_PICTURES).then_some(picture)
        })
        .await
    }

    /// Waits until nothing moves in the video `name`: it is gone, out of sight, has one colour, or stands
    /// still.
    ///
    /// # Panics
    /// If it goes on.
    pub async fn no_longer_sees(&self, name: &str) {
        let video = self.video(name);
        self.stays_the_same(&format!("video {name:?} has stopped"), async || {
            match video.picture_now().await {
                Some(picture) if picture.seen && picture.variance > ONE_COLOUR => picture.mark.into(),
                _ => Value::Null,
            }
        })
        .await;
    }

    /// Waits until sound comes in: Chromium's fake microphone beeps every second.
    ///
    /// # Panics
    /// If it doesn't.
    pub async fn hears(&self) {
        let before = self.received().await;
        self.expect("sound comes in", async || {
            let now = self.received().await;
            (now.audio_samples > before.audio_samples && now.audio_energy > before.audio_energy + 1e-6)
                .then_some(())
        })
        .await;
    }

    /// Waits until what comes in is silence.
    ///
    /// # Panics
    /// If it isn't.
    pub async fn hears_nothing(&self) {
        self.stays_the_same("what comes in is silent", async || {
            // Comfort noise is far below this rounding, and one beep far above it.
            let energy = self.received().await.audio_energy;
            Value::from((energy * 1e4).round())
        })
        .await;
    }

    async fn received(&self) -> Received {
        let received = self.run("return tincanProbe.received();", vec![]).await;
        Received {
            frames_decoded: received["framesDecoded"].as_u64().unwrap_or_default(),
            audio_energy: received["audioEnergy"].as_f64().unwrap_or_default(),
            audio_samples: received["audioSamples"].as_u64().unwrap_or_default(),
        }
    }
}
