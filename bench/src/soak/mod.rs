//! A day in the life of a server, in little: many clients come, call each other, meet in rooms, and go in
//! every way there is, while the server is killed and started again. Nothing may grow, and no name may stick.
//!
//! In the first half of the time, the server is killed at random, or asked to end. The second half is one
//! long life, in which its memory is measured: a server that is killed every minute has no time to grow.

mod memory;
mod person;
mod tallies;
mod victim;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use tincan_shared::Login;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use self::memory::Memory;
use self::person::{Person, name};
use self::tallies::Tallies;
use self::victim::Victim;
use crate::client::Client;

#[derive(Args)]
pub(crate) struct Options {
    /// How many clients.
    #[arg(long, default_value_t = 1000)]
    clients: usize,
    /// For how many seconds.
    #[arg(long, default_value_t = 3600)]
    seconds: u64,
    /// How long the server lives between kills, in seconds, on average.
    #[arg(long, default_value_t = 30)]
    life: u64,
    /// What decides who does what. The same seed doesn't give the same run, because time has a part in it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How long everybody may take to go at the end.
const GOING: Duration = Duration::from_secs(30);
/// The names of those who went last without a word are free after this.
const GRACE: Duration = Duration::from_millis(tincan_shared::RESUME_GRACE_MS + 2_000);

pub(crate) async fn measure(binary: &Path, options: &Options) -> Result<()> {
    let mut victim = Victim::start(binary, options.clients)?;
    let (port, tallies) = (victim.port, Arc::new(Tallies::default()));
    let (over, is_over) = watch::channel(false);
    let mut people = JoinSet::new();
    for number in 0..options.clients {
        let random = fastrand::Rng::with_seed(options.seed.wrapping_mul(1_000_003) + number as u64);
        let person = Person::new(number, options.clients, port, random, tallies.clone());
        people.spawn(person.live(is_over.clone()));
    }
    let half = Duration::from_secs(options.seconds) / 2;
    let mut random = fastrand::Rng::with_seed(options.seed);
    victim.suffer(half, Duration::from_secs(options.life), &mut random).await?;
    println!("{} kills, {} ends by signal in {:.0} s", victim.kills, victim.ends, half.as_secs_f64());
    let memory = Memory::watch(&victim, half).await?;
    // Fails only if nobody is there any more.
    let _ = over.send(true);
    let all_gone = timeout(GOING, async {
        while let Some(person) = people.join_next().await {
            person.context("a client has panicked")?;
        }
        anyhow::Ok(())
    });
    all_gone.await.context("clients hang")??;
    println!("{tallies}");
    println!("{memory}");
    let stuck = stuck_names(port, options.clients).await?;
    println!("names that nobody could take afterwards: {stuck}");
    ensure!(stuck == 0, "{stuck} names are stuck");
    tallies.judge()?;
    memory.judge()
}

/// Returns how many names are taken though everybody has gone.
async fn stuck_names(port: u16, clients: usize) -> Result<usize> {
    let deadline = Instant::now() + GRACE;
    let mut left: Vec<usize> = (0..clients).collect();
    loop {
        let mut taken = Vec::new();
        for number in left {
            let login = Login { name: name(number), ..Login::default() };
            let stream = TcpStream::connect(("127.0.0.1", port)).await?;
            if Client::sign_in_over(stream, port, login).await.is_err() {
                taken.push(number);
            }
        }
        if taken.is_empty() || Instant::now() > deadline {
            return Ok(taken.len());
        }
        left = taken;
        sleep(Duration::from_millis(500)).await;
    }
}
