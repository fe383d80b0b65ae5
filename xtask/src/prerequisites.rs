//! Checks for what this program can't install. Each error names what is missing and the command that installs
//! it.

use anyhow::{Result, bail};

use crate::process::{command, find, output};
use crate::step;

/// Errors where there is no C compiler, without which nothing links.
pub(crate) fn compiler() -> Result<()> {
    if find("cc").is_none() {
        bail!("there is no C compiler (`cc`), which Rust links with. {}", hint("build-essential"));
    }
    Ok(())
}

/// Adds the standard library for `wasm32-unknown-unknown` by rustup where it is missing.
pub(crate) fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let libraries = output(command("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if libraries.is_some_and(|folder| std::path::Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!(
            "Rust's target {TARGET} is missing, and there is no rustup to add it with. Install rustup: \
             curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
        );
    }
    step::step(&format!("Adding Rust's target {TARGET}"), "some seconds", || {
        crate::process::run(command("rustup").args(["target", "add", TARGET]))
    })
}

/// Errors where a component of the Rust toolchain, such as `clippy`, is missing.
pub(crate) fn component(subcommand: &str, component: &str) -> Result<()> {
    if output(crate::process::cargo().args([subcommand, "--version"]))?.is_none() {
        bail!("`cargo {subcommand}` is missing. Install it: rustup component add {component}");
    }
    Ok(())
}

fn hint(package: &str) -> String {
    if find("apt-get").is_some() {
        format!("Install it: apt-get install {package}")
    } else {
        format!("Install it by your system's packages (Debian's package is called {package})")
    }
}
