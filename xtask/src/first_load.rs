//! Measures on the running server how many bytes the first visit downloads, so that they can't grow unseen.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::running_server::RunningServer;
use crate::split::is_later;
use crate::{http, workspace};

/// The most bytes that the server may send for `index.html` and everything it loads.
const LIMIT: usize = 202_500;

/// What the names of the worker's files begin with. The page fetches them only when it needs the worker.
const WORKER: &str = "tincan-worker";

/// Fetches the page as a browser would. Returns how many bytes crossed the wire. Errors if that is more than
/// [`LIMIT`].
pub(crate) fn check() -> Result<usize> {
    let server = RunningServer::start()?;
    let mut total = 0;
    for path in loaded_at_first(&server.address)? {
        let response = http::get(&server.address, &path, "br")?;
        let encoding = response.header("content-encoding").unwrap_or("as it is");
        eprintln!("  {:>7} bytes  {encoding:<8}  {path}", response.body.len());
        total += response.body.len();
    }
    eprintln!("  {total:>7} bytes  in all, of at most {LIMIT}");
    ensure!(total <= LIMIT, "the first load is {total} bytes, more than {LIMIT}");
    Ok(total)
}

/// Returns the paths of the page and of every file of the bundle that it names, directly or through another
/// file.
///
/// File names carry hashes, so a name inside another file's text is a reference to it.
fn loaded_at_first(address: &str) -> Result<Vec<String>> {
    let bundle = bundle_files()?;
    let mut found = BTreeSet::new();
    let mut to_read = vec!["/".to_owned()];
    let mut paths = Vec::new();
    while let Some(path) = to_read.pop() {
        let text = String::from_utf8_lossy(&http::get(address, &path, "identity")?.body).into_owned();
        for file in &bundle {
            let name = file.rsplit('/').next().unwrap_or(file);
            if text.contains(name) && found.insert(file.clone()) {
                to_read.push(format!("/{file}"));
            }
        }
        paths.push(path);
    }
    ensure!(
        !String::from_utf8_lossy(&http::get(address, "/", "identity")?.body).contains(WORKER),
        "index.html names the worker, so it is loaded at first"
    );
    ensure!(found.iter().any(|file| file.ends_with(".wasm")), "the page names no wasm file of the bundle");
    Ok(paths)
}

/// Returns every file of the bundle, relative to it, but the page itself, what is loaded lazily, and the
/// worker's files.
fn bundle_files() -> Result<Vec<String>> {
    let dist = workspace::dist_dir();
    let mut files = Vec::new();
    let mut folders = vec![dist.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(&dist).expect("found below dist");
                files.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.retain(|file| file != "index.html" && !is_later(file) && !file.starts_with(WORKER));
    files.sort();
    Ok(files)
}
