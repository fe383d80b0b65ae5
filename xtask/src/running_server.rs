//! Runs the built server for as long as a check needs it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::process::{KilledOnDrop, command};
use crate::workspace;

/// The server on a port of its own. Stops when dropped.
pub(crate) struct RunningServer {
    _process: KilledOnDrop,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

impl RunningServer {
    /// Starts the release build and waits until it prints its address.
    pub(crate) fn start() -> Result<RunningServer> {
        let program = workspace::release_server()?;
        let child = command(&program)
            .args(["--listen", "127.0.0.1:0", "--no-turn"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut process = KilledOnDrop(child);
        let output = process.0.stdout.take().context("the server's output was piped")?;
        for line in BufReader::new(output).lines() {
            if let Some(port) = port_in(&line.context("reading what the server prints")?) {
                return Ok(RunningServer { _process: process, address: format!("127.0.0.1:{port}") });
            }
        }
        bail!("{} ended without printing its address", program.display());
    }
}

/// Returns the port in `Tincan listens on http://localhost:PORT`.
fn port_in(line: &str) -> Option<u16> {
    let (_, url) = line.split_once("http://")?;
    let (_, port) = url.trim().trim_end_matches('/').rsplit_once(':')?;
    port.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::port_in;

    #[test]
    fn the_port_is_read_from_the_printed_address() {
        assert_eq!(port_in("Tincan listens on http://localhost:9090"), Some(9090));
        assert_eq!(port_in("Tincan listens on http://[::1]:80/"), Some(80));
        assert_eq!(port_in("starting"), None);
    }
}
