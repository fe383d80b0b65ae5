//! `cargo xtask sim --planted`: checks that the simulation sees what it is there to see.
//!
//! Each patch in `session/tests/planted/` plants one bug into a copy of the checkout, and the simulation has
//! to fail there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, command, run};
use crate::step::step;
use crate::workspace;

/// Plants every bug whose name contains `name`, in turn.
pub(crate) fn run_all(name: &str) -> Result<()> {
    let mut patches = patches()?;
    patches.retain(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains(name)));
    ensure!(!patches.is_empty(), "there is no such planted bug");
    let mut missed = Vec::new();
    for patch in &patches {
        let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let caught = step(&format!("Planting {name}"), "a minute; 3 the first time", || plant(patch))?;
        match caught {
            Some(how) => eprintln!("  caught: {how}"),
            None => missed.push(name),
        }
    }
    if !missed.is_empty() {
        bail!("the simulation did not see: {}", missed.join(", "));
    }
    eprintln!("The simulation caught all {} planted bugs.", patches.len());
    Ok(())
}

fn patches() -> Result<Vec<PathBuf>> {
    let folder = workspace::root().join("session/tests/planted");
    let mut patches: Vec<PathBuf> = fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    patches.retain(|path| path.extension().is_some_and(|extension| extension == "patch"));
    patches.sort();
    ensure!(!patches.is_empty(), "there is no patch in {}", folder.display());
    Ok(patches)
}

/// Returns what the copy needs to build the simulation: every member, because cargo reads the manifests of
/// all.
fn copied() -> Result<Vec<String>> {
    let mut names = vec!["Cargo.toml".to_owned(), "Cargo.lock".to_owned()];
    for entry in fs::read_dir(workspace::root())? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// Returns what the simulation says about a copy with this bug in it, or `None` if it finds nothing wrong.
fn plant(patch: &Path) -> Result<Option<String>> {
    // The copy is outside the checkout, where git takes the patch's paths as they are.
    let copy = std::env::temp_dir().join(format!("tincan-planted-{}", std::process::id()));
    let _remove = RemoveOnDrop(&copy);
    fs::create_dir_all(&copy).with_context(|| format!("cannot make {}", copy.display()))?;
    for name in copied()? {
        copy_tree(&workspace::root().join(&name), &copy.join(&name))?;
    }
    run(command("git").arg("apply").arg(patch).current_dir(&copy)).with_context(|| {
        format!("{} no longer fits the code it was made for: make it anew", patch.display())
    })?;
    // The copy has a target folder of its own: cargo tells the members of two workspaces apart only by their
    // paths within them, and would take the planted bug's program for the checkout's.
    let target = workspace::target_dir()?.join("planted");
    let simulation = |tail: &[&str]| {
        let mut simulation = cargo();
        simulation.current_dir(&copy).env("CARGO_TARGET_DIR", &target);
        simulation
            .args(["test", "--quiet", "--package", "tincan-session", "--test", "simulation"])
            .args(tail);
        simulation
    };
    // A bug that doesn't compile would not test the simulation.
    run(&mut simulation(&["--no-run"]))?;
    let output = simulation(&["hold_under_every_schedule"]).env("RUST_BACKTRACE", "0").output()?;
    if output.status.success() {
        return Ok(None);
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let how =
        said.lines().find(|line| line.contains(", seed ")).context("it failed without naming a seed")?;
    Ok(Some(how.chars().take(160).collect()))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        copy_tree(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

struct RemoveOnDrop<'a>(&'a Path);

impl Drop for RemoveOnDrop<'_> {
    fn drop(&mut self) {
        // What can't be removed is in the system's temporary folder, which the system cleans.
        let _ = fs::remove_dir_all(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody plants them with every change, but a patch that no longer fits is found with every change.
    #[test]
    fn every_planted_bug_fits_the_code() {
        let stale: Vec<PathBuf> = patches()
            .expect("there are some")
            .into_iter()
            .filter(|patch| {
                let mut check = command("git");
                check.args(["apply", "--check"]).arg(patch).current_dir(workspace::root());
                run(&mut check).is_err()
            })
            .collect();
        assert!(stale.is_empty(), "these have to be made anew: {stale:?}");
    }
}
