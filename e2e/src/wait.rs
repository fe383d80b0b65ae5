//! Waiting for conditions, never for time.

use std::time::{Duration, Instant};

/// How long a condition may take to come true, where a test doesn't say otherwise. Long, since the machine
/// may be busy. A condition that is met ends the wait at once.
pub const TIMEOUT: Duration = Duration::from_secs(20);

const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Calls `ask` again and again until it returns something. Returns `None` after `timeout`.
pub async fn until<T>(timeout: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
