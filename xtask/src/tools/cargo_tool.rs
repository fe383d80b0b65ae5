//! Installs programs that come as crates.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::{cargo, command, find, output, run};
use crate::step::{note, step};
use crate::workspace;

/// A program that cargo can install.
pub(crate) struct CargoTool {
    pub(super) package: &'static str,
    /// The program in it. It must answer `--version` with its name and its version.
    pub(super) program: &'static str,
    pub(super) version: String,
    /// The crates in it that do the work of every build, and so are worth a little optimisation.
    pub(super) optimised: &'static [&'static str],
    /// Roughly how long compiling it takes on two cores that do nothing else, in seconds.
    pub(super) seconds: u64,
}

impl CargoTool {
    pub(crate) fn program(&self) -> &str {
        self.program
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.seconds
    }

    /// Returns whether the program on PATH is of this very version, however it was built.
    pub(crate) fn is_installed(&self) -> Result<bool> {
        Ok(self.version_on_path()?.as_deref() == Some(&*self.version))
    }

    /// Uses the program on PATH if it is of this very version, and installs it otherwise.
    pub(super) fn ensure(&self) -> Result<()> {
        let Self { program, version, .. } = self;
        if self.is_installed()? {
            note(&format!("{program} {version} is installed"));
            return Ok(());
        }
        let expectation = crate::plan::about(self.seconds);
        step(&format!("Installing {program} {version}"), &expectation, || self.install())?;
        match self.version_on_path()? {
            Some(found) if found == *version => Ok(()),
            Some(found) => bail!(
                "{program} {version} was installed, but {} ({found}) comes before it on PATH",
                find(program).unwrap_or_default().display()
            ),
            None => {
                bail!("{program} was installed, but is not on PATH: add cargo's folder of programs to PATH")
            }
        }
    }

    /// Compiles the tool, or fetches it ready-made where cargo-binstall is here.
    ///
    /// A tool waits for the compiler most of the time, so it is compiled quickly rather than well: with
    /// little optimisation, and without debug information, assertions, and the features that nothing here
    /// uses (Trunk's own downloads above all). That takes half the time.
    fn install(&self) -> Result<()> {
        let Self { package, version, .. } = self;
        if find("cargo-binstall").is_some() {
            let ready_made = cargo()
                .args(["binstall", "--no-confirm", "--locked", &format!("{package}@{version}")])
                .status();
            if ready_made.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            eprintln!("cargo binstall could not; compiling it instead");
        }
        let optimised = self
            .optimised
            .iter()
            .flat_map(|one| ["--config".to_owned(), format!("profile.dev.package.{one}.opt-level=1")]);
        run(cargo()
            .args(["install", "--locked", "--debug", "--no-default-features", package, "--version", version])
            .args(optimised)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false")
            .env("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false")
            .env("CARGO_INCREMENTAL", "0")
            // All tools share a folder, so that a crate in the same version is compiled once.
            .env("CARGO_TARGET_DIR", shared_target_dir()?))
    }

    fn version_on_path(&self) -> Result<Option<String>> {
        let answer = output(command(self.program).arg("--version"))?;
        Ok(answer.and_then(|text| text.split_whitespace().nth(1).map(str::to_owned)))
    }
}

/// Removes what compiling the tools left behind.
pub(super) fn clean_up() -> Result<()> {
    let folder = shared_target_dir()?;
    if folder.is_dir() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn shared_target_dir() -> Result<PathBuf> {
    Ok(workspace::target_dir()?.join("tools"))
}
