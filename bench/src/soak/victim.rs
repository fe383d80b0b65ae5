//! The server, which is killed and started again at the same port.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::time::sleep;

use crate::server::Server;

pub(crate) struct Victim {
    binary: PathBuf,
    users: String,
    server: Option<Server>,
    pub(crate) port: u16,
    pub(crate) kills: u32,
    pub(crate) ends: u32,
}

/// How long it is away at most.
const AWAY_MS: u64 = 2_000;

impl Victim {
    pub(crate) fn start(binary: &Path, clients: usize) -> Result<Victim> {
        // Each may have an old connection beside the new one.
        let users = (2 * clients).to_string();
        let server = Server::start_with(binary, &["--no-turn", "--max-users", &users])?;
        let port = server.port;
        Ok(Victim { binary: binary.to_owned(), users, server: Some(server), port, kills: 0, ends: 0 })
    }

    /// Is killed, or ended by a signal, once in `life` on average, for so long; and is alive at the end.
    pub(crate) async fn suffer(
        &mut self,
        time: Duration,
        life: Duration,
        random: &mut fastrand::Rng,
    ) -> Result<()> {
        let until = Instant::now() + time;
        loop {
            let next = life.mul_f64(0.5 + random.f64());
            let left = until.saturating_duration_since(Instant::now());
            if next >= left {
                sleep(left).await;
                return Ok(());
            }
            sleep(next).await;
            if random.u32(..3) == 0 {
                self.end().await?;
            } else {
                self.kills += 1;
                self.server = None;
            }
            sleep(Duration::from_millis(random.u64(..AWAY_MS))).await;
            let arguments = ["--no-turn", "--max-users", &self.users];
            self.server = Some(Server::start_at(self.port, &self.binary, &arguments)?);
        }
    }

    /// Asks it to end, and sees that it does.
    async fn end(&mut self) -> Result<()> {
        self.ends += 1;
        let Some(mut server) = self.server.take() else { return Ok(()) };
        let began = Instant::now();
        let killed = Command::new("kill").arg(server.id().to_string()).status()?;
        ensure!(killed.success(), "kill failed");
        while !server.has_ended()? {
            ensure!(began.elapsed() < Duration::from_secs(10), "it doesn't end within ten seconds");
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    pub(crate) fn memory(&self) -> Result<u64> {
        self.server.as_ref().context("it is alive")?.memory()
    }

    pub(crate) fn processor_time(&self) -> Result<Duration> {
        self.server.as_ref().context("it is alive")?.processor_time()
    }
}
