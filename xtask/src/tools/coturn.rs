//! Installs coturn, against which TURN is tested, from Debian's package.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};

use super::browsers::{how_to_install, install, is_root};
use crate::process::find;
use crate::step::step;

const PACKAGE: &str = "coturn";
/// Debian asks this program whether a package may start its service (invoke-rc.d(8)).
const POLICY: &str = "/usr/sbin/policy-rc.d";

fn is_here() -> bool {
    find("turnserver").is_some() && find("turnutils_uclient").is_some()
}

/// Installs it where that is possible. Returns whether it is here: without it some tests say that they are
/// skipped.
pub(super) fn ensure() -> Result<bool> {
    if !is_here() && find("apt-get").is_some() && is_root()? {
        step(&format!("Installing {PACKAGE}"), "half a minute, once", || {
            let _no_service = NoServices::new()?;
            install(&[PACKAGE])
        })?;
    } else if !is_here() {
        eprintln!("not here, and done without: {PACKAGE}. {}", how_to_install(&[PACKAGE]));
    }
    Ok(is_here())
}

/// While this lives, no package starts a service: nobody asked for a TURN server on this machine.
struct NoServices {
    is_ours: bool,
}

impl NoServices {
    fn new() -> Result<NoServices> {
        // One that is there has its reasons.
        if Path::new(POLICY).exists() {
            return Ok(NoServices { is_ours: false });
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o755).open(POLICY);
        let written = file.and_then(|mut file| file.write_all(b"#!/bin/sh\nexit 101\n"));
        written.with_context(|| format!("cannot write {POLICY}"))?;
        Ok(NoServices { is_ours: true })
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.is_ours {
            let _ = fs::remove_file(POLICY);
        }
    }
}
