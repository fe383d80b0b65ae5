//! What breaks while people are connected: `cargo xtask faults [FILTER] [--seed N]`.

use std::process::ExitCode;

use tincan_e2e::{FAULTS, FaultScenario, measure_fault, shown_faults, try_all};

#[tokio::main]
async fn main() -> ExitCode {
    let judged = async |scenario: &FaultScenario, seed: u64| {
        let outcome = measure_fault(scenario, seed).await;
        let faults = outcome.faults(scenario);
        (outcome, faults)
    };
    try_all(&FAULTS, |scenario| scenario.name, judged, shown_faults).await
}
