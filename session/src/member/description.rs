//! What is read of a session description, and changed in one: who offers restarts, and which side is the DTLS
//! client.

use tincan_shared::{Description, DescriptionKind};

/// The role in the DTLS handshake: the value of `a=setup` (RFC 8842, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DtlsRole {
    /// The client.
    Active,
    /// The server.
    Passive,
}

const OPEN: &str = "a=setup:actpass";
const ACTIVE: &str = "a=setup:active";
const PASSIVE: &str = "a=setup:passive";

/// What is known of the two browsers from their descriptions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Browsers {
    local_is_firefox: Option<bool>,
    remote_is_firefox: Option<bool>,
    /// This side's role, once an answer has decided it.
    role: Option<DtlsRole>,
}

impl Browsers {
    pub(super) fn local(&mut self, description: &Description) {
        self.local_is_firefox = Some(is_firefox(&description.sdp));
        if description.kind == DescriptionKind::Answer {
            self.role = self.role.or(role_of(&description.sdp));
        }
    }

    pub(super) fn remote(&mut self, description: &Description) {
        self.remote_is_firefox = Some(is_firefox(&description.sdp));
        if description.kind == DescriptionKind::Answer {
            let other = role_of(&description.sdp).map(|theirs| match theirs {
                DtlsRole::Active => DtlsRole::Passive,
                DtlsRole::Passive => DtlsRole::Active,
            });
            self.role = self.role.or(other);
        }
    }

    /// Returns whether this side offers the restarts of ICE: Firefox where there is one, or else who made the
    /// first offer. A restart that Chromium offers and Firefox answers at times leaves one direction dead.
    pub(super) fn offers_restarts(&self, offered_first: bool) -> bool {
        match (self.local_is_firefox, self.remote_is_firefox) {
            (Some(true), Some(false)) => true,
            (Some(false), Some(true)) => false,
            _ => offered_first,
        }
    }

    /// Returns an offer of this side's as the other side is to get it: with the DTLS role that this side has
    /// already. Browsers leave it open (`actpass`), and Firefox may then answer a restart with the other
    /// role, which libwebrtc refuses, since it would take another DTLS association.
    pub(super) fn keep_role(&self, offer: Description) -> Description {
        let role = match self.role {
            Some(DtlsRole::Active) => ACTIVE,
            Some(DtlsRole::Passive) => PASSIVE,
            None => return offer,
        };
        let lines = offer.sdp.lines().flat_map(|line| [if line == OPEN { role } else { line }, "\r\n"]);
        Description { sdp: lines.collect(), ..offer }
    }
}

/// Returns whether Firefox has written it: its `o=` line begins with the name of its maker.
fn is_firefox(sdp: &str) -> bool {
    sdp.lines().any(|line| line.starts_with("o=mozilla"))
}

fn role_of(answer: &str) -> Option<DtlsRole> {
    answer.lines().find_map(|line| match line {
        ACTIVE => Some(DtlsRole::Active),
        PASSIVE => Some(DtlsRole::Passive),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(kind: DescriptionKind, line: &str) -> Description {
        Description { kind, sdp: format!("v=0\r\n{line}\r\n") }
    }

    #[test]
    fn the_first_answer_decides_the_role_and_later_offers_keep_it() {
        for (mine, line, role) in [
            (true, ACTIVE, ACTIVE),
            (true, PASSIVE, PASSIVE),
            (false, ACTIVE, PASSIVE),
            (false, PASSIVE, ACTIVE),
        ] {
            let mut browsers = Browsers::default();
            let offer = description(DescriptionKind::Offer, OPEN);
            assert_eq!(browsers.keep_role(offer.clone()), offer);
            let answer = description(DescriptionKind::Answer, line);
            if mine {
                browsers.local(&answer)
            } else {
                browsers.remote(&answer)
            }
            browsers.local(&description(DescriptionKind::Answer, PASSIVE));
            assert_eq!(browsers.keep_role(offer), description(DescriptionKind::Offer, role));
        }
    }

    #[test]
    fn firefox_offers_the_restarts_or_else_who_offered_first() {
        let [firefox, chromium] =
            ["o=mozilla...THIS_IS_SDPARTA-140.0 1 0 IN IP4 0.0.0.0", "o=- 1 2 IN IP4 127.0.0.1"];
        for (local, remote, first, offers) in [
            (firefox, chromium, false, true),
            (chromium, firefox, true, false),
            (firefox, firefox, true, true),
            (firefox, firefox, false, false),
            (chromium, chromium, true, true),
        ] {
            let mut browsers = Browsers::default();
            browsers.local(&description(DescriptionKind::Offer, local));
            browsers.remote(&description(DescriptionKind::Answer, remote));
            assert_eq!(browsers.offers_restarts(first), offers, "{local} {remote} {first}");
        }
    }
}
