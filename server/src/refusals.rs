//! What the server refuses, for its log: each kind with its number, at most once a minute, and nothing of
//! what anybody sent.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

/// Why something was refused, or somebody let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A page of another site wanted a WebSocket. `--allow-origin` names others.
    Origin,
    /// There were as many connections as there may be.
    TooManyConnections,
    /// There were as many from one address as there may be.
    TooManyFromAddress,
    /// A connection could not be accepted; mostly because there are too many open files.
    Accept,
    /// Somebody did not read what was written to them.
    SlowReader,
    /// A WebSocket was closed for what its client did.
    Closed(&'static str),
    /// By TURN. What is usual says something about the network, and nothing about its users.
    Turn { what: &'static str, is_usual: bool },
}

impl Refusal {
    fn text(self) -> &'static str {
        match self {
            Refusal::Origin => {
                "a WebSocket from a page of another origin: behind a proxy, --public-url says where people \
                    find this server; --allow-origin names other sites"
            }
            Refusal::TooManyConnections => "a connection: there are too many (see --max-users)",
            Refusal::TooManyFromAddress => {
                "a connection: there are too many from its address (see --trusted-proxy)"
            }
            Refusal::Accept => {
                "a connection that the system could not accept: are there too many open files?"
            }
            Refusal::SlowReader => "a client that does not read",
            Refusal::Closed(reason) => reason,
            Refusal::Turn { what, .. } => what,
        }
    }
}

/// Counts refusals, and logs them.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<Vec<Counter>>);

#[derive(Debug)]
struct Counter {
    kind: Refusal,
    unlogged: u64,
    logged_at: Instant,
}

const EVERY: Duration = Duration::from_secs(60);

impl Refusals {
    /// Counts one, and logs those of its kind unless that was done lately.
    pub(crate) fn note(&self, kind: Refusal) {
        self.note_many(kind, 1);
    }

    /// The same for so many at once.
    pub(crate) fn note_many(&self, kind: Refusal, number: u64) {
        let Some(count) = self.count(kind, number) else { return };
        if matches!(kind, Refusal::Turn { is_usual: true, .. }) {
            info!(count, "refused {}", kind.text());
        } else {
            warn!(count, "refused {}", kind.text());
        }
    }

    /// Counts so many. Returns how many of the kind are to be logged now.
    fn count(&self, kind: Refusal, number: u64) -> Option<u64> {
        if number == 0 {
            return None;
        }
        let now = Instant::now();
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counters.iter_mut().find(|counter| counter.kind == kind) {
            Some(counter) => {
                counter.unlogged += number;
                if now < counter.logged_at + EVERY {
                    return None;
                }
                counter.logged_at = now;
                Some(std::mem::take(&mut counter.unlogged))
            }
            None => {
                counters.push(Counter { kind, unlogged: 0, logged_at: now });
                Some(number)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_kind_at_most_once_a_minute_with_its_number() {
        let refusals = Refusals::default();
        assert_eq!(refusals.count(Refusal::Origin, 0), None);
        assert_eq!(refusals.count(Refusal::Origin, 1), Some(1));
        assert_eq!(refusals.count(Refusal::Accept, 3), Some(3), "another kind");
        assert_eq!(refusals.count(Refusal::Origin, 2), None);
        tokio::time::advance(EVERY - Duration::from_millis(1)).await;
        assert_eq!(refusals.count(Refusal::Origin, 1), None);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(refusals.count(Refusal::Origin, 1), Some(4));
        assert_eq!(refusals.count(Refusal::Origin, 1), None);
    }
}
