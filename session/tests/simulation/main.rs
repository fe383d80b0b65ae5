//! Sessions and the server's hub over a network that delays, reorders, duplicates, drops and disconnects by a
//! seed.
//!
//! Each seed is one schedule of a scenario: people do what people do (and what they shouldn't), the network
//! does its worst, and at every step and at the end the invariants of `invariants.rs` or `rooms.rs` hold.
//! `SIM_SEEDS` says how many seeds to run (12,000 by default; a quarter of it with rooms, where a schedule
//! has ten times the events), `SIM_FROM` where to begin, `SIM_TRACE=1` prints what happened in the first. A
//! seed that fails is printed; fix the cause, and keep the seed in `named.rs`.

mod conversations;
mod hostile;
mod invariants;
mod last_call;
mod named;
mod network;
mod peer_connection;
mod people;
mod queue;
mod reloads;
mod rooms;
mod sleeps;
mod totals;
mod trouble;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use totals::Totals;
use world::World;

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => default,
    }
}

/// What a seed is a schedule of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scenario {
    /// Two or three people call each other.
    Calls,
    /// Three to five people come into rooms and leave them.
    Rooms,
}

/// Runs one seed. The error says what went wrong, with what happened before when `trace` is set.
pub(crate) fn run(scenario: Scenario, seed: u64, trace: bool) -> Result<Totals, String> {
    let run = AssertUnwindSafe(|| match scenario {
        Scenario::Calls => World::new(seed, trace).run(),
        Scenario::Rooms => World::with_rooms(seed, trace).run_rooms(),
    });
    catch_unwind(run)
        .unwrap_or_else(|_| Err("a panic".to_owned()))
        .map_err(|error| format!("{scenario:?}, seed {seed}: {error}"))
}

#[test]
fn calls_hold_under_every_schedule() {
    run_all(Scenario::Calls, number("SIM_SEEDS", 12_000)).assert_calls_happened();
}

#[test]
fn rooms_hold_under_every_schedule() {
    run_all(Scenario::Rooms, number("SIM_SEEDS", 12_000).div_ceil(4)).assert_rooms_happened();
}

/// Set when a schedule has failed: then nobody waits for the rest of them all.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Runs `count` seeds on all processors. Panics with the first that fails.
fn run_all(scenario: Scenario, count: u64) -> Totals {
    let from = number("SIM_FROM", 1);
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
                if FAILED.load(Ordering::Relaxed) {
                    return Err("stopped, as another schedule has failed".to_owned());
                }
                match run(scenario, seed, trace && seed == from) {
                    Ok(more) => totals.add(&more),
                    Err(error) => {
                        FAILED.store(true, Ordering::Relaxed);
                        return Err(error);
                    }
                }
            }
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().map(|handle| handle.join().expect("no run panics")).collect()
    });
    let mut totals = Totals { schedules: count, ..Totals::default() };
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(more) => totals.add(&more),
            Err(error) => errors.push(error),
        }
    }
    assert!(errors.is_empty(), "{}\nSee it: SIM_FROM=<seed> SIM_SEEDS=1 SIM_TRACE=1", errors.join("\n"));
    println!("{scenario:?}: {count} schedules from seed {from}: {totals:?}");
    totals
}
