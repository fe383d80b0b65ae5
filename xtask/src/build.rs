//! Building what is delivered: the page's bundle, and the server with the bundle inside.

use anyhow::{Result, ensure};

use crate::process::{cargo, command, run};
use crate::step::step;
use crate::{glue, split, styles, tools, workspace};

/// Installs what is missing and builds both.
pub(crate) fn page_and_server() -> Result<()> {
    tools::for_the_page()?;
    page()?;
    server()
}

/// The bundle, into `dist/`.
fn page() -> Result<()> {
    // Trunk builds offline (see Trunk.toml), so everything in Cargo.lock must be here before.
    step("Fetching crates", "some seconds; a minute the first time", || {
        run(cargo().args(["fetch", "--locked"]))
    })?;
    step("Building the page", "a minute; 3 the first time", || {
        let flags = [std::env::var("RUSTFLAGS").unwrap_or_default(), split::RUSTFLAGS.to_owned()].join(" ");
        run(command("trunk")
            .args(["--skip-version-check", "build", "--release"])
            .env("RUSTFLAGS", flags.trim())
            // Names are needed to cut by.
            .env("CARGO_PROFILE_WASM_STRIP", "none"))
    })?;
    let dist = workspace::dist_dir();
    let page = dist.join("index.html");
    ensure!(page.is_file(), "Trunk wrote no {}", page.display());
    styles::join(&dist)?;
    split::split(&dist)?;
    glue::shorten(&dist)
}

/// The server in release, with `dist/` embedded.
fn server() -> Result<()> {
    step("Building the server with the page inside", "a minute; 3 the first time", || {
        run(cargo()
            .args(["build", "--locked", "--release", "--package", "tincan-server"])
            .env("TINCAN_DIST", workspace::dist_dir()))
    })
}
