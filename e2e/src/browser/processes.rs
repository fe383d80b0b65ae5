//! Ending a browser's processes, and no others.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

/// Kills every process that has `folder` on its command line. The folder is a profile that one of our tests made
/// for one browser, so these are that browser's processes.
pub(super) fn kill_all_naming(folder: &Path) {
    let pids = naming(folder);
    if !pids.is_empty() {
        // Fails when they have ended meanwhile.
        let _ = Command::new("kill").arg("-KILL").args(&pids).stderr(std::process::Stdio::null()).status();
    }
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
