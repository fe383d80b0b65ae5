//! Builds what is delivered: the page's bundle, and the server with the bundle inside.

use std::process::Stdio;

use anyhow::{Result, ensure};

use crate::process::{KilledOnDrop, cargo, cargo_at_low_priority, command, run};
use crate::step::step;
use crate::{glue, split, styles, tools, workspace};

/// Installs what is missing, and builds the bundle and the server.
pub(crate) fn page_and_server() -> Result<()> {
    let dependencies = start_server_dependencies()?;
    tools::for_the_page()?;
    page()?;
    server(dependencies)
}

/// Compiles what the server depends on beside everything else, where that was never compiled.
///
/// Tools and page each end with a minute in which one processor works and the others wait. The lowest
/// priority gives the server what is left over. How it ends doesn't matter: [`server`] builds what is
/// missing, and says what is wrong.
fn start_server_dependencies() -> Result<Option<KilledOnDrop>> {
    if workspace::target_dir()?.join("release/deps").is_dir() {
        return Ok(None);
    }
    let mut build = cargo_at_low_priority();
    build.args(["build", "--locked", "--quiet", "--release", "--package", "tincan-server", "--lib"]);
    build.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(build.spawn().ok().map(KilledOnDrop))
}

/// Builds the bundle into `dist/`.
fn page() -> Result<()> {
    // Trunk builds offline (see Trunk.toml), so everything in Cargo.lock must be here before it starts.
    step("Fetching crates", "some seconds; a minute the first time", || {
        run(cargo().args(["fetch", "--locked"]))
    })?;
    step("Building the page", "a minute; 3 the first time", || {
        let flags = [std::env::var("RUSTFLAGS").unwrap_or_default(), split::RUSTFLAGS.to_owned()].join(" ");
        run(command("trunk")
            // Relative to the page's base, so that it can be at any path.
            .args(["--skip-version-check", "build", "--release", "--public-url", "./"])
            .env("RUSTFLAGS", flags.trim())
            // `split` cuts by the names of functions.
            .env("CARGO_PROFILE_WASM_STRIP", "none"))
    })?;
    let dist = workspace::dist_dir();
    let page = dist.join("index.html");
    ensure!(page.is_file(), "Trunk wrote no {}", page.display());
    styles::join(&dist)?;
    split::split(&dist)?;
    glue::shorten(&dist)
}

/// Builds the server in release, with `dist/` embedded, when its `dependencies` are done.
fn server(dependencies: Option<KilledOnDrop>) -> Result<()> {
    step("Building the server with the page inside", "half a minute; 2 the first time", || {
        if let Some(mut dependencies) = dependencies {
            dependencies.0.wait()?;
        }
        run(cargo()
            .args(["build", "--locked", "--release", "--package", "tincan-server"])
            .env("TINCAN_DIST", workspace::dist_dir()))
    })
}
