//! Notices that a file changed by looking at the times of all. They are a few dozen, so a watcher of the
//! operating system would not be worth a dependency.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::workspace;

/// Files and folders under watch.
pub(super) struct Watch {
    paths: Vec<PathBuf>,
    newest: SystemTime,
}

impl Watch {
    /// Watches `paths`, which are relative to the top of the checkout.
    pub(super) fn new(paths: &[&str]) -> Result<Watch> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| workspace::root().join(path)).collect();
        let newest = newest(&paths)?;
        Ok(Watch { paths, newest })
    }

    /// Returns whether anything has changed since the last call.
    pub(super) fn changed(&mut self) -> Result<bool> {
        let newest = newest(&self.paths)?;
        let changed = newest > self.newest;
        self.newest = self.newest.max(newest);
        Ok(changed)
    }
}

/// Returns when the newest of these was written. A folder's own time tells of files that came or went.
fn newest(paths: &[PathBuf]) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut to_look_at = paths.to_vec();
    while let Some(path) = to_look_at.pop() {
        // An editor may be replacing the file at this very moment.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        newest = newest.max(metadata.modified().context("this file system keeps no times")?);
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
            to_look_at.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        }
    }
    Ok(newest)
}
