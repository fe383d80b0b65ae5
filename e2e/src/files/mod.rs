//! Files: making, choosing and receiving them. `files.js` does it inside the page.

mod plain_channel;

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use fantoccini::Locator;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::page::Page;
pub use plain_channel::plain_channel;

pub(crate) const SCRIPT: &str = concat!(include_str!("files.js"), include_str!("plain_channel.js"));

/// Hashing two gibibytes takes long. This only keeps a test from hanging.
const WORK_TIMEOUT: Duration = Duration::from_secs(180);

/// The inputs that open the browser's own window for choosing files.
const IN_CALL: &str = ".composer__attach input";
const AT_HOME: &str = ".call-kinds input";

impl Page {
    /// Makes a file of so many bytes, which follow from its name. Returns its hash, as [`Page::stored_files`]
    /// has it.
    pub async fn makes_file(&self, name: &str, size: u64) -> String {
        let seed = name.bytes().fold(1_u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        self.makes_file_of(name, "", seed, size).await
    }

    /// [`Page::makes_file`] with a media type, and with bytes that follow from `seed`.
    pub async fn makes_file_of(&self, name: &str, mime: &str, seed: u32, size: u64) -> String {
        let arguments = vec![json!(name), json!(mime), json!(seed), json!(size)];
        self.run("tincanProbe.files.make(...arguments);", arguments).await;
        self.hash("the file is made").await
    }

    /// Writes a file of so many bytes to the disk and has the browser take it from there, as users do with
    /// large files. Returns its hash, and the file, which is deleted when dropped.
    ///
    /// # Panics
    /// If the disk is full.
    pub async fn takes_large_file(&self, size: u64) -> (String, NamedTempFile) {
        let mut file = tempfile::Builder::new().suffix(".bin").tempfile().expect("a temporary file");
        write_noise(&mut file, size).expect("the disk isn't full");
        self.run("tincanProbe.files.offerInput();", vec![]).await;
        let input = self.client.find(Locator::Css("#a-file-of-the-test")).await.expect("it was just made");
        input.send_keys(&file.path().to_string_lossy()).await.expect("the browser takes a file");
        self.run("tincanProbe.files.take();", vec![]).await;
        (self.hash("the file is taken").await, file)
    }

    /// Makes a picture.
    pub async fn makes_picture(&self, name: &str) -> String {
        self.makes_picture_of(name, 320, 240).await
    }

    /// Makes a picture of so many pixels.
    pub async fn makes_picture_of(&self, name: &str, width: u32, height: u32) -> String {
        let arguments = vec![json!(name), json!(width), json!(height)];
        self.run("tincanProbe.files.picture(...arguments);", arguments).await;
        self.hash("the picture is made").await
    }

    /// Attaches the file that was made last, for everyone in the call or room.
    pub async fn attaches(&self) {
        self.choose_in(IN_CALL).await;
    }

    /// Deletes the only file that was received, saved or not.
    pub async fn deletes_file(&self) {
        self.button("Delete").click().await;
        self.expect("it is gone", async || {
            if self.button("Keep").is_there_now().await {
                self.button("Delete").click_now().await;
                return None;
            }
            (!self.button("Delete").is_there_now().await).then_some(())
        })
        .await;
    }

    /// Attaches it on the home screen, for the person named there.
    pub async fn attaches_at_home(&self) {
        self.choose_in(AT_HOME).await;
    }

    /// Attaches it by the input of this name.
    pub async fn attaches_by(&self, name: &str) {
        self.choose_in(&format!("input[type=file][aria-label='{name}']")).await;
    }

    /// Makes a file and attaches it for everyone in the call or room. Returns its hash.
    pub async fn offers_file(&self, name: &str, size: u64) -> String {
        let hash = self.makes_file(name, size).await;
        self.attaches().await;
        hash
    }

    async fn choose_in(&self, css: &str) {
        let there = async || {
            let script = "return document.querySelector(arguments[0]) !== null;";
            (self.run(script, vec![json!(css)]).await == true).then_some(())
        };
        self.expect(&format!("files can be chosen by {css}"), there).await;
        let script = "tincanProbe.files.choose(document.querySelector(arguments[0]));";
        self.run(script, vec![json!(css)]).await;
    }

    /// Attaches a file that is on the disk, for everyone in the call or room.
    ///
    /// # Panics
    /// If the browser doesn't take it.
    pub async fn chooses_from_disk(&self, path: &Path) {
        let input = self.client.find(Locator::Css(IN_CALL)).await.expect("files can be chosen");
        input.send_keys(&path.to_string_lossy()).await.expect("the browser takes a file");
    }

    /// Drops the file that was made last onto the element that fits the selector.
    ///
    /// # Panics
    /// If the browser would leave the page to show the file.
    pub async fn drops_file_on(&self, css: &str) {
        let script = "return tincanProbe.files.drop(document.querySelector(arguments[0]));";
        assert_eq!(
            self.run(script, vec![json!(css)]).await,
            true,
            "the page is left when a file is dropped on {css}"
        );
    }

    /// Pastes the file that was made last into the field for messages, with `others`: the same content in
    /// other forms, by media type. Returns whether the page leaves it to the browser, which pastes text.
    pub async fn pastes_file(&self, others: Value) -> bool {
        let script = "return tincanProbe.files.paste(document.querySelector('textarea'), arguments[0]);";
        self.run(script, vec![others]).await == true
    }

    /// Presses `Accept file`, and waits until the file is complete.
    pub async fn accepts_file(&self) {
        self.button("Accept file").click().await;
        self.button("Save file").is_there().await;
    }

    /// Waits until the preview of a file is drawn.
    ///
    /// # Panics
    /// If it isn't.
    pub async fn shows_preview(&self, name: &str) {
        let preview = self.by_role("img", &format!("Preview of {name}"));
        self.expect(&format!("a preview of {name} is drawn"), async || {
            let drawn = preview
                .ask_now("return arguments[0].naturalWidth > 0 && arguments[0].clientWidth > 0;")
                .await?;
            (drawn == true).then_some(())
        })
        .await;
    }

    /// Returns the hashes of the files that are stored, whole or in part.
    pub async fn stored_files(&self) -> Vec<String> {
        self.run("tincanProbe.files.stored();", vec![]).await;
        let hashes = self.answer("what is stored is read").await;
        hashes.as_array().into_iter().flatten().filter_map(|hash| hash.as_str().map(str::to_owned)).collect()
    }

    /// Waits until nothing is stored.
    ///
    /// # Panics
    /// If something stays.
    pub async fn stores_nothing(&self) {
        self.expect("nothing is stored", async || self.stored_files().await.is_empty().then_some(())).await;
    }

    /// Presses `Accept file`, and returns how long it takes until the file is complete. The page's own clock
    /// measures it, so that polling costs the transfer nothing. `meanwhile` is called every half second.
    ///
    /// # Panics
    /// If the file doesn't come.
    pub async fn times_file(&self, timeout: Duration, mut meanwhile: impl FnMut()) -> Duration {
        self.button("Accept file").is_there().await;
        self.run("tincanProbe.files.clock();", vec![]).await;
        self.button("Accept file").click().await;
        self.expect_within(timeout, "the file is there", async || {
            // Less often than other conditions: polling takes from what is being measured.
            tokio::time::sleep(Duration::from_millis(500)).await;
            meanwhile();
            let took = self.run("return tincanProbe.files.took;", vec![]).await.as_f64()?;
            Some(Duration::from_secs_f64(took / 1000.0))
        })
        .await
    }

    /// From now on, counts the bytes that data channels send, without text.
    pub async fn counts_bytes_sent(&self) {
        self.run("tincanProbe.files.count();", vec![]).await;
    }

    /// Returns how many bytes have been sent since [`Page::counts_bytes_sent`].
    ///
    /// # Panics
    /// If nobody counts.
    pub async fn bytes_sent(&self) -> u64 {
        let sent = self.run("return tincanProbe.files.sent;", vec![]).await;
        sent.as_u64().expect("they are counted")
    }

    /// Waits until the progress bar of this file shows more than `bytes`.
    ///
    /// # Panics
    /// If it stays below.
    pub async fn has_more_than(&self, bytes: u64, name: &str) {
        let progress = self.by_role("progressbar", name);
        self.expect(&format!("more than {bytes} bytes of {name} are there"), async || {
            let value = progress.ask_now("return arguments[0].value;").await?.as_f64()?;
            (value > bytes as f64).then_some(())
        })
        .await;
    }

    async fn hash(&self, what: &str) -> String {
        self.answer(what).await.as_str().expect("a hash").to_owned()
    }

    async fn answer(&self, what: &str) -> Value {
        let answer = self.expect_within(WORK_TIMEOUT, what, async || {
            let answer = self.run("return tincanProbe.files.answer;", vec![]).await;
            (!answer.is_null()).then_some(answer)
        });
        let mut answer = answer.await;
        assert!(answer["error"].is_null(), "{what}: {answer}");
        answer["value"].take()
    }
}

/// Writes `size` bytes that no compression shortens (xorshift, Marsaglia 2003).
fn write_noise(file: &mut impl Write, size: u64) -> io::Result<()> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut left = size;
    let mut block = vec![0; 1 << 20];
    while left > 0 {
        for word in block.chunks_exact_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        let length = left.min(block.len() as u64);
        file.write_all(&block[..length as usize])?;
        left -= length;
    }
    file.flush()
}
