//! `cargo xtask dev`: runs `trunk serve` for the page and the server beside it, and rebuilds both when a file
//! changes.

mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{KilledOnDrop, cargo, command, run as run_command};
use crate::step::step;
use crate::{tools, workspace};
use watch::Watch;

/// What the server is made of. Trunk watches the page's sources.
const SERVER_SOURCES: [&str; 4] = ["server/src", "server/Cargo.toml", "shared/src", "shared/Cargo.toml"];
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Runs until Ctrl-C, or until one of the two ends. Then it ends the other.
pub(crate) fn run(server_arguments: &[String]) -> Result<()> {
    tools::for_the_page()?;
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    ctrlc::set_handler(move || handler.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")?;

    step("Fetching crates", "some seconds; a minute the first time", || {
        run_command(cargo().args(["fetch", "--locked"]))
    })?;
    build_server()?;
    let mut watch = Watch::new(&SERVER_SOURCES)?;
    let mut server = start_server(server_arguments)?;
    // This bundle has a folder of its own, so that a release build beside it doesn't get in the way.
    let page = command("trunk")
        .args(["--skip-version-check", "serve", "--dist", "target/page-dev"])
        .spawn()
        .context("cannot start trunk serve")?;
    let mut page = KilledOnDrop(page);
    eprintln!("\nThe page, reloading itself: http://localhost:8080 (the server alone is on port 9090)\n");

    while !stop.load(Ordering::Relaxed) {
        if let Some(status) = page.0.try_wait()? {
            bail!("trunk serve ended ({status})");
        }
        if let Some(status) = server.0.try_wait()? {
            bail!("the server ended ({status})");
        }
        if watch.changed()? {
            // The old server runs on while the new one is built, and for good if the new one doesn't compile.
            match build_server() {
                Ok(()) => {
                    drop(server);
                    server = start_server(server_arguments)?;
                }
                Err(error) => eprintln!("{error:#}"),
            }
        }
        thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

fn build_server() -> Result<()> {
    step("Building the server", "about a minute the first time", || {
        run_command(cargo().args(["build", "--package", "tincan-server"]))
    })
}

fn start_server(arguments: &[String]) -> Result<KilledOnDrop> {
    let program =
        workspace::target_dir()?.join("debug").join(format!("tincan{}", std::env::consts::EXE_SUFFIX));
    let child = command(&program)
        .args(arguments)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    Ok(KilledOnDrop(child))
}
