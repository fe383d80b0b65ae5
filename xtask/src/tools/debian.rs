//! Installs packages of Debian, where that is possible.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};

use crate::process::{command, find, output, run};
use crate::step::step;

/// A Debian package, and how to see whether what it brings is here, from whatever source.
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) is_here: fn() -> bool,
}

/// Where a machine's owner says which services may start.
const POLICY: &str = "/usr/sbin/policy-rc.d";
const NO_SERVICES: &str = "#!/bin/sh\nexit 101\n";

/// Installs those that are missing, if it can. Returns the names of those that are missing still.
pub(super) fn ensure(packages: &[Package], expectation: &str) -> Result<Vec<&'static str>> {
    let missing =
        || packages.iter().filter(|package| !(package.is_here)()).map(|package| package.name).collect();
    let names: Vec<&'static str> = missing();
    if !names.is_empty() && find("apt-get").is_some() && is_root()? {
        step(&format!("Installing {}", names.join(", ")), expectation, || install(&names))?;
        return Ok(missing());
    }
    Ok(names)
}

fn install(packages: &[&str]) -> Result<()> {
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    // A fresh machine or container has no package lists at all.
    run(apt().args(["update", "--quiet"]))?;
    // A package may bring a server that would start, and take a port that Tincan wants.
    let policy = Path::new(POLICY);
    let is_ours = !policy.exists();
    if is_ours {
        std::fs::write(policy, NO_SERVICES).context(POLICY)?;
        std::fs::set_permissions(policy, std::fs::Permissions::from_mode(0o755)).context(POLICY)?;
    }
    let result = run(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages));
    if is_ours {
        std::fs::remove_file(policy).context(POLICY)?;
    }
    result
}

fn is_root() -> Result<bool> {
    Ok(output(command("id").arg("-u"))?.is_some_and(|id| id.trim() == "0"))
}
