//! Runs other programs, with errors that say which program failed and how.

use std::env;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Creates a command that runs in the top folder of the checkout.
///
/// Cargo's folder of installed programs is on its PATH, so that a tool installed a moment ago is found even
/// where the user's shell doesn't look there.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    if let Some(path) = search_path() {
        command.env("PATH", path);
    }
    command
}

/// Creates a command for the cargo that runs this program.
pub(crate) fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Creates a command for cargo that gets what processor time others leave, where the system can do that.
pub(crate) fn cargo_at_low_priority() -> Command {
    let cargo = cargo();
    if find("nice").is_none() {
        return cargo;
    }
    let mut nice = command("nice");
    nice.args(["-n", "19"]).arg(cargo.get_program());
    nice
}

/// Runs the command to its end. Errors unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| not_started(&shown))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Returns what a program prints on its standard output, or `None` if there is no such program or it fails.
pub(crate) fn output(command: &mut Command) -> Result<Option<String>> {
    let shown = shown(command);
    let output = match command.stdin(Stdio::null()).stderr(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| not_started(&shown)),
    };
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Returns where a program is, if it is on the PATH that [`command`] sets.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let file_name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&search_path()?).map(|folder| folder.join(&file_name)).find(|path| path.is_file())
}

/// A child process that doesn't outlive this program, whichever way this program ends.
pub(crate) struct KilledOnDrop(pub(crate) Child);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        // Both calls fail only if the child has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn not_started(shown: &str) -> String {
    format!("cannot start `{shown}`")
}

fn search_path() -> Option<std::ffi::OsString> {
    let path = env::var_os("PATH")?;
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    if let Some(installed) = cargo_bin_dir().filter(|folder| !folders.contains(folder)) {
        folders.push(installed);
    }
    env::join_paths(folders).ok()
}

/// Returns the folder where `cargo install` puts programs.
fn cargo_bin_dir() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))?;
    Some(home.join("bin"))
}
