//! Installs other people's servers and clients, against which ours are tested and measured, from Debian's
//! packages.

use anyhow::Result;

use super::debian::{self, Package};
use crate::process::find;

const PACKAGES: [Package; 2] = [
    Package { name: "coturn", is_here: || find("turnutils_uclient").is_some() },
    Package { name: "pebble", is_here: || find("pebble-challtestsrv").is_some() },
];

/// Installs what is missing where that is possible. Returns what is missing still: the tests with those say
/// that they are skipped.
pub(crate) fn ensure() -> Result<Vec<&'static str>> {
    debian::ensure(&PACKAGES, "half a minute, once")
}
