//! The tasks of this repository, as `cargo xtask TASK`. Each installs the tools it needs.
//!
//! | task | where |
//! | --- | --- |
//! | `run`, `dev` | `serve`, `dev` |
//! | `test` | `test`; the size of the first load is measured by `first_load` |
//! | `check`, `tidy` | `check`; the rules about the sources are in `tidy` |
//! | `sim`, `lab`, `faults`, `screenshots`, `bench` | `extras`; `sim --planted` is in `planted` |
//! | `fuzz` | `fuzz` |
//!
//! Building the page and the server is `build`, with its steps in `styles`, `split` and `glue`. Tools are
//! installed by `tools`, and `prerequisites` checks for what can't be installed.

mod build;
mod check;
mod dev;
mod extras;
mod first_load;
mod fuzz;
mod glue;
mod http;
mod plan;
mod planted;
mod prerequisites;
mod process;
mod running_server;
mod serve;
mod split;
mod step;
mod styles;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::test::Level;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The tasks of this repository", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and the server, and serve http://localhost:9090
    Run {
        /// Arguments for the server, after `--` (`cargo xtask run -- --help` lists them)
        #[arg(last = true)]
        server_arguments: Vec<String>,
    },
    /// Server and page together, rebuilt and reloaded when a file changes
    Dev {
        /// Arguments for the server, after `--`
        #[arg(last = true)]
        server_arguments: Vec<String>,
    },
    /// Every test of every level, or of one level
    Test {
        /// Only this level
        level: Option<Level>,
        /// Only the tests whose name contains this
        filter: Option<String>,
    },
    /// Formatting, lints with warnings as errors (native and wasm), documentation, and the rules of `tidy`
    Check,
    /// The rules in xtask/src/tidy/ alone (a part of `check`)
    Tidy,
    /// The simulation of `session` with more seeds than the tests run
    Sim {
        /// How many schedules
        #[arg(long, default_value_t = 200_000)]
        seeds: u64,
        /// The first seed
        #[arg(long)]
        from: Option<u64>,
        /// Instead, see that it catches the bugs in session/tests/planted/, or the one of this name
        #[arg(long, conflicts_with_all = ["seeds", "from"], value_name = "NAME", num_args = 0..=1,
            default_missing_value = "")]
        planted: Option<String>,
    },
    /// Looks for bytes of which something doesn't hold that must hold of any (fuzz/)
    Fuzz {
        /// Only this target: a folder of fuzz/corpus/
        target: Option<String>,
        /// For how long, each
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Calls between real browsers across networks of namespaces: NATs, blocked protocols, loss, a slow line.
    /// Needs root. Prints the table of docs/NETWORKS.md.
    Lab {
        /// Only the scenarios whose name contains this
        filter: Option<String>,
        /// Which packets are lost. Odd: Chromium calls Firefox; even: Firefox calls Chromium
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// What breaks while real browsers are connected across such networks: lines, addresses, server, relay,
    /// pages, machines. Needs root. Prints the table of docs/RELIABILITY.md.
    Faults {
        /// Only the scenarios whose name contains this
        filter: Option<String>,
        /// When it breaks. Even: Bob has Firefox in calls
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Pictures of every screen, into target/screenshots/
    Screenshots,
    /// The measurements of bench/, in release
    Bench {
        /// Arguments for the benchmark
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Run { server_arguments } => serve::run(&server_arguments),
        Task::Dev { server_arguments } => dev::run(&server_arguments),
        Task::Test { level, filter } => test::run(level, filter.as_deref()),
        Task::Check => check::run(),
        Task::Tidy => check::tidy(),
        Task::Sim { planted: Some(name), .. } => planted::run_all(&name),
        Task::Sim { seeds, from, .. } => extras::simulate(seeds, from),
        Task::Fuzz { target, seconds } => fuzz::run_targets(target.as_deref(), seconds),
        Task::Lab { filter, seed } => extras::lab(filter.as_deref(), seed),
        Task::Faults { filter, seed } => extras::faults(filter.as_deref(), seed),
        Task::Screenshots => extras::screenshots(),
        Task::Bench { arguments } => extras::bench(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
