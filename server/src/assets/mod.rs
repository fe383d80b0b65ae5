//! The page, embedded in the binary, as brotli only: a client that can't read it gets it unpacked on demand.

mod respond;

pub(crate) use respond::respond;

/// One embedded file.
struct File {
    /// As in the URL, without the first `/`.
    path: &'static str,
    content_type: &'static str,
    /// Its name changes with its content.
    immutable: bool,
    /// The same for both encodings, hence weak.
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
