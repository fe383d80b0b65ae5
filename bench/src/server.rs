//! The server under measurement.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

/// A running server, which ends when this is dropped.
pub(crate) struct Server {
    process: Process,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(binary: &Path, users: usize) -> Result<Server> {
        Server::start_with(binary, &["--no-turn", "--max-users", &users.to_string()])
    }

    pub(crate) fn start_with(binary: &Path, arguments: &[&str]) -> Result<Server> {
        Server::start_at(0, binary, arguments)
    }

    /// The same at this port.
    pub(crate) fn start_at(port: u16, binary: &Path, arguments: &[&str]) -> Result<Server> {
        let listen = format!("127.0.0.1:{port}");
        let mut process = Command::new(binary)
            .args(["--listen", &listen, "--log", "error"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}: build it first", binary.display()))?;
        let output = process.stdout.take().context("its output was piped")?;
        let process = Process(process);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let port = line.trim_end().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        Ok(Server { process, port: port.context("the server did not say where it listens")? })
    }

    /// Returns its resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.process.memory("VmRSS:")
    }

    pub(crate) fn processor_time(&self) -> Result<Duration> {
        self.process.processor_time()
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// Returns whether it has ended by itself, and as it should.
    pub(crate) fn has_ended(&mut self) -> Result<bool> {
        let Some(status) = self.process.0.try_wait()? else { return Ok(false) };
        anyhow::ensure!(status.success(), "it ended with {status}");
        Ok(true)
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }
}

/// A process, which ends when this is dropped.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    /// Returns its resident memory in bytes: now (`VmRSS:`), or when it was most (`VmHWM:`).
    pub(crate) fn memory(&self, which: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(which)).context("no such memory")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    /// Returns the processor time it has used.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The fields follow the name in parentheses, which may hold spaces (proc(5): utime is field 14).
        let (_, fields) = stat.rsplit_once(')').context("odd stat")?;
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let ticks = |index: usize| -> Result<u64> { Ok(fields.get(index).context("short stat")?.parse()?) };
        // A tick is 10 ms on every Linux that Rust runs on (USER_HZ is 100).
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
