//! Sessions and the server's hub over a network that delays, reorders, duplicates, drops and disconnects by a seed.
//!
//! Each seed is one schedule: two or three people do what people do (and what they shouldn't), the network does its
//! worst, and at every step and at the end the invariants of `invariants.rs` hold. `SIM_SEEDS` says how many seeds
//! to run (20,000 by default), `SIM_FROM` where to begin, `SIM_TRACE=1` prints what happened in the first.
//! A seed that fails is printed; fix the cause, and keep the seed in `named.rs`.

mod invariants;
mod named;
mod network;
mod peer_connection;
mod people;
mod queue;
mod totals;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use totals::Totals;
use world::World;

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => default,
    }
}

/// Runs one seed. The error says what went wrong, with what happened before when `trace` is set.
pub(crate) fn run(seed: u64, trace: bool) -> Result<Totals, String> {
    let run = AssertUnwindSafe(|| World::new(seed, trace).run());
    catch_unwind(run)
        .unwrap_or_else(|_| Err("a panic".to_owned()))
        .map_err(|error| format!("seed {seed}: {error}"))
}

#[test]
fn calls_hold_under_every_schedule() {
    let (from, count) = (number("SIM_FROM", 1), number("SIM_SEEDS", 20_000));
    let trace = number("SIM_TRACE", 0) > 0;
    let next = AtomicU64::new(from);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let results: Vec<Result<Totals, String>> = thread::scope(|scope| {
        let worker = || {
            let mut totals = Totals::default();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= from + count {
                    return Ok(totals);
                }
                match run(seed, trace && seed == from) {
                    Ok(more) => totals.add(&more),
                    Err(error) => {
                        next.store(from + count, Ordering::Relaxed);
                        return Err(error);
                    }
                }
            }
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    let mut totals = Totals::default();
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(more) => totals.add(&more),
            Err(error) => errors.push(error),
        }
    }
    assert!(errors.is_empty(), "{}\nSee it: SIM_FROM=<seed> SIM_SEEDS=1 SIM_TRACE=1", errors.join("\n"));
    println!("{count} schedules from seed {from}: {totals:?}");
    // A simulation in which nothing happens proves nothing.
    if count >= 1_000 {
        totals.assert_everything_happened();
    }
}
