//! What TURN refuses, for the log: by kind, and nothing of whom.

use std::sync::Arc;
use std::time::Duration;

use tincan_turn::Counters;
use tokio::time::sleep;

use super::driver::Driver;
use crate::refusals::{Refusal, Refusals};

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Never returns.
pub(super) async fn keep_logging(driver: Arc<Driver>, refusals: Arc<Refusals>) {
    let mut before = Counters::default();
    loop {
        sleep(LOOK_EVERY).await;
        let now = driver.counters();
        for (kind, of) in KINDS {
            refusals.note_many(kind, of(&now) - of(&before));
        }
        before = now;
    }
}

/// A kind, and its number since the start.
type Kind = (Refusal, fn(&Counters) -> u64);

const KINDS: [Kind; 8] = [
    (unusual("a credential of TURN that is wrong, or has expired"), |it| it.wrong_credential),
    (unusual("a relayed address: there are too many, of its user or in all"), |it| it.too_many),
    (
        unusual(
            "a relayed address: the system has no port for it (see --turn-port-range) or too few open files",
        ),
        |it| it.no_socket,
    ),
    (unusual("data of a user of TURN who relays too much"), |it| it.over_budget),
    (unusual("requests to STUN and TURN from an address that sends too many"), |it| it.unanswered),
    // A browser wants to reach every address that the other side has, and lets go of them one by one.
    (usual("a peer of TURN in a private network, or on this host (see --turn-allow-peer)"), |it| {
        it.forbidden_peer
    }),
    (usual("data to or from a peer of TURN without a permission"), |it| it.not_permitted),
    (usual("a message to TURN that is none"), |it| it.not_turn),
];

/// There are too many, in all or from that address.
pub(super) const STREAM: Refusal =
    unusual("a connection to TURN: there are too many, in all or from its address");

const fn unusual(what: &'static str) -> Refusal {
    Refusal::Turn { what, is_usual: false }
}

const fn usual(what: &'static str) -> Refusal {
    Refusal::Turn { what, is_usual: true }
}
