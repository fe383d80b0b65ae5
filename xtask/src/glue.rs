//! Makes the built page and its worker smaller where Trunk can't: in what joins their WebAssembly to JavaScript.
//!
//! wasm-bindgen names each import after the function it binds and a hash. Only the two files of a module know the names,
//! and hashes don't compress.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::split::is_later;

/// What a WebAssembly module begins with (WebAssembly Core Specification, section 5.5.16).
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM_SECTION: u8 = 0;
const IMPORT_SECTION: u8 = 2;
const FUNCTION: u8 = 0;
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;
/// What every name begins with that wasm-bindgen gives an import.
const PREFIX: &str = "__wb";

/// Shortens each pair of files in the bundle at `dist`.
pub(crate) fn shorten(dist: &Path) -> Result<()> {
    strip_later(dist)?;
    mend_loaders(dist)?;
    let modules = find_wasm(dist)?;
    ensure!(!modules.is_empty(), "no _bg.wasm in {}", dist.display());
    modules.into_iter().try_for_each(shorten_pair)
}

fn shorten_pair(wasm_path: PathBuf) -> Result<()> {
    let script_path = PathBuf::from(wasm_path.to_string_lossy().replace("_bg.wasm", ".js"));
    let wasm = fs::read(&wasm_path).with_context(|| format!("cannot read {}", wasm_path.display()))?;
    let script =
        fs::read_to_string(&script_path).with_context(|| format!("cannot read {}", script_path.display()))?;
    let (wasm, names) = rename_imports(&wasm)?;
    fs::write(script_path, rewrite(&script, &names))?;
    fs::write(wasm_path, wasm)?;
    Ok(())
}

/// Has workers load their modules as wasm-bindgen wants it; Trunk's way makes it complain in the console.
fn mend_loaders(dist: &Path) -> Result<()> {
    for path in fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.to_string_lossy().ends_with("_loader.js") {
            let script = fs::read_to_string(&path)?;
            if let Some(mended) = mended_loader(&script) {
                fs::write(&path, mended)?;
            }
        }
    }
    Ok(())
}

fn mended_loader(script: &str) -> Option<String> {
    let (before, rest) = script.split_once("wasm_bindgen(\"")?;
    let (address, after) = rest.split_once("\")")?;
    Some(format!("{before}wasm_bindgen({{module_or_path:\"{address}\"}}){after}"))
}

/// Takes the custom sections from what was cut out.
fn strip_later(dist: &Path) -> Result<()> {
    for path in fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path())) {
        if is_later(&path.to_string_lossy()) {
            fs::write(&path, rename_imports(&fs::read(&path)?)?.0)?;
        }
    }
    Ok(())
}

fn find_wasm(dist: &Path) -> Result<Vec<PathBuf>> {
    let paths = fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths.filter(|path| path.to_string_lossy().ends_with("_bg.wasm")).collect())
}

/// The module with short names for wasm-bindgen's imports and without custom sections, and which name became which.
fn rename_imports(wasm: &[u8]) -> Result<(Vec<u8>, HashMap<String, String>)> {
    let mut rest = wasm.strip_prefix(PREAMBLE).context("not a WebAssembly module")?;
    let mut out = PREAMBLE.to_vec();
    let mut names = HashMap::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let content = sized(&mut rest)?;
        let renamed;
        let content = match *id {
            CUSTOM_SECTION => continue,
            IMPORT_SECTION => {
                renamed = imports(content, &mut names)?;
                &renamed
            }
            _ => content,
        };
        out.push(*id);
        put_sized(&mut out, content);
    }
    Ok((out, names))
}

/// The content of an import section (WebAssembly Core Specification, section 5.5.5).
fn imports(mut rest: &[u8], names: &mut HashMap<String, String>) -> Result<Vec<u8>> {
    let count = number(&mut rest)?;
    let mut out = Vec::new();
    put_number(&mut out, count);
    for at in 0..count {
        put_sized(&mut out, sized(&mut rest)?);
        let name = std::str::from_utf8(sized(&mut rest)?)?;
        if rest.first() != Some(&FUNCTION) {
            // What was cut out shares memory and table with the rest.
            ensure!(!name.starts_with(PREFIX), "the page's wasm imports `{name}`, which is no function");
            put_sized(&mut out, name.as_bytes());
            put_other_import(&mut out, &mut rest)?;
            continue;
        }
        rest = &rest[1..];
        let signature = number(&mut rest)?;
        if name.starts_with(PREFIX) {
            let short = format!("i{at}");
            put_sized(&mut out, short.as_bytes());
            names.insert(name.to_owned(), short);
        } else {
            put_sized(&mut out, name.as_bytes());
        }
        out.push(FUNCTION);
        put_number(&mut out, signature);
    }
    Ok(out)
}

/// The script with the new names, without indentation and the lines that are only a comment. Trunk's own minifier
/// doesn't understand it; what more a better one would gain, compression gains anyway.
fn rewrite(script: &str, names: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(script.len());
    // wasm-bindgen writes no text that goes over several lines.
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let mut rest = line;
        while let Some(start) = rest.find(PREFIX) {
            let (before, after) = rest.split_at(start);
            let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            out.push_str(before);
            out.push_str(names.get(name).map_or(name, String::as_str));
            rest = after;
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// Copies the description of an import that is no function (WebAssembly Core Specification, sections 5.3 and 5.5.5).
fn put_other_import(out: &mut Vec<u8>, rest: &mut &[u8]) -> Result<()> {
    let before = *rest;
    let mut byte = |rest: &mut &[u8]| -> Result<u8> {
        let (byte, after) = rest.split_first().context("the page's wasm is cut off")?;
        *rest = after;
        Ok(*byte)
    };
    let limits = |rest: &mut &[u8], byte: &mut dyn FnMut(&mut &[u8]) -> Result<u8>| -> Result<()> {
        let bounded = byte(rest)? & 1 == 1;
        number(rest)?;
        if bounded {
            number(rest)?;
        }
        Ok(())
    };
    match byte(rest)? {
        TABLE => {
            byte(rest)?;
            limits(rest, &mut byte)?;
        }
        MEMORY => limits(rest, &mut byte)?,
        GLOBAL => {
            byte(rest)?;
            byte(rest)?;
        }
        other => bail!("the page's wasm has an import of kind {other}"),
    }
    out.extend_from_slice(&before[..before.len() - rest.len()]);
    Ok(())
}

/// Takes an unsigned LEB128 number from the front.
fn number(rest: &mut &[u8]) -> Result<u32> {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let (byte, after) = rest.split_first().context("the page's wasm is cut off")?;
        *rest = after;
        number |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    bail!("the page's wasm has a number that is too long")
}

/// Takes what follows its own length from the front.
fn sized<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = number(rest)? as usize;
    let (content, after) = rest.split_at_checked(length).context("the page's wasm is cut off")?;
    *rest = after;
    Ok(content)
}

fn put_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_sized(out: &mut Vec<u8>, content: &[u8]) {
    put_number(out, content.len() as u32);
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut module = PREAMBLE.to_vec();
        for (id, content) in sections {
            module.push(*id);
            put_sized(&mut module, content);
        }
        module
    }

    #[test]
    fn imports_are_renamed_in_both_files_and_nothing_else_is() {
        let wasm = module(&[
            (CUSTOM_SECTION, b"\x04nameXX"),
            (1, b"types"),
            (IMPORT_SECTION, b"\x03\x01m\x08__wbg_ab\0\x81\x01\x01m\x05other\0\x02\x01m\x09__wbg_abc\0\x03"),
            (10, &[b'c'; 300]),
        ]);
        let (short, names) = rename_imports(&wasm).expect("a good module");
        assert_eq!(
            short,
            module(&[
                (1, b"types"),
                (IMPORT_SECTION, b"\x03\x01m\x02i0\0\x81\x01\x01m\x05other\0\x02\x01m\x02i2\0\x03"),
                (10, &[b'c'; 300]),
            ])
        );
        let script = "f({\n    // A comment.\n    __wbg_abc: a,\n\n    __wbg_ab: __wbg_load(other),\n});\n";
        assert_eq!(rewrite(script, &names), "f({\ni2: a,\ni0: __wbg_load(other),\n});\n");
        assert!(rename_imports(&short).expect("still a module").1.is_empty(), "the second time does nothing");
    }

    #[test]
    fn a_loader_is_mended_once() {
        let mended = r#"importScripts("./w.js");wasm_bindgen({module_or_path:"./w_bg.wasm"});"#;
        let script = r#"importScripts("./w.js");wasm_bindgen("./w_bg.wasm");"#;
        assert_eq!(mended_loader(script).as_deref(), Some(mended));
        assert_eq!(mended_loader(mended), None);
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(rename_imports(b"<!doctype html>").is_err());
        assert!(
            rename_imports(&module(&[(IMPORT_SECTION, b"\x01\x01m\x06__wbgf\x03\x7F\0")])).is_err(),
            "a global"
        );
        let shared = module(&[(
            IMPORT_SECTION,
            b"\x03\x01m\x01g\x03\x7F\0\x01m\x01m\x02\x01\x11\x81\x02\x01m\x01t\x01\x70\0\x05",
        )]);
        assert_eq!(rename_imports(&shared).expect("a global, a memory and a table").0, shared);
        let cut_off = module(&[(1, b"types")]);
        assert!(rename_imports(&cut_off[..cut_off.len() - 1]).is_err());
    }
}
