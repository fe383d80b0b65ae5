//! Installs other people's servers and clients, against which ours are tested and measured, and the compiler
//! that the fuzz targets take, from Debian's packages.

use anyhow::Result;

use super::debian::{self, Package};
use crate::process::find;
use crate::step::step;

const PACKAGES: [Package; 7] = [
    Package { name: "coturn", needed: false, is_here: || is_here("turnutils_uclient") },
    Package { name: "pebble", needed: false, is_here: || is_here("pebble-challtestsrv") },
    Package { name: "nginx", needed: false, is_here: || is_here("nginx") },
    Package { name: "caddy", needed: false, is_here: || is_here("caddy") },
    Package { name: "haproxy", needed: false, is_here: || is_here("haproxy") },
    Package { name: "g++", needed: false, is_here: || is_here("c++") },
    Package { name: "apache2-bin", needed: false, is_here: || is_here("apache2") },
];

/// Returns the names of those that aren't here.
pub(crate) fn missing() -> Vec<&'static str> {
    debian::missing(&PACKAGES).iter().map(|package| package.name).collect()
}

/// Installs what is missing where that is possible. The tests pass over what isn't here.
pub(crate) fn try_to_install() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    if debian::can_install()? {
        let installed = step(&format!("Installing {}", missing.join(", ")), "half a minute, once", || {
            debian::install(&missing)
        });
        if let Err(error) = installed {
            eprintln!("done without: {error:#}");
        }
    } else if let Some(how) = debian::how_to_install(&missing) {
        eprintln!("not here, and done without: {}. {how}", missing.join(", "));
    }
    Ok(())
}

/// Users other than root seldom have `/usr/sbin` on their path.
pub(super) fn is_here(program: &str) -> bool {
    let folders = ["/usr/sbin", "/usr/local/sbin"];
    let beside = |folder| std::path::Path::new(folder).join(program).is_file();
    find(program).is_some() || folders.into_iter().any(beside)
}
