//! How a member can be reached.

use super::health::CONNECT_TIMEOUT_MS;
use super::peer_connection::PeerConnection;
use crate::time::Time;

/// How long to wait until a connection can be made anew, while there is no way to agree on one.
const RENEW_AGAIN_MS: u64 = 2_000;
/// How much longer than the caller the other side waits for an offer.
const OFFER_MARGIN_MS: u64 = 5_000;

/// The way to a member.
#[derive(Debug)]
pub(crate) enum MemberLink {
    /// Nothing is under way.
    None,
    /// They will make an offer, until then at the longest.
    AwaitingOffer { until: Time },
    /// The server was asked to have both begin anew, and will have said so by then. What comes of the old
    /// call until then is late.
    AwaitingRenewal { until: Time },
    /// There is a connection, or one is being made.
    Up(Box<PeerConnection>),
    /// There was one to the page before this. Another is made once the server knows of the call.
    Returning,
    /// There is none, and at this time a new one is asked for.
    Failed { retry_at: Time },
}

impl MemberLink {
    pub(crate) fn awaiting_offer(now: Time) -> MemberLink {
        MemberLink::AwaitingOffer { until: now.plus(CONNECT_TIMEOUT_MS + OFFER_MARGIN_MS) }
    }

    pub(crate) fn awaiting_renewal(now: Time) -> MemberLink {
        MemberLink::AwaitingRenewal { until: now.plus(CONNECT_TIMEOUT_MS) }
    }

    /// Returns whether another connection is to be made now, in place of one that failed. Where the two can't
    /// agree on one, it will be later.
    pub(super) fn is_due(&mut self, now: Time, can_renew: bool) -> bool {
        match self {
            MemberLink::Failed { retry_at } if now >= *retry_at => {
                *retry_at = now.plus(RENEW_AGAIN_MS);
                can_renew
            }
            _ => false,
        }
    }

    /// Returns until when the state lasts at the longest, where that is known.
    pub(super) fn until(&self) -> Option<Time> {
        match self {
            MemberLink::None | MemberLink::Up(_) | MemberLink::Returning => None,
            MemberLink::AwaitingOffer { until } | MemberLink::AwaitingRenewal { until } => Some(*until),
            MemberLink::Failed { retry_at } => Some(*retry_at),
        }
    }
}
