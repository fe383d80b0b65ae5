//! Plays the sound that comes from others.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStream};

use crate::browser::js;
use crate::browser::js::Task;
use crate::browser::page::user_activation;

/// Sound that plays until this is dropped.
///
/// It has an element of its own for two reasons. A `<video>` that gets no picture never begins to play
/// (Chromium leaves it at `readyState` 0), and pictures are stopped wherever nobody sees them. The receiver
/// keeps sound and picture in step all the same.
pub(super) struct Sound {
    element: HtmlAudioElement,
    start: Task,
}

impl Sound {
    pub(super) fn new(stream: &MediaStream, speaker: &str) -> Result<Sound, JsValue> {
        let element = HtmlAudioElement::new()?;
        element.set_src_object(Some(stream));
        let start = Task::spawn(start(element.clone()));
        let sound = Sound { element, start };
        sound.use_speaker(speaker);
        Ok(sound)
    }

    /// Plays on, where it was paused.
    pub(super) fn resume(&mut self) {
        if self.element.paused() {
            self.start = Task::spawn(start(self.element.clone()));
        }
    }

    /// Plays it on this output device, or on the system's choice if `speaker` is empty or that device is
    /// gone.
    pub(super) fn use_speaker(&self, speaker: &str) {
        let used = js::text(&self.element, "sinkId");
        // Without `sinkId`, a page can't choose.
        if used.is_none_or(|used| used == speaker) {
            return;
        }
        let (element, speaker) = (self.element.clone(), JsValue::from_str(speaker));
        spawn_local(async move {
            if js::call_async(&element, "setSinkId", &Array::of1(&speaker)).await.is_err() {
                js::call_quietly(&element, "setSinkId", Array::of1(&"".into()));
            }
        });
    }

    #[cfg(test)]
    pub(super) fn element(&self) -> HtmlAudioElement {
        self.element.clone()
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.element.set_src_object(None);
    }
}

/// Starts to play. Safari, and Firefox if so configured, allow sound only after a touch or a key: then it
/// starts with the next of those.
async fn start(element: HtmlAudioElement) {
    while let Err(error) = begin(&element).await {
        if js::text(&error, "name").as_deref() != Some("NotAllowedError") {
            return;
        }
        user_activation().await;
    }
}

async fn begin(element: &HtmlAudioElement) -> Result<(), JsValue> {
    JsFuture::from(element.play()?).await.map(drop)
}
