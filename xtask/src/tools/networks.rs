//! Installs what networks of namespaces are built with, and finds out whether they can be built here.

use anyhow::{Result, bail};

use super::debian::{self, Package};
use super::servers::is_here;
use crate::process::{command, output};
use crate::step::step;

const PACKAGES: [Package; 3] = [
    Package { name: "iproute2", needed: false, is_here: || is_here("ip") && is_here("tc") },
    Package { name: "nftables", needed: false, is_here: || is_here("nft") },
    // By this the browsers trust the network's authority.
    Package { name: "libnss3-tools", needed: false, is_here: || is_here("certutil") },
];

/// Installs what is missing where that is possible. Returns why there can be no networks here, if so.
pub(crate) fn ensure() -> Result<Option<String>> {
    if !debian::is_root()? {
        return Ok(Some("not root".to_owned()));
    }
    let names = |missing: Vec<&Package>| missing.iter().map(|package| package.name).collect::<Vec<_>>();
    let missing = names(debian::missing(&PACKAGES));
    if !missing.is_empty() && debian::can_install()? {
        let installed = step(&format!("Installing {}", missing.join(", ")), "half a minute, once", || {
            debian::install(&missing)
        });
        if let Err(error) = installed {
            eprintln!("done without: {error:#}");
        }
    }
    let missing = names(debian::missing(&PACKAGES));
    if !missing.is_empty() {
        return Ok(Some(format!("not installed: {}", missing.join(", "))));
    }
    // A namespace that ends with its only process.
    let rules = "table inet lab { chain c { type nat hook postrouting priority srcnat; }; }";
    let works = output(command("unshare").args(["--net", "nft", rules]))?.is_some();
    Ok((!works).then(|| "this system has no network namespaces, or no nftables in them".to_owned()))
}

/// Errors where there can be no networks.
pub(crate) fn require() -> Result<()> {
    match ensure()? {
        None => Ok(()),
        Some(why) => bail!("the lab builds networks of namespaces, and can't here: {why}"),
    }
}
