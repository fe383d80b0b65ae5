//! Tasks that are one command each.

use anyhow::Result;

use crate::process::{cargo, run};
use crate::step::step;
use crate::test::browser_tests;
use crate::{build, tools, workspace};

/// `cargo xtask sim`: runs the simulation with any number of seeds.
pub(crate) fn simulate(seeds: u64, from: Option<u64>) -> Result<()> {
    let mut simulation = cargo();
    simulation
        .args([
            "test",
            "--release",
            "--package",
            "tincan-session",
            "--test",
            "simulation",
            "--",
            "--nocapture",
        ])
        .env("SIM_SEEDS", seeds.to_string());
    if let Some(from) = from {
        simulation.env("SIM_FROM", from.to_string());
    }
    step(&format!("Simulating {seeds} schedules"), "depends on how many", || run(&mut simulation))
}

/// `cargo xtask screenshots`: takes a picture of every screen of the real page.
pub(crate) fn screenshots() -> Result<()> {
    let folder = workspace::target_dir()?.join("screenshots");
    tools::for_e2e_tests()?;
    build::page_and_server()?;
    step("Taking screenshots", "about 2 minutes", || {
        run(cargo()
            .args(["run", "--quiet", "--package", "tincan-e2e", "--example", "screenshots", "--"])
            .arg(&folder)
            .env("TINCAN_BIN", workspace::release_server()?))
    })?;
    eprintln!("The pictures are in {}", folder.display());
    Ok(())
}

/// `cargo xtask lab`: calls across networks of namespaces.
pub(crate) fn lab(filter: Option<&str>, seed: u64) -> Result<()> {
    tools::networks::require()?;
    let browsers = tools::for_e2e_tests()?;
    anyhow::ensure!(browsers.firefox, "the lab calls between Chromium and Firefox, which is not installed");
    build::page_and_server()?;
    step("Calling across networks", "about 20 seconds for each scenario", || {
        try_scenarios("lab", filter, seed)
    })
}

/// `cargo xtask faults`: what breaks while people are connected across such networks.
pub(crate) fn faults(filter: Option<&str>, seed: u64) -> Result<()> {
    tools::networks::require()?;
    tools::for_e2e_tests()?;
    build::page_and_server()?;
    step("Breaking things", "about 40 seconds for each scenario", || try_scenarios("faults", filter, seed))
}

fn try_scenarios(example: &str, filter: Option<&str>, seed: u64) -> Result<()> {
    run(cargo()
        .args(["run", "--quiet", "--locked", "--package", "tincan-e2e", "--example", example, "--"])
        .args(filter)
        .args(["--seed", &seed.to_string()])
        .env("TINCAN_BIN", workspace::release_server()?))
}

/// `cargo xtask bench`: runs the measurements with the server as it is delivered.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    build::page_and_server()?;
    if arguments.first().is_some_and(|what| what == "files") {
        return bench_files();
    }
    if arguments.first().is_some_and(|what| what == "turn") {
        tools::servers::try_to_install()?;
        let missing = tools::servers::missing();
        anyhow::ensure!(!missing.contains(&"coturn"), "it is measured beside coturn, which is not installed");
    }
    step("Measuring", "some minutes", || {
        run(cargo()
            .args(["run", "--release", "--package", "tincan-bench", "--"])
            .args(arguments)
            .env("TINCAN_BIN", workspace::release_server()?))
    })
}

/// `cargo xtask bench files`: sends large files between real browsers.
fn bench_files() -> Result<()> {
    let browsers = tools::for_e2e_tests()?;
    step("Sending large files from browser to browser", "about 10 minutes", || {
        let arguments = ["--include-ignored", "--nocapture", "--test-threads", "1"];
        browser_tests(&browsers, Some("files_numbers"), &arguments)
    })
}
