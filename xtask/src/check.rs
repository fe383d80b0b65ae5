//! `cargo xtask check`: checks what must hold before a test is worth running.

use anyhow::{Result, bail};

use crate::process::{cargo, run as run_command};
use crate::step::step;
use crate::{prerequisites, tidy as rules, workspace};

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
const NATIVE: [&str; 5] = ["--workspace", "--exclude", "tincan-client", "--exclude", "tincan-worker"];
const BROWSER: [&str; 4] = ["--package", "tincan-client", "--package", "tincan-worker"];
const NO_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

/// Runs every check, the quickest first. The first that fails ends the run.
pub(crate) fn run() -> Result<()> {
    prerequisites::compiler()?;
    prerequisites::component("fmt", "rustfmt")?;
    prerequisites::component("clippy", "clippy")?;
    prerequisites::wasm_target()?;
    step("The rules of xtask/src/tidy/", "a second", tidy)?;
    step("Formatting", "a second", || run_command(cargo().args(["fmt", "--all", "--", "--check"])))?;
    step("Lints, native", "about a minute the first time", || {
        run_command(cargo().args(["clippy", "--locked", "--all-targets"]).args(NATIVE).args(NO_WARNINGS))
    })?;
    step("Lints, wasm", "about a minute the first time", || {
        run_command(
            cargo().args(["clippy", "--locked", "--all-targets"]).args(BROWSER).args(WASM).args(NO_WARNINGS),
        )
    })?;
    step("Documentation", "about a minute the first time", || {
        let doc = || {
            let mut doc = cargo();
            doc.args(["doc", "--locked", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
            doc
        };
        run_command(doc().args(NATIVE))?;
        run_command(doc().args(BROWSER).args(WASM))
    })
}

/// Checks the rules of [`rules`] alone.
pub(crate) fn tidy() -> Result<()> {
    let broken = rules::broken_rules(workspace::root())?;
    if broken.is_empty() {
        return Ok(());
    }
    for line in &broken {
        eprintln!("{line}");
    }
    bail!("the rules in xtask/src/tidy/ are broken in {} places", broken.len())
}
