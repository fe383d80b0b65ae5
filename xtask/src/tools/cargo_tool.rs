//! A program that comes as a crate.

use anyhow::{Result, bail};

use crate::process::{cargo, command, find, output, run};
use crate::step::{note, step};

/// A program that cargo can install.
pub(super) struct CargoTool {
    /// The crate.
    pub(super) package: &'static str,
    /// The program in it. It must answer `--version` with its name and its version.
    pub(super) program: &'static str,
    /// Roughly how long `cargo install` takes on two cores.
    pub(super) expectation: &'static str,
}

impl CargoTool {
    /// Uses the program on PATH if it is of this very version, and installs it otherwise.
    pub(super) fn ensure(&self, version: &str) -> Result<()> {
        let Self { package, program, expectation } = *self;
        if self.version_on_path()?.as_deref() == Some(version) {
            note(&format!("{program} {version} is installed"));
            return Ok(());
        }
        step(&format!("Installing {program} {version}"), expectation, || install(package, version))?;
        match self.version_on_path()? {
            Some(found) if found == version => Ok(()),
            Some(found) => bail!(
                "{program} {version} was installed, but {} ({found}) comes before it on PATH",
                find(program).unwrap_or_default().display()
            ),
            None => {
                bail!("{program} was installed, but is not on PATH: add cargo's folder of programs to PATH")
            }
        }
    }

    fn version_on_path(&self) -> Result<Option<String>> {
        let answer = output(command(self.program).arg("--version"))?;
        Ok(answer.and_then(|text| text.split_whitespace().nth(1).map(str::to_owned)))
    }
}

fn install(package: &str, version: &str) -> Result<()> {
    if find("cargo-binstall").is_some() {
        let ready_made =
            cargo().args(["binstall", "--no-confirm", "--locked", &format!("{package}@{version}")]).status();
        if ready_made.is_ok_and(|status| status.success()) {
            return Ok(());
        }
        eprintln!("cargo binstall could not; compiling it instead");
    }
    run(cargo().args(["install", "--locked", package, "--version", version]))
}
