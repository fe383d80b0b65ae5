//! The built server, running for as long as a check needs it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// The server on a port of its own; stopped when dropped.
pub(crate) struct RunningServer {
    child: Child,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

impl RunningServer {
    /// Starts the release build and waits for the line with its address.
    pub(crate) fn start() -> Result<RunningServer> {
        let program = workspace::release_server()?;
        let mut child = process::command(&program)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = child.stdout.take().context("the server's output was piped")?;
        // Owns the child from here on, so that it is stopped on every way out.
        let mut server = RunningServer { child, address: String::new() };
        for line in BufReader::new(output).lines() {
            if let Some(port) = port_in(&line.context("reading what the server prints")?) {
                server.address = format!("127.0.0.1:{port}");
                return Ok(server);
            }
        }
        bail!("{} ended without printing its address", program.display());
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // Both fail only if it ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The port in `Tincan listens on http://localhost:PORT`.
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
