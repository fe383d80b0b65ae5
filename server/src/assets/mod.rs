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

/// Whether a real client is embedded, rather than the page that says how to build it.
pub fn has_client() -> bool {
    FILES.iter().any(|file| file.path.ends_with(".wasm"))
}

/// What the files of the worker begin with, which the page fetches only when it needs it.
const WORKER: &str = "tincan-worker";
/// What ends the name of the file that is loaded after the first screen (`xtask/src/split.rs`).
const LATER: &str = "_later.wasm";

/// How many bytes a first visit loads, as sent: the page and every embedded script, style and wasm module, but for what
/// comes only when it is needed. It must not creep: `tests/http.rs` checks it.
pub fn first_load_bytes() -> usize {
    let loaded = [".html", ".js", ".css", ".wasm"];
    FILES
        .iter()
        .filter(|file| loaded.iter().any(|extension| file.path.ends_with(extension)))
        .filter(|file| !file.path.starts_with(WORKER) && !file.path.ends_with(LATER))
        .map(|file| file.brotli.len())
        .sum()
}
