//! The processes of one browser, and no others: killing them and measuring their memory.

use std::collections::HashMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

/// Kills every process that has `folder` on its command line. The folder is a profile that a test made for
/// one browser, so these are that browser's processes.
pub(super) fn kill_all_naming(folder: &Path) {
    let pids = naming(folder);
    if !pids.is_empty() {
        // Fails when the processes have ended meanwhile.
        let _ = Command::new("kill").arg("-KILL").args(&pids).stderr(std::process::Stdio::null()).status();
    }
}

/// Sends a signal to every process of the browser with this profile.
///
/// # Panics
/// If it can't be sent.
pub(super) fn signal_all_of(folder: &Path, signal: &str) {
    let pids = family(folder).into_iter().map(|process| process.pid.to_string());
    let sent = Command::new("kill").arg(format!("-{signal}")).args(pids).status();
    assert!(sent.is_ok_and(|status| status.success()), "the browser gets no SIG{signal}");
}

/// Returns the page's own memory in bytes (`RssAnon` of proc_pid_status(5)): that of the browser's renderer
/// with the most memory, which is the page's. Returns 0 where there is no renderer.
pub(super) fn renderer_memory(folder: &Path) -> u64 {
    let renderers = family(folder).into_iter().filter(|process| process.is_renderer);
    renderers.map(|process| process.memory).max().unwrap_or(0)
}

struct Process {
    pid: u32,
    parent: u32,
    is_renderer: bool,
    /// `RssAnon`, in bytes.
    memory: u64,
}

/// Returns the processes that name `folder`, and all that they have started.
fn family(folder: &Path) -> Vec<Process> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let mut all = Vec::new();
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|pid| pid.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(status) = fs::read_to_string(process.path().join("status")) else { continue };
        let command_line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        all.push(Process {
            pid,
            parent: field(&status, "PPid:") as u32,
            is_renderer: command_line.windows(15).any(|part| part == b"--type=renderer"),
            memory: field(&status, "RssAnon:") * 1024,
        });
    }
    let parents: HashMap<u32, u32> = all.iter().map(|process| (process.pid, process.parent)).collect();
    let browser: Vec<u32> = naming(folder).iter().filter_map(|pid| pid.parse().ok()).collect();
    let is_ours = |pid: u32| {
        let mut ancestors = std::iter::successors(Some(pid), |pid| parents.get(pid).copied());
        ancestors.any(|ancestor| browser.contains(&ancestor))
    };
    all.into_iter().filter(|process| is_ours(process.pid)).collect()
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn naming(folder: &Path) -> Vec<String> {
    let wanted = folder.as_os_str().as_bytes();
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(|process| {
            let process = process.ok()?;
            let pid = process.file_name().into_string().ok()?;
            pid.parse::<u32>().ok()?;
            let command_line = fs::read(process.path().join("cmdline")).ok()?;
            let names_it = command_line.windows(wanted.len()).any(|part| part == wanted);
            (names_it && pid != std::process::id().to_string()).then_some(pid)
        })
        .collect()
}
