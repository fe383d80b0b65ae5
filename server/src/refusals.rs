//! What the server refuses, for its log: each kind with its number, at most once a minute, and nothing of
//! what anybody sent.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

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
        let now = Instant::now();
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = match counters.iter_mut().find(|counter| counter.kind == kind) {
            Some(counter) => {
                counter.unlogged += 1;
                if now < counter.logged_at + EVERY {
                    return;
                }
                counter.logged_at = now;
                std::mem::take(&mut counter.unlogged)
            }
            None => {
                counters.push(Counter { kind, unlogged: 0, logged_at: now });
                1
            }
        };
        warn!(count, "refused {}", kind.text());
    }
}
