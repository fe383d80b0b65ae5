//! The page, embedded in the binary as brotli only. A client that can't read brotli gets the page unpacked on
//! demand.

mod respond;

pub(crate) use respond::respond;

/// One embedded file.
struct File {
    /// The path in the URL, without the first `/`.
    path: &'static str,
    content_type: &'static str,
    /// Whether the name changes with the content, so that a client may keep the file for ever.
    immutable: bool,
    /// Weak, because it is the same for both encodings.
    etag: &'static str,
    brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl File {
    fn unpacked(&self) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        brotli::BrotliDecompress(&mut &self.brotli[..], &mut content)?;
        Ok(content)
    }
}

fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().and_then(|index| FILES.get(index))
}
