//! Where the profiles are, and what ends the browsers that are still running when the tests end.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// Waits for the end of its input, which is that of the tests, however they end. Then it kills whatever names
/// the folder, but not itself, and deletes it.
const WATCH: &str = "trap '' INT TERM HUP
    cat > /dev/null
    for process in /proc/[0-9]*; do
        pid=${process#/proc/}
        if [ \"$pid\" != $$ ] && grep -qsF \"$1\" \"$process/cmdline\"; then kill -KILL \"$pid\"; fi
    done
    rm -rf \"$1\"";

struct Folder {
    path: PathBuf,
    /// Its input ends with this process.
    _watch: Child,
}

/// Makes a folder for the profile of one browser.
pub(super) fn for_profile() -> TempDir {
    static FOLDER: OnceLock<Folder> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let path = TempDir::with_prefix("tincan-e2e-").expect("a temporary folder").keep();
        let mut watch = Command::new("sh")
            .args(["-c", WATCH, "tincan-e2e"])
            .arg(&path)
            .stdin(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        // It is at work before the first browser is.
        let input = watch.stdin.as_mut().expect("stdin is piped");
        input.write_all(b"\n").expect("the shell reads");
        Folder { path, _watch: watch }
    });
    TempDir::new_in(&folder.path).expect("a temporary folder")
}
