//! `cargo xtask test`: runs the tests of every level, the quickest level first, and prints a summary.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::process::{cargo, command, find, run as run_command};
use crate::step::{seconds, step};
use crate::{build, first_load, fuzz, plan, tools, workspace};

/// How many browser tests are begun at once. Two of them run (`e2e/src/server/machine_lock.rs`); the others
/// wait: for their turn, or for something that takes long by itself.
const BROWSER_TESTS_AT_ONCE: &str = "4";

/// The tests that build networks of namespaces.
const NETWORKS: &str = "networks::";

/// A level of tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Everything that needs no browser: wire, session with its simulation, server, the page's texts, tasks
    Native,
    /// The client's own tests, in a headless Chromium
    Wasm,
    /// How many bytes the first visit downloads
    Size,
    /// Real browsers against the real server
    E2e,
    /// What answers within a minute: `native`, with only some hundred schedules of the simulation
    Quick,
}

/// The levels of a whole run. The quick level is a part of the first.
const ALL: [Level; 4] = [Level::Native, Level::Wasm, Level::Size, Level::E2e];

/// How many schedules of the simulation the quick level runs.
const QUICK_SEEDS: &str = "300";

/// What became of one level.
struct Outcome {
    name: &'static str,
    took: Duration,
    result: Result<String>,
}

/// Runs one level, or all of them. The next level runs even if one fails.
pub(crate) fn run(level: Option<Level>, filter: Option<&str>) -> Result<()> {
    let levels = level.map_or_else(|| ALL.to_vec(), |level| vec![level]);
    plan::announce_tests(&levels, filter)?;
    let mut builds = Build::default();
    let outcomes: Vec<Outcome> =
        levels.into_iter().map(|level| run_level(level, filter, &mut builds)).collect();
    summarise(&outcomes)
}

fn run_level(level: Level, filter: Option<&str>, build: &mut Build) -> Outcome {
    let started = Instant::now();
    let (name, result) = match level {
        Level::Native => ("native", native(filter, None)),
        Level::Quick => ("quick", native(filter, Some(QUICK_SEEDS))),
        Level::Wasm => ("wasm", wasm(filter)),
        Level::Size => ("size", build.ensure().and_then(|()| size())),
        Level::E2e => ("e2e", build.ensure().and_then(|()| e2e(filter))),
    };
    if let Err(error) = &result {
        eprintln!("✘ {name}: {error:#}");
    }
    Outcome { name, took: started.elapsed(), result }
}

/// Builds the bundle and the server at most once in a run.
#[derive(Default)]
struct Build {
    tried: Option<bool>,
}

impl Build {
    fn ensure(&mut self) -> Result<()> {
        match self.tried {
            Some(true) => Ok(()),
            Some(false) => bail!("the build failed before"),
            None => {
                let result = build::page_and_server();
                self.tried = Some(result.is_ok());
                result
            }
        }
    }
}

/// Runs the tests that need no browser. `seeds` is how many schedules of the simulation run, if not its own
/// number.
fn native(filter: Option<&str>, seeds: Option<&str>) -> Result<String> {
    let expectation = if seeds.is_some() { "under a minute once all is built" } else { "about 4 minutes" };
    // The quick level installs nothing.
    let missing = if seeds.is_none() { tools::for_native_tests()? } else { Vec::new() };
    step("Native tests", expectation, || {
        let mut tests = cargo();
        tests.args(["test", "--locked", "--workspace", "--exclude", "tincan-e2e"]).args(filter);
        tests.envs(seeds.map(|seeds| ("SIM_SEEDS", seeds)));
        run_command(&mut tests)
    })?;
    if seeds.is_none() && filter.is_none_or(|filter| "hostile".contains(filter)) {
        step("Strangers who mean harm, against the real server", "half a minute", hostile)?;
    }
    if seeds.is_none() && filter.is_none_or(|filter| "fuzz".contains(filter)) && fuzz::can_run() {
        fuzz::run_shortly()?;
    }
    Ok(if missing.is_empty() {
        String::new()
    } else {
        format!("skipped, not installed: {}", missing.join(", "))
    })
}

/// Runs the short form of `cargo xtask bench hostile`, with the programs that the tests have just built for
/// themselves.
fn hostile() -> Result<()> {
    let program = |name: &str| -> Result<PathBuf> { Ok(workspace::target_dir()?.join("debug").join(name)) };
    let mut bench = command(program("tincan-bench")?);
    run_command(bench.arg("--server").arg(program("tincan")?).args(["hostile", "--short"]))
}

fn wasm(filter: Option<&str>) -> Result<String> {
    tools::for_wasm_tests()?;
    let driver = find("chromedriver").context("chromedriver is not on PATH")?;
    step("The client's tests in Chromium", "about 3 minutes the first time", || {
        let mut tests = command("wasm-pack");
        tests.args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"]).arg(driver);
        tests.arg("client");
        // wasm-pack hands what it doesn't know to `cargo test`.
        if let Some(filter) = filter {
            tests.args(["--", filter]);
        }
        run_command(&mut tests)
    })?;
    Ok(String::new())
}

fn size() -> Result<String> {
    let total = step("The size of the first load", "a second", first_load::check)?;
    Ok(format!("first load {total} bytes"))
}

fn e2e(filter: Option<&str>) -> Result<String> {
    let browsers = tools::for_e2e_tests()?;
    let no_networks = tools::networks::ensure()?;
    step("Real browsers against the real server", "about 15 minutes", || {
        let mut arguments = vec!["--test-threads", BROWSER_TESTS_AT_ONCE];
        if no_networks.is_some() {
            arguments.extend(["--skip", NETWORKS]);
        }
        browser_tests(&browsers, filter, &arguments)
    })?;
    let no_firefox = (!browsers.firefox).then(|| "without Firefox, which is not installed".to_owned());
    let no_networks = no_networks.map(|why| format!("skipped {NETWORKS} ({why})"));
    Ok([no_firefox, no_networks].into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Runs browser tests with what is built and installed. `arguments` are for the test program.
pub(crate) fn browser_tests(
    browsers: &tools::Browsers,
    filter: Option<&str>,
    arguments: &[&str],
) -> Result<()> {
    let mut tests = cargo();
    tests.args(["test", "--locked", "--package", "tincan-e2e"]).args(filter).arg("--").args(arguments);
    if !browsers.firefox {
        tests.args(["--skip", "firefox"]);
    }
    run_command(tests.env("TINCAN_BIN", workspace::release_server()?))
}

fn summarise(outcomes: &[Outcome]) -> Result<()> {
    eprintln!("\nTests:");
    for Outcome { name, took, result } in outcomes {
        let (mark, remark) = match result {
            Ok(remark) => ("passed", remark.clone()),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        eprintln!("  {name:<7} {mark}  {:>12}  {remark}", seconds(*took));
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|outcome| outcome.result.is_err()).map(|o| o.name).collect();
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}
