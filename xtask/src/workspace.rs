//! Says where things are in this checkout.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Returns the top folder of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies inside the checkout")
}

/// Returns cargo's target folder. It is the one that this program was built into, so `CARGO_TARGET_DIR` is
/// obeyed.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let program = env::current_exe().context("where xtask itself is")?;
    // <target>/debug/xtask
    let target = program.ancestors().nth(2).context("xtask is not in a target folder")?;
    Ok(target.to_owned())
}

/// Returns the folder of the bundle that Trunk writes (`dist` in Trunk.toml).
pub(crate) fn dist_dir() -> PathBuf {
    root().join("dist")
}

/// Returns where [`crate::build`] puts the server with the page inside.
pub(crate) fn release_server() -> Result<PathBuf> {
    Ok(target_dir()?.join("release").join(format!("tincan{}", env::consts::EXE_SUFFIX)))
}

/// Returns the version of a crate in Cargo.lock.
pub(crate) fn locked_version(name: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {} (it is part of the repository)", path.display()))?;
    find_version(&lock, name).with_context(|| format!("Cargo.lock holds no {name}"))
}

fn find_version(lock: &str, name: &str) -> Option<String> {
    let name_line = format!("name = \"{name}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name_line)?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_found_by_its_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.78\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.128\"\n";
        assert_eq!(find_version(lock, "wasm-bindgen").as_deref(), Some("0.2.128"));
        assert_eq!(find_version(lock, "wasm"), None);
    }
}
