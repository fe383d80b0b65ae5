//! What strangers and users who mean harm can do to two others who are in a call.
//!
//! Each attack is that of a row of the table "budgets" (`server/src/hub/limits.rs`), made by clients from
//! addresses of their own (127.0.0.2 and on), as fast as they can. Meanwhile a quiet pair sends candidates to
//! each other. The attackers have a processor of their own, the server and the pair share the others.

mod attacks;
mod cores;
mod quiet_pair;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;

use self::attacks::{Attack, Attackers, largest_asset};
use self::cores::Cores;
use self::quiet_pair::{Latencies, Pair};
use crate::server::Server;

#[derive(Args)]
pub(crate) struct Options {
    /// For how many seconds each attack goes on.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How often each attack is made. The figures are the medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only attacks whose description has this in it.
    #[arg(long, default_value = "")]
    only: String,
    /// Fail where an attack makes the quiet pair so many times slower at the 99th percentile, counted from 2
    /// ms, or where the server's memory grows by more than 64 MiB.
    #[arg(long)]
    fail_beyond: Option<f64>,
    /// Two seconds of each, once, and fail where an attack does what none may do on any machine, however
    /// busy: the quiet pair's median 10 times what it was, and over 10 ms; their 99th percentile 20 times,
    /// and over 250 ms; 64 MiB.
    #[arg(long, conflicts_with_all = ["seconds", "rounds", "fail_beyond"])]
    short: bool,
}

/// One attack: the row of the findings that it is of, and what it does.
const ATTACKS: [(&str, Attack); 8] = [
    ("--  nobody does anything", Attack::Nobody),
    ("S1  400 connections ask for the page 40 times each, and read nothing", Attack::ReadNothing),
    ("S2  two connections ask for the heads of unpacked files", Attack::Heads),
    ("S3  50 users send frames of 64 KiB full of unknown fields", Attack::LargeFrames),
    ("S4  four connections send fragments without end", Attack::Fragments),
    ("S5  four users send offers to the callee without end", Attack::Offers),
    ("S8  a user rings again on each decline", Attack::Rings),
    ("S11 three guests come into the pair's room and leave it", Attack::ComeAndGo),
];

const MEBIBYTE: f64 = 1024.0 * 1024.0;
const MOST_MEBIBYTES: f64 = 64.0;

/// What is measured of an attack.
struct Outcome {
    quiet: Latencies,
    under_attack: Latencies,
    /// How much more memory the server had.
    mebibytes: f64,
    /// The server's share of a processor.
    processor: f64,
    /// How many harmful things were done.
    acts: u64,
}

pub(crate) async fn measure(binary: &Path, options: &Options) -> Result<()> {
    let cores = Cores::split();
    if !cores.are_split() {
        println!("The attackers share the only processor.");
    }
    cores.leave_those_of_attackers();
    let (seconds, rounds) = if options.short { (2, 1) } else { (options.seconds, options.rounds.max(1)) };
    println!(
        "{:<70} {:>13} {:>13} {:>6} {:>8} {:>5} {:>8}",
        "", "quiet p50/p99", "attack", "p99 ×", "+MiB", "CPU", "acts"
    );
    let mut failures = Vec::new();
    for (name, attack) in ATTACKS {
        if !name.contains(&options.only) || (options.short && attack == Attack::Nobody) {
            continue;
        }
        let mut outcomes = Vec::new();
        for _ in 0..rounds {
            outcomes.push(one_round(binary, attack, Duration::from_secs(seconds), &cores).await?);
        }
        let outcome = medians(&outcomes);
        println!(
            "{name:<70} {:>13} {:>13} {:>6.2} {:>8.1} {:>4.0}% {:>8}",
            outcome.quiet.to_string(),
            outcome.under_attack.to_string(),
            ratio(outcome.under_attack.p99, outcome.quiet.p99),
            outcome.mebibytes,
            outcome.processor * 100.0,
            outcome.acts,
        );
        ensure!(outcome.acts > 0 || attack == Attack::Nobody, "{name}: the attackers did nothing");
        if outcome.is_beyond(options) {
            failures.push(name);
        }
    }
    ensure!(failures.is_empty(), "beyond the limits: {failures:?}");
    Ok(())
}

async fn one_round(binary: &Path, attack: Attack, time: Duration, cores: &Cores) -> Result<Outcome> {
    let server = Server::start(binary, 10_000)?;
    let mut pair = Pair::connect(server.port).await?;
    let asset = largest_asset(server.port).await?;
    let quiet = pair.latencies(time).await?;
    let (memory, processor, began) = (server.memory()?, server.processor_time()?, Instant::now());
    let attackers = Attackers::begin(attack, server.port, &asset, cores)?;
    let under_attack = pair.latencies(time).await?;
    let used = server.processor_time()? - processor;
    let grown = server.memory()?.saturating_sub(memory);
    Ok(Outcome {
        quiet,
        under_attack,
        mebibytes: grown as f64 / MEBIBYTE,
        processor: ratio(used, began.elapsed()),
        acts: attackers.acts(),
    })
}

impl Outcome {
    fn is_beyond(&self, options: &Options) -> bool {
        let (quiet, attack) = (self.quiet, self.under_attack);
        let is_slow = if options.short {
            attack.p50 > Duration::from_millis(10).max(quiet.p50 * 10)
                || attack.p99 > Duration::from_millis(250).max(quiet.p99 * 20)
        } else {
            let slower = ratio(attack.p99, quiet.p99.max(Duration::from_millis(2)));
            options.fail_beyond.is_some_and(|most| slower > most)
        };
        let is_judged = options.short || options.fail_beyond.is_some();
        is_slow || (is_judged && self.mebibytes > MOST_MEBIBYTES)
    }
}

fn medians(outcomes: &[Outcome]) -> Outcome {
    let latencies = |of: fn(&Outcome) -> Latencies| Latencies {
        p50: median(outcomes, |outcome| of(outcome).p50),
        p99: median(outcomes, |outcome| of(outcome).p99),
    };
    Outcome {
        quiet: latencies(|outcome| outcome.quiet),
        under_attack: latencies(|outcome| outcome.under_attack),
        mebibytes: median(outcomes, |outcome| outcome.mebibytes),
        processor: median(outcomes, |outcome| outcome.processor),
        acts: median(outcomes, |outcome| outcome.acts),
    }
}

/// Returns the median of something that is never NaN.
fn median<T: PartialOrd + Default + Copy>(outcomes: &[Outcome], of: impl Fn(&Outcome) -> T) -> T {
    let mut values: Vec<T> = outcomes.iter().map(of).collect();
    values.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64().max(f64::EPSILON)
}
