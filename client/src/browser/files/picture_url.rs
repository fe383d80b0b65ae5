//! Addresses of pictures among the files, for an `<img>`.

use js_sys::Array;
use tincan_session::files::{SourceId, TransferId};
use wasm_bindgen::JsValue;
use web_sys::File;

use super::object_url::ObjectUrl;
use super::sources::Sources;
use super::storage::stored_file;
use crate::browser::js;

/// The types that every browser draws and that hold nothing active. SVG can hold scripts, though none run in
/// an `<img>`.
const TYPES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// A larger picture is not drawn: decoding it would keep a weak machine busy.
const LARGEST_BYTES: u64 = 32 << 20;

/// An address of a picture, valid until it is dropped.
#[derive(PartialEq)]
pub struct PictureUrl(ObjectUrl);

impl PictureUrl {
    /// Returns whether a file of this media type and size can have one.
    pub fn is_for(mime: &str, size: u64) -> bool {
        TYPES.contains(&mime) && size <= LARGEST_BYTES
    }

    /// Returns the address of a chosen file, as long as the session needs that.
    pub fn of_chosen(sources: &Sources, source: SourceId, mime: &str) -> Option<PictureUrl> {
        PictureUrl::of(&sources.get(source)?, mime).ok()
    }

    /// Returns the address of a received file.
    pub async fn of_received(id: TransferId, mime: &str) -> Option<PictureUrl> {
        let file = stored_file(&id.to_string()).await.ok()?;
        PictureUrl::of(&file, mime).ok()
    }

    fn of(file: &File, mime: &str) -> Result<PictureUrl, JsValue> {
        // Of the type that was checked, whatever the browser infers from the file's name.
        let all = Array::of3(&0.into(), &file.size().into(), &mime.into());
        let blob = js::call(file, "slice", &all)?;
        ObjectUrl::of(&blob).map(PictureUrl)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}
