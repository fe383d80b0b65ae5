//! Raises the limit of open files, because each connection is one, and the usual limit is 1024.

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::debug;

/// Raises the limit of open files as far as this process may by itself. A failure is only logged, because the
/// server can run all the same.
pub fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    let before = limit.current;
    if before == limit.maximum {
        return;
    }
    limit.current = limit.maximum;
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => debug!(?before, now = ?limit.maximum, "raised the limit of open files"),
        Err(error) => {
            debug!(?before, wanted = ?limit.maximum, %error, "cannot raise the limit of open files")
        }
    }
}
