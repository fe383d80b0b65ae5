//! Calls across real networks: `cargo xtask lab [FILTER] [--seed N]`.

use std::env;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use futures_util::FutureExt;
use tincan_e2e::{SCENARIOS, measure, shown};

/// Which browser is on which side, and which packets are lost.
const SEED: u64 = 1;

#[tokio::main]
async fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    let (mut filter, mut seed) = (String::new(), SEED);
    while let Some(word) = words.next() {
        if word == "--seed" {
            seed = words.next().and_then(|seed| seed.parse().ok()).expect("a number after --seed");
        } else {
            filter = word;
        }
    }
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for scenario in SCENARIOS.iter().filter(|scenario| scenario.name.contains(&filter)) {
        eprintln!("{} …", scenario.name);
        // A scenario that fails panics, and the next is tried all the same.
        let outcome = AssertUnwindSafe(measure(scenario, seed)).catch_unwind().await.map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_else(|| "it failed".to_owned())
        });
        match &outcome {
            Ok(outcome) => faults.extend(
                outcome
                    .faults(scenario.kind, &scenario.expected)
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", scenario.name)),
            ),
            Err(error) => faults.push(format!("{}: {error}", scenario.name)),
        }
        rows.push((scenario.name, outcome));
        eprintln!("{}", shown(&rows[rows.len() - 1..]).lines().last().unwrap_or_default());
    }
    println!("Seed {seed}:\n\n{}", shown(&rows));
    for fault in &faults {
        println!("✘ {fault}");
    }
    if faults.is_empty() && !rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
