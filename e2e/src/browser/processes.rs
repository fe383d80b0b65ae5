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

/// Returns the page's own memory in bytes (`RssAnon` of proc_pid_status(5)): that of the browser's renderer
/// with the most memory, which is the page's. Returns 0 where there is no renderer.
pub(super) fn renderer_memory(folder: &Path) -> u64 {
    let Ok(processes) = fs::read_dir("/proc") else { return 0 };
    let mut parents = HashMap::new();
    let mut renderers = Vec::new();
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|pid| pid.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(status) = fs::read_to_string(process.path().join("status")) else { continue };
        parents.insert(pid, field(&status, "PPid:") as u32);
        let command_line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        if command_line.windows(15).any(|part| part == b"--type=renderer") {
            renderers.push((pid, field(&status, "RssAnon:") * 1024));
        }
    }
    let browser: Vec<u32> = naming(folder).iter().filter_map(|pid| pid.parse().ok()).collect();
    let is_ours = |pid: u32| {
        let mut ancestors = std::iter::successors(Some(pid), |pid| parents.get(pid).copied());
        ancestors.any(|ancestor| browser.contains(&ancestor))
    };
    renderers.into_iter().filter(|(pid, _)| is_ours(*pid)).map(|(_, memory)| memory).max().unwrap_or(0)
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
