//! `cargo xtask run`: from a fresh checkout to a page that can be opened.

use anyhow::Result;

use crate::{build, plan, process, workspace};

/// Builds everything, and becomes the server.
pub(crate) fn run(server_arguments: &[String]) -> Result<()> {
    plan::announce_run()?;
    build::page_and_server()?;
    eprintln!();
    become_server(server_arguments)
}

/// Replaces this process by the server, so that Ctrl-C, signals and the exit code are the server's own.
#[cfg(unix)]
fn become_server(arguments: &[String]) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let server = workspace::release_server()?;
    let error = process::command(&server).args(arguments).exec();
    Err(anyhow::Error::new(error).context(format!("cannot start {}", server.display())))
}

#[cfg(not(unix))]
fn become_server(arguments: &[String]) -> Result<()> {
    process::run(process::command(workspace::release_server()?).args(arguments))
}
