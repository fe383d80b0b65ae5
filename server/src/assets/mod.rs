//! The page, embedded in the binary, packed in two ways. A client that takes neither gets it unpacked, which
//! is done once.

mod encoding;
mod respond;

use std::sync::OnceLock;

use axum::body::Bytes;

pub(crate) use respond::respond;

/// One embedded file.
struct File {
    /// The path in the URL, without the first `/`.
    path: &'static str,
    content_type: &'static str,
    /// Whether the name changes with the content, so that a client may keep the file for ever.
    immutable: bool,
    /// The same for every encoding, hence weak.
    etag: &'static str,
    /// Unpacked, in bytes.
    length: usize,
    brotli: &'static [u8],
    gzip: &'static [u8],
    /// Unpacked, once somebody has asked for that.
    plain: OnceLock<Bytes>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl File {
    fn unpacked(&self) -> Bytes {
        let unpack = || {
            let mut content = Vec::with_capacity(self.length);
            // Can't fail: the build has packed it.
            let _ = brotli::BrotliDecompress(&mut &self.brotli[..], &mut content);
            Bytes::from(content)
        };
        self.plain.get_or_init(unpack).clone()
    }
}

fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().and_then(|index| FILES.get(index))
}
