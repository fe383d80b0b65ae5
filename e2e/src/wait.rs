//! Waiting for conditions, never for time.

use std::time::{Duration, Instant};

/// How long a condition may take to come true, where a test doesn't say otherwise. Long, since the machine may be
/// busy; a condition that is met ends the wait at once.
pub const PATIENCE: Duration = Duration::from_secs(20);

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Asks again and again until the answer is something, at most for `patience`.
pub async fn until<T>(patience: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
