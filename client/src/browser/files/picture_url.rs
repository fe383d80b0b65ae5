//! Addresses of pictures among the files, for an `<img>`.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use tincan_session::files::{PICTURE_HEAD_BYTES, SourceId, TransferId, is_drawable};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::object_url::ObjectUrl;
use super::sources::Sources;
use super::storage::stored_file;
use crate::browser::js;

/// The types that every browser draws, that hold nothing active, and whose size is in their head. SVG can
/// hold scripts, though none run in an `<img>`. What the head of an AVIF says of its size binds nobody.
const TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// A larger picture is not drawn: decoding it would keep a weak machine busy.
const LARGEST_BYTES: u64 = 32 << 20;

/// An address of a picture, valid until it is dropped.
#[derive(PartialEq)]
pub struct PictureUrl(ObjectUrl);

/// Why a file has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPicture {
    /// It has too many pixels to be drawn.
    TooLarge,
    /// It is no such picture, or it is gone.
    None,
}

impl PictureUrl {
    /// Returns whether a file of this media type and size can have one.
    pub fn is_for(mime: &str, size: u64) -> bool {
        TYPES.contains(&mime) && size <= LARGEST_BYTES
    }

    /// Returns the address of a chosen file, as long as the session needs that.
    ///
    /// # Errors
    ///
    /// If the file is not to be drawn.
    pub async fn of_chosen(sources: Sources, source: SourceId, mime: &str) -> Result<PictureUrl, NoPicture> {
        PictureUrl::of(&sources.get(source).ok_or(NoPicture::None)?, mime).await
    }

    /// Returns the address of a received file.
    ///
    /// # Errors
    ///
    /// If the file is not to be drawn.
    pub async fn of_received(id: TransferId, mime: &str) -> Result<PictureUrl, NoPicture> {
        let file = stored_file(&id.to_string()).await.map_err(|_| NoPicture::None)?;
        PictureUrl::of(&file, mime).await
    }

    async fn of(file: &File, mime: &str) -> Result<PictureUrl, NoPicture> {
        let head = head(file).await.map_err(|_| NoPicture::None)?;
        if !is_drawable(&head).ok_or(NoPicture::None)? {
            return Err(NoPicture::TooLarge);
        }
        // Of the type that was checked, whatever the browser infers from the file's name.
        let all = Array::of3(&0.into(), &file.size().into(), &mime.into());
        let blob = js::call(file, "slice", &all);
        blob.and_then(|blob| ObjectUrl::of(&blob)).map(PictureUrl).map_err(|_| NoPicture::None)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

async fn head(file: &File) -> Result<Vec<u8>, JsValue> {
    let part = js::call(file, "slice", &Array::of2(&0.into(), &PICTURE_HEAD_BYTES.into()))?;
    let bytes: ArrayBuffer = js::call_async(&part, "arrayBuffer", &Array::new()).await?.dyn_into()?;
    Ok(Uint8Array::new(&bytes).to_vec())
}
