//! Pictures among the files, as an `<img>` shows them.

use js_sys::Array;
use tincan_session::files::{SourceId, TransferId};
use wasm_bindgen::JsValue;
use web_sys::File;

use super::object_url::ObjectUrl;
use super::sources::Sources;
use super::storage::stored_file;
use crate::browser::js;

/// What every browser draws and nothing in it can act (the HTML standard's `<img>` also takes SVG, which can
/// hold scripts, if none that run there).
const TYPES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// A larger one is not drawn: unpacking it would keep a weak machine busy.
const LARGEST_BYTES: u64 = 32 << 20;

/// An address of a picture, good until this is dropped.
#[derive(PartialEq)]
pub struct PictureUrl(ObjectUrl);

impl PictureUrl {
    /// Whether a file of this media type and size has one.
    pub fn is_for(mime: &str, size: u64) -> bool {
        TYPES.contains(&mime) && size <= LARGEST_BYTES
    }

    /// Of a file that the user has chosen, while the session still needs it.
    pub fn of_chosen(sources: &Sources, source: SourceId, mime: &str) -> Option<PictureUrl> {
        PictureUrl::of(&sources.get(source)?, mime).ok()
    }

    /// Of one that was received.
    pub async fn of_received(id: TransferId, mime: &str) -> Option<PictureUrl> {
        let file = stored_file(&id.to_string()).await.ok()?;
        PictureUrl::of(&file, mime).ok()
    }

    fn of(file: &File, mime: &str) -> Result<PictureUrl, JsValue> {
        // Under the type that was looked at, whatever the browser makes of the file's name.
        let all = Array::of3(&0.into(), &file.size().into(), &mime.into());
        let blob = js::call(file, "slice", &all)?;
        ObjectUrl::of(&blob).map(PictureUrl)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}
