//! Embeds the page: compresses each file of the built client once, and writes the table that `src/assets`
//! serves.
//!
//! The folder is the one that `TINCAN_DIST` names, or else `../dist` if Trunk has made one. Without either,
//! the server is built with a page that says how to build the client, so that `cargo test -p tincan-server`
//! needs no browser tools. A `../dist` that appears later is seen at the next rebuild. `cargo xtask run`
//! names the folder, so it never waits for that.

mod content_hash;
mod content_type;
mod inline_scripts;
mod room_page;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

const PAGE: &str = "index.html";
/// Where rooms are: no file of the bundle is called so.
const ROOM_PAGE: &str = "r/";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tincan</title>\
    <p>The client was not built: run <code>cargo xtask run</code>.</p></html>\n";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-env-changed=TINCAN_DIST");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let files = match dist_folder()? {
        Some(folder) => {
            println!("cargo::rerun-if-changed={}", folder.display());
            read_tree(&folder)?
        }
        None => [PAGE, ROOM_PAGE].map(|path| (path.to_owned(), NOT_BUILT.as_bytes().to_vec())).into(),
    };
    write_table(&out, files)?;
    Ok(())
}

/// Returns the folder with the built client, if there is one.
fn dist_folder() -> Result<Option<PathBuf>, String> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?);
    if let Some(named) = env::var_os("TINCAN_DIST").filter(|named| !named.is_empty()) {
        // A relative path starts at the top of the workspace, where one runs cargo.
        let folder = manifest.join("..").join(named);
        if !folder.join("index.html").is_file() {
            return Err(format!("TINCAN_DIST: no index.html in {}", folder.display()));
        }
        return Ok(Some(folder));
    }
    let folder = manifest.join("../dist");
    Ok(folder.join("index.html").is_file().then_some(folder))
}

/// Reads every file below `root`. Returns each with its path as it stands in a URL, sorted by path.
fn read_tree(root: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name =
                entry.file_name().into_string().map_err(|_| io::Error::other("a file name is not UTF-8"))?;
            // Skips `.stage`, where Trunk builds before it renames.
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else {
                files.push((path, fs::read(entry.path())?));
            }
        }
    }
    let room_page = files
        .iter()
        .find(|(path, _)| path == PAGE)
        .map(|(_, page)| (ROOM_PAGE.to_owned(), room_page::of(&String::from_utf8_lossy(page)).into_bytes()));
    files.extend(room_page);
    files.sort();
    Ok(files)
}

/// Writes `assets.rs`, and the compressed files that it includes.
fn write_table(out: &Path, files: Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let mut table =
        format!("/// The embedded files, sorted by path.\nstatic FILES: [File; {}] = [\n", files.len());
    let mut hashes = String::new();
    for (number, (path, content)) in files.iter().enumerate() {
        let digest = Sha256::digest(content);
        // Names the file by its content, so that an unchanged file isn't compressed again, which takes a
        // while.
        let packed = |extension: &str, compress: fn(&[u8]) -> io::Result<Vec<u8>>| {
            let packed = out.join(format!("{digest:x}.{extension}"));
            if !packed.is_file() {
                let unfinished = out.join(format!("{number}.unfinished"));
                fs::write(&unfinished, compress(content)?)?;
                fs::rename(&unfinished, &packed)?;
            }
            io::Result::Ok(packed)
        };
        let (brotli, gzip) = (packed("br", brotli)?, packed("gz", gzip)?);
        let length = content.len();
        let tag: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let kind = content_type::of(if path == ROOM_PAGE { PAGE } else { path });
        let _ = writeln!(
            table,
            "    File {{ path: {path:?}, content_type: {kind:?}, immutable: {}, etag: \"W/\\\"{tag}\\\"\", \
             length: {length}, brotli: include_bytes!({brotli:?}), gzip: include_bytes!({gzip:?}), \
             plain: OnceLock::new() }},",
            content_hash::is_in(path),
        );
        if path == PAGE {
            hashes = inline_scripts::csp_sources(&String::from_utf8_lossy(content));
        }
    }
    let _ = writeln!(
        table,
        "];\n\n/// The inline scripts of index.html, as sources of a Content-Security-Policy.\n\
         pub(crate) const INLINE_SCRIPTS: &str = {hashes:?};"
    );
    fs::write(out.join("assets.rs"), table)
}

/// RFC 1952. For browsers, which offer no brotli to a server without HTTPS.
fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// RFC 7932.
fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}
