//! Makes the built page and its worker smaller where Trunk can't: in what joins their WebAssembly to
//! JavaScript.
//!
//! wasm-bindgen names each import after the function it binds and a hash. Only the two files of a module know
//! the names, and hashes don't compress.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_encoder::{EntityType, ImportSection, Module, RawSection};
use wasmparser::{ImportSectionReader, Parser, Payload};

use crate::split::is_later;

/// What every name of an import begins with that wasm-bindgen writes.
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

/// Has workers load their modules as wasm-bindgen wants it. Trunk's way makes it complain in the console.
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

/// Removes the custom sections from what was cut out.
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

/// Returns the module with short names for wasm-bindgen's imports and without custom sections, and the short
/// name for each.
fn rename_imports(wasm: &[u8]) -> Result<(Vec<u8>, HashMap<String, String>)> {
    let mut out = Module::new();
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("not a WebAssembly module, or one that is cut off")? {
            Payload::CustomSection(_) => {}
            Payload::ImportSection(section) => {
                out.section(&imports(section, &mut names)?);
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &wasm[range.start as usize..range.end as usize];
                    out.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok((out.finish(), names))
}

/// Returns the import section with the new names.
fn imports(section: ImportSectionReader<'_>, names: &mut HashMap<String, String>) -> Result<ImportSection> {
    let mut out = ImportSection::new();
    for (at, import) in section.into_imports().enumerate() {
        let import = import.context("the page's wasm has an import that can't be read")?;
        let kind = EntityType::try_from(import.ty)
            .map_err(|error| anyhow!("the page's wasm imports `{}`: {error:?}", import.name))?;
        if !import.name.starts_with(PREFIX) {
            out.import(import.module, import.name, kind);
            continue;
        }
        // What was cut out shares memory and table with the rest, by other names.
        ensure!(
            matches!(kind, EntityType::Function(_)),
            "the page's wasm imports `{}`, which is no function",
            import.name
        );
        let short = format!("i{at}");
        out.import(import.module, &short, kind);
        names.insert(import.name.to_owned(), short);
    }
    Ok(out)
}

/// Returns the script with the new names, and without indentation and the lines that are only a comment.
///
/// Trunk's own minifier doesn't understand the script. What a better one would gain, compression gains
/// anyway.
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

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, GlobalType, MemoryType, RefType, TableType, TypeSection, ValType};

    use super::*;

    /// Builds a module with these imports, some code, and a custom section.
    fn module(imports: &[(&str, EntityType)]) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&CustomSection { name: "name".into(), data: b"XX".into() });
        let mut types = TypeSection::new();
        types.ty().function([], []);
        module.section(&types);
        let mut section = ImportSection::new();
        for (name, kind) in imports {
            section.import("m", name, *kind);
        }
        module.section(&section);
        module.section(&RawSection { id: 11, data: &[0] });
        module.finish()
    }

    fn imported(wasm: &[u8]) -> Vec<String> {
        let payloads = Parser::new(0).parse_all(wasm).map(|payload| payload.expect("a good module"));
        let sections = payloads.filter_map(|payload| match payload {
            Payload::ImportSection(section) => Some(section),
            Payload::CustomSection(_) => panic!("a custom section is left"),
            _ => None,
        });
        sections
            .flat_map(|section| section.into_imports())
            .map(|import| import.expect("a good import").name.to_owned())
            .collect()
    }

    const FUNCTION: EntityType = EntityType::Function(0);
    const GLOBAL: EntityType =
        EntityType::Global(GlobalType { val_type: ValType::I32, mutable: true, shared: false });

    #[test]
    fn imports_are_renamed_in_both_files_and_nothing_else_is() {
        let wasm = module(&[("__wbg_ab", FUNCTION), ("other", GLOBAL), ("__wbg_abc", FUNCTION)]);
        let (short, names) = rename_imports(&wasm).expect("a good module");
        assert_eq!(imported(&short), ["i0", "other", "i2"]);
        let script = "f({\n    // A comment.\n    __wbg_abc: a,\n\n    __wbg_ab: __wbg_load(other),\n});\n";
        assert_eq!(rewrite(script, &names), "f({\ni2: a,\ni0: __wbg_load(other),\n});\n");
        let (again, names) = rename_imports(&short).expect("still a module");
        assert_eq!((again, names.len()), (short, 0), "the second time does nothing");
    }

    /// What was cut out shares these with the rest.
    #[test]
    fn imports_that_are_no_functions_stay_as_they_are() {
        const MEMORY: MemoryType = MemoryType {
            minimum: 17,
            maximum: Some(257),
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        const TABLE: TableType = TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 5,
            maximum: None,
            shared: false,
        };
        let imports = [("g", GLOBAL), ("m", EntityType::Memory(MEMORY)), ("t", EntityType::Table(TABLE))];
        let (short, names) = rename_imports(&module(&imports)).expect("a good module");
        assert_eq!(imported(&short), ["g", "m", "t"]);
        let bytes = [
            &b"\x02\x19\x03"[..],
            b"\x01m\x01g\x03\x7F\x01",
            b"\x01m\x01m\x02\x01\x11\x81\x02",
            b"\x01m\x01t\x01\x70\0\x05",
        ]
        .concat();
        assert!(short.windows(bytes.len()).any(|window| window == bytes), "{short:x?}");
        assert!(names.is_empty());
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
        assert!(rename_imports(&module(&[("__wbg_f", GLOBAL)])).is_err(), "a global by a function's name");
        let whole = module(&[("other", FUNCTION)]);
        assert!(rename_imports(&whole[..whole.len() - 1]).is_err(), "one that is cut off");
    }
}
