//! Installs aioice, a client of TURN in Python, against which the server is tested, into the target folder.

use anyhow::Result;

use crate::process::{command, find, output, run};
use crate::step::step;
use crate::workspace;

const VERSION: &str = "0.13.0";

/// Installs it where there is a Python with `venv`. Returns whether it is here: without it some tests say
/// that they are skipped.
pub(super) fn ensure() -> Result<bool> {
    let folder = workspace::target_dir()?.join("aioice");
    let python = folder.join("bin/python");
    let program = format!("import importlib.metadata as it; assert it.version('aioice') == '{VERSION}'");
    let is_here = || Ok::<_, anyhow::Error>(output(command(&python).args(["-c", &program]))?.is_some());
    if is_here()? {
        return Ok(true);
    }
    let Some(python3) = find("python3") else {
        eprintln!("not here, and done without: python3");
        return Ok(false);
    };
    let installed = step(&format!("Installing aioice {VERSION}"), "some seconds, once", || {
        run(command(python3).args(["-m", "venv"]).arg(&folder))?;
        let package = format!("aioice=={VERSION}");
        run(command(&python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            &package,
        ]))
    });
    // A Python may be without venv, and a machine without a network.
    if let Err(error) = installed {
        eprintln!("aioice can't be installed, and is done without: {error:#}");
    }
    is_here()
}
