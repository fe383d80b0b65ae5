//! Cuts what the first screen doesn't need out of the page's WebAssembly: see `client/src/ui/app/lazy.rs`.
//!
//! Trunk can't. It builds the page with everything that the cut needs to know, and its pair of files is then
//! written anew: from the same output of the compiler, cut in two by the library that belongs to the macro in
//! the client.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::process::{command, run};
use crate::workspace;

/// The flags that compile the page so that it can be cut: the linker says where everything is.
pub(crate) const RUSTFLAGS: &str = "--cfg tincan_split -C link-arg=--emit-relocs";
/// The name of the page's WebAssembly, without the hash.
const PAGE: &str = "tincan-page";
/// What ends the name of the file that is loaded later.
pub(crate) const LATER: &str = "_later.wasm";
/// The script that the cut writes, as the other scripts refer to it.
const LINK: &str = "./__wasm_split.js";
/// The file that it writes for the name in `client/src/ui/app/lazy.rs`.
const CUT_OUT: &str = "split_later.wasm";
const LOADER: &str = "__wasm_split_load_later";

/// Writes the page's WebAssembly and its script in the bundle at `dist` anew, in three files.
pub(crate) fn split(dist: &Path) -> Result<()> {
    let stem = stem(dist)?;
    let work = workspace::target_dir()?.join("split");
    fs::create_dir_all(&work)?;
    let compiled = workspace::target_dir()?.join("wasm32-unknown-unknown/wasm").join(format!("{PAGE}.wasm"));
    let compiled = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let main = work.join("main.wasm");
    let mut options = Options::new(&compiled);
    options.output_dir = &work;
    options.main_out_path = &main;
    options.link_name = LINK;
    transform(options).map_err(|error| anyhow!("the page's wasm can't be cut: {error:#}"))?;
    run(command("wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", &stem, "--out-dir"])
        .arg(dist)
        .arg(&main))?;

    let script_path = dist.join(format!("{stem}.js"));
    let later = format!("{stem}{LATER}");
    let link = fs::read_to_string(work.join(LINK)).context("the cut wrote no script")?;
    let script = fs::read_to_string(&script_path).context("wasm-bindgen wrote no script")?;
    fs::write(script_path, joined(&script, &link, &later)?)?;
    fs::copy(work.join(CUT_OUT), dist.join(later)).context("nothing was cut out")?;
    Ok(())
}

/// Returns the name that both of Trunk's files begin with, with the hash.
fn stem(dist: &Path) -> Result<String> {
    let names = fs::read_dir(dist)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut stems = names.filter_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned()));
    let stem = stems.find(|stem| stem.starts_with(PAGE));
    stem.with_context(|| format!("no {PAGE} in {}", dist.display()))
}

/// Joins the two scripts, so that the first screen doesn't wait for another request.
fn joined(script: &str, link: &str, later: &str) -> Result<String> {
    let (import, link) = link.split_once('\n').context("an empty script")?;
    ensure!(import.starts_with("import { initSync }"), "the cut's script begins otherwise: {import}");
    ensure!(link.contains(CUT_OUT) && link.contains(LOADER), "the cut's script loads something else");
    let imported = format!(" from \"{LINK}\"");
    let line = script.lines().find(|line| line.starts_with("import ") && line.contains(&imported));
    let line = line.context("the page's script doesn't import the cut's")?;
    let name = line.trim_start_matches("import * as ").split(' ').next().unwrap_or_default();
    let place = format!("\"{LINK}\": {name},");
    ensure!(script.contains(&place), "the page's script hands {name} to nobody");
    let script = script.replacen(line, "", 1).replace(&place, &format!("\"{LINK}\": {{ {LOADER} }},"));
    Ok([&script, "\n", &link.replace(CUT_OUT, later)].concat())
}

/// Returns whether this file of the bundle is loaded later than the first screen.
pub(crate) fn is_later(path: &str) -> bool {
    path.ends_with(LATER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKING: &str = "import { initSync } from \"./main.js\";\n\nlet a;\n\
        export const __wasm_split_load_later = load(\"./split_later.wasm\");\n";

    #[test]
    fn one_script_is_made_of_two() {
        let script =
            "import * as import1 from \"./__wasm_split.js\"\nf({\n\"./__wasm_split.js\": import1,\n});\n";
        let joined = joined(script, LINKING, "p_later.wasm").expect("good scripts");
        assert!(
            !joined.contains("import ")
                && joined.contains("\"./__wasm_split.js\": { __wasm_split_load_later },")
        );
        assert!(joined.ends_with("load(\"./p_later.wasm\");\n"));
    }

    #[test]
    fn scripts_that_look_otherwise_are_an_error() {
        assert!(joined("f();\n", LINKING, "p").is_err());
        assert!(joined("import * as a from \"./__wasm_split.js\"\n", LINKING, "p").is_err());
        assert!(joined("", "let a;\n", "p").is_err());
    }
}
