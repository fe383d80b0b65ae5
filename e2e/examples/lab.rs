//! Calls across real networks: `cargo xtask lab [FILTER] [--seed N]`.

use std::process::ExitCode;

use tincan_e2e::{SCENARIOS, Scenario, measure, shown, try_all};

#[tokio::main]
async fn main() -> ExitCode {
    let judged = async |scenario: &Scenario, seed: u64| {
        let outcome = measure(scenario, seed).await;
        let faults = outcome.faults(scenario.kind, &scenario.expected);
        (outcome, faults)
    };
    try_all(&SCENARIOS, |scenario| scenario.name, judged, shown).await
}
