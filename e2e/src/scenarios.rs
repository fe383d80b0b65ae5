//! Runs the scenarios of a table: `cargo xtask lab` and `cargo xtask faults`.

use std::env;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use futures_util::FutureExt;

/// What decides whatever is left to chance, where none is named.
const SEED: u64 = 1;

/// Measures each scenario whose name contains the first word of the command line, by the seed after
/// `--seed`. `measure` returns what it saw, and what of it is not as it has to be; `shown` makes a table of
/// it. Fails if anything isn't, or if there is no such scenario.
///
/// # Panics
/// If no number follows `--seed`.
pub async fn try_all<S, O>(
    scenarios: &[S],
    name: impl Fn(&S) -> &'static str,
    measure: impl AsyncFn(&S, u64) -> (O, Vec<String>),
    shown: impl Fn(&[(&str, Result<O, String>)]) -> String,
) -> ExitCode {
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
    for scenario in scenarios.iter().filter(|scenario| name(scenario).contains(&filter)) {
        let name = name(scenario);
        eprintln!("{name} …");
        // A scenario that fails panics, and the next is tried all the same.
        let measured = AssertUnwindSafe(measure(scenario, seed)).catch_unwind().await;
        let (outcome, wrong) = match measured {
            Ok((outcome, wrong)) => (Ok(outcome), wrong),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                let text = text.unwrap_or_else(|| "it failed".to_owned());
                (Err(text.clone()), vec![text])
            }
        };
        faults.extend(wrong.into_iter().map(|fault| format!("{name}: {fault}")));
        rows.push((name, outcome));
        eprintln!("{}", shown(&rows[rows.len() - 1..]).lines().last().unwrap_or_default());
    }
    println!("Seed {seed}:\n\n{}", shown(&rows));
    for fault in &faults {
        println!("✘ {fault}");
    }
    if faults.is_empty() && !rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
