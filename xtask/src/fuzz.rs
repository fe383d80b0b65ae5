//! `cargo xtask fuzz`: looks for bytes of which something doesn't hold that must hold of any (`fuzz/`).
//!
//! libFuzzer changes inputs at random, and keeps those that reach more code. rustc has what tells it so
//! (LLVM's pass `sancov-module`), also where it is stable. It is told by RUSTFLAGS, so these builds have a
//! target folder of their own. What was found to reach more is kept in there, too: the next run goes on from
//! it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, command, find, output, run};
use crate::step::step;
use crate::workspace;

/// Of the compiler: `cfg(fuzzing)`, and counters in every branch, with a table of where they are.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Ccodegen-units=1";
/// How long a target runs in the tests, in seconds.
const SHORT: u64 = 2;

/// Runs one target, or all, for so many seconds each.
pub(crate) fn run_targets(target: Option<&str>, seconds: u64) -> Result<()> {
    let targets = targets()?;
    if let Some(target) = target {
        ensure!(targets.iter().any(|it| it == target), "there is {}, but no {target}", targets.join(", "));
    }
    ensure!(can_run(), "libFuzzer takes a C++ compiler: apt-get install g++");
    let host = host()?;
    let folder = workspace::target_dir()?.join("fuzz");
    step("Building the fuzz targets", "about 3 minutes the first time", || {
        let mut build = cargo();
        build.args(["build", "--locked", "--package", "tincan-fuzz", "--profile", "fuzz", "--target", &host]);
        run(build.arg("--target-dir").arg(&folder).env("RUSTFLAGS", FLAGS))
    })?;
    let program = folder.join(&host).join("fuzz").join("tincan-fuzz");
    for target in targets.iter().filter(|it| target.is_none_or(|target| *it == target)) {
        step(&format!("Fuzzing {target}"), &format!("{seconds} s"), || {
            one(&program, &folder, target, seconds)
        })?;
    }
    Ok(())
}

/// Runs every target for a moment, as a part of the tests.
pub(crate) fn run_shortly() -> Result<()> {
    run_targets(None, SHORT)
}

/// Returns whether there is what it takes.
pub(crate) fn can_run() -> bool {
    find("c++").is_some()
}

/// Returns the targets: each has a folder.
fn targets() -> Result<Vec<String>> {
    let folders = fs::read_dir(workspace::root().join("fuzz/corpus"))?;
    let names = folders.map(|folder| Ok(folder?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}

/// Returns the name of this machine to rustc. Named, the flags are for what runs alone, and not for what
/// builds.
fn host() -> Result<String> {
    let version = output(command("rustc").arg("-vV"))?.context("rustc doesn't say its version")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc doesn't say its host")?.to_owned())
}

fn one(program: &Path, folder: &Path, target: &str, seconds: u64) -> Result<()> {
    let (reached, found) = (folder.join("reached").join(target), folder.join("found"));
    fs::create_dir_all(&reached)?;
    fs::create_dir_all(&found)?;
    let mut fuzz = command(program);
    fuzz.arg(&reached)
        .arg(workspace::root().join("fuzz/corpus").join(target))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .arg(format!("-dict={}", workspace::root().join("fuzz/dictionaries/json.dict").display()))
        .args(["-timeout=10", "-rss_limit_mb=2048"])
        .env("TINCAN_FUZZ_TARGET", target)
        .stdin(Stdio::null());
    let output = fuzz.output().with_context(|| format!("cannot start {}", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        for line in log.lines().filter(|line| !line.starts_with('#')) {
            eprintln!("{line}");
        }
        bail!(
            "something doesn't hold of the file named above. With it in fuzz/corpus/{target}/, so does a test"
        );
    }
    let done = log.lines().find(|line| line.contains("DONE")).unwrap_or_default();
    eprintln!("  {}", summary(done));
    Ok(())
}

/// Returns what libFuzzer's last line says of coverage: edges, features, and inputs that reach them.
fn summary(line: &str) -> String {
    let value = |name: &str| {
        let mut words = line.split_ascii_whitespace().skip_while(|word| *word != name);
        words.nth(1).unwrap_or("?").to_owned()
    };
    let runs = line.trim_start_matches('#').split_ascii_whitespace().next().unwrap_or("?");
    format!("{runs} runs, {} edges, {} features, corpus {}", value("cov:"), value("ft:"), value("corp:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_read() {
        let line = "#1241037\tDONE   cov: 4918 ft: 18163 corp: 3351/1124Kb lim: 734 exec/s: 6856 rss: 38Mb";
        assert_eq!(summary(line), "1241037 runs, 4918 edges, 18163 features, corpus 3351/1124Kb");
    }
}
