//! Makes the built page and its worker smaller where Trunk can't: in what joins their WebAssembly to
//! JavaScript.
//!
//! wasm-bindgen names each import after the function it binds and a hash, and the module that it is of after
//! the script. Only the two files of a module know the names; hashes don't compress, and the module's name
//! stands beside each of some hundred imports.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_encoder::{EntityType, ImportSection, Module, RawSection};
use wasmparser::{ImportSectionReader, Parser, Payload};

use crate::split::is_later;

/// What the module is called that the imports are of.
const MODULE: &str = "m";

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
    let renamed = rename_imports(&wasm)?;
    fs::write(script_path, rewrite(&script, &renamed))?;
    fs::write(wasm_path, renamed.wasm)?;
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
            fs::write(&path, rename_imports(&fs::read(&path)?)?.wasm)?;
        }
    }
    Ok(())
}

fn find_wasm(dist: &Path) -> Result<Vec<PathBuf>> {
    let paths = fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths.filter(|path| path.to_string_lossy().ends_with("_bg.wasm")).collect())
}

/// A module without custom sections, and with short names for wasm-bindgen's imports.
struct Renamed {
    wasm: Vec<u8>,
    /// The short name for each.
    names: HashMap<String, String>,
    /// What the module was called before that they are of.
    module: Option<String>,
}

fn rename_imports(wasm: &[u8]) -> Result<Renamed> {
    let mut out = Module::new();
    let (mut names, mut module) = (HashMap::new(), None);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("not a WebAssembly module, or one that is cut off")? {
            Payload::CustomSection(_) => {}
            Payload::ImportSection(section) => {
                out.section(&imports(section, &mut names, &mut module)?);
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &wasm[range.start as usize..range.end as usize];
                    out.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(Renamed { wasm: out.finish(), names, module })
}

/// Returns the import section with the new names.
fn imports(
    section: ImportSectionReader<'_>,
    names: &mut HashMap<String, String>,
    module: &mut Option<String>,
) -> Result<ImportSection> {
    let mut out = ImportSection::new();
    for (at, import) in section.into_imports().enumerate() {
        let import = import.context("the page's wasm has an import that can't be read")?;
        let kind = EntityType::try_from(import.ty)
            .map_err(|error| anyhow!("the page's wasm imports `{}`: {error:?}", import.name))?;
        if !import.name.starts_with(PREFIX) {
            // What was cut out takes these from elsewhere.
            out.import(import.module, import.name, kind);
            continue;
        }
        // What was cut out shares memory and table with the rest, by other names.
        ensure!(
            matches!(kind, EntityType::Function(_)),
            "the page's wasm imports `{}`, which is no function",
            import.name
        );
        let before = module.get_or_insert_with(|| import.module.to_owned());
        ensure!(before == import.module, "wasm-bindgen's imports are of two modules");
        let short = format!("i{at}");
        out.import(MODULE, &short, kind);
        names.insert(import.name.to_owned(), short);
    }
    Ok(out)
}

/// Returns the script with the new names, and without indentation and the lines that are only a comment.
///
/// Trunk's own minifier doesn't understand the script. What a better one would gain, compression gains
/// anyway.
fn rewrite(script: &str, renamed: &Renamed) -> String {
    let names = &renamed.names;
    let script = match &renamed.module {
        Some(module) => &script.replace(&format!("\"{module}\""), &format!("\"{MODULE}\"")),
        None => script,
    };
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
            section.import("./a.js", name, *kind);
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
            .map(|import| import.expect("a good import"))
            .map(|import| format!("{}.{}", import.module, import.name))
            .collect()
    }

    const FUNCTION: EntityType = EntityType::Function(0);
    const GLOBAL: EntityType =
        EntityType::Global(GlobalType { val_type: ValType::I32, mutable: true, shared: false });

    #[test]
    fn imports_are_renamed_in_both_files_and_nothing_else_is() {
        let wasm = module(&[("__wbg_ab", FUNCTION), ("other", GLOBAL), ("__wbg_abc", FUNCTION)]);
        let renamed = rename_imports(&wasm).expect("a good module");
        assert_eq!(imported(&renamed.wasm), ["m.i0", "./a.js.other", "m.i2"]);
        let script = "f({\n    // A comment.\n    __wbg_abc: a,\n\n    __wbg_ab: __wbg_load(other),\n}, \
            {\"./a.js\": x});\n";
        let rewritten = "f({\ni2: a,\ni0: __wbg_load(other),\n}, {\"m\": x});\n";
        assert_eq!(rewrite(script, &renamed), rewritten);
        let again = rename_imports(&renamed.wasm).expect("still a module");
        assert_eq!((again.wasm, again.names.len()), (renamed.wasm, 0), "the second time does nothing");
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
        let renamed = rename_imports(&module(&imports)).expect("a good module");
        assert_eq!(imported(&renamed.wasm), ["./a.js.g", "./a.js.m", "./a.js.t"]);
        let bytes = [
            &b"\x02\x28\x03"[..],
            b"\x06./a.js\x01g\x03\x7F\x01",
            b"\x06./a.js\x01m\x02\x01\x11\x81\x02",
            b"\x06./a.js\x01t\x01\x70\0\x05",
        ]
        .concat();
        assert!(renamed.wasm.windows(bytes.len()).any(|window| window == bytes), "{:x?}", renamed.wasm);
        assert!(renamed.names.is_empty());
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
