//! Installs Debian's packages, where this is Debian and one may.

use std::fs::{OpenOptions, remove_file};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::process::{command, find, output, run};

/// A package, and how to see whether what it brings is here, from whatever source.
pub(crate) struct Package {
    pub(super) name: &'static str,
    pub(super) needed: bool,
    pub(super) is_here: fn() -> bool,
}

/// Returns those that aren't here.
pub(super) fn missing(packages: &'static [Package]) -> Vec<&'static Package> {
    packages.iter().filter(|package| !(package.is_here)()).collect()
}

pub(super) fn can_install() -> Result<bool> {
    Ok(find("apt-get").is_some() && is_root()?)
}

/// Installs packages. Services that they bring are not started.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    let _policy = Policy::set()?;
    // A fresh machine or container has no package lists at all.
    run(apt().args(["update", "--quiet"]))?;
    run(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages))
}

/// Returns the command that installs packages, on Debian.
pub(super) fn how_to_install(packages: &[&str]) -> Option<String> {
    find("apt-get").map(|_| format!("Install with: sudo apt-get install {}", packages.join(" ")))
}

/// What Debian's packages ask before they start a service. Removed when this is dropped.
struct Policy(Option<&'static Path>);

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl Policy {
    /// Allows none, unless somebody else has said what to allow.
    fn set() -> Result<Policy> {
        let path = Path::new(POLICY);
        match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(mut file) => {
                let policy = Policy(Some(path));
                file.write_all(b"#!/bin/sh\nexit 101\n")?;
                allow_to_run(path)?;
                Ok(policy)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Policy(None)),
            Err(error) => Err(error).with_context(|| format!("cannot write {POLICY}")),
        }
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            // If it is gone already, somebody else has removed it.
            let _ = remove_file(path);
        }
    }
}

#[cfg(unix)]
fn allow_to_run(path: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
}

#[cfg(not(unix))]
fn allow_to_run(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

pub(super) fn is_root() -> Result<bool> {
    Ok(output(command("id").arg("-u"))?.is_some_and(|id| id.trim() == "0"))
}
