//! What is known of the candidates (RFC 8445, section 5.1) of both sides, and so of why there is no way.

use tincan_shared::{Description, IceCandidate};

use crate::effect::IceSettings;
use crate::time::Time;
use crate::view::{NoPath, Side};

/// How long after the last candidate its checks count as done. Browsers don't say that there are no more
/// before every STUN server has answered, and some never do. libwebrtc gives a pair up after 5 s.
const CHECKS_TAKE_MS: u64 = 5_000;
/// The same where both have said that there are no more: the browser's word may be from before the last.
const LAST_TAKES_MS: u64 = 1_500;

/// The candidates that each side has told.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    local: Told,
    remote: Told,
    /// When the last one came, of either side.
    last: Option<Time>,
    /// A server answered this side with an error.
    refused: bool,
}

#[derive(Debug, Default)]
struct Told {
    /// An address, and not only a name of multicast DNS in its place.
    any: bool,
    relayed: bool,
    /// There are no more, for now.
    complete: bool,
}

impl Told {
    fn hear(&mut self, candidate: Option<&IceCandidate>) {
        match candidate {
            // Some browsers write the end of a generation as an empty candidate.
            Some(candidate) if !candidate.candidate.is_empty() => self.line(&candidate.candidate),
            _ => self.complete = true,
        }
    }

    /// Takes a `candidate-attribute` (RFC 8839, section 5.1).
    fn line(&mut self, line: &str) {
        self.any |= !line.contains(".local ");
        self.relayed |= line.contains(" typ relay");
    }
}

impl Candidates {
    pub(super) fn local(&mut self, candidate: Option<&IceCandidate>, now: Time) {
        self.local.hear(candidate);
        self.last = Some(now);
    }

    pub(super) fn remote(&mut self, candidate: Option<&IceCandidate>, now: Time) {
        self.remote.hear(candidate);
        self.last = Some(now);
    }

    /// Takes a description of the other side. It may begin another generation, and have some in it.
    pub(super) fn described(&mut self, description: &Description) {
        self.remote.complete = false;
        for line in description.sdp.lines().filter(|line| line.starts_with("a=candidate:")) {
            self.remote.line(line);
        }
    }

    /// A STUN or TURN server answered this side with an error.
    pub(super) fn refused(&mut self) {
        self.refused = true;
    }

    /// ICE begins anew: both sides will tell others.
    pub(super) fn restart(&mut self) {
        (self.local.complete, self.remote.complete) = (false, false);
        self.last = None;
    }

    /// Returns whether every way has been tried, so that nothing can still come that would help.
    pub(super) fn are_tried(&self, now: Time) -> bool {
        let are_all_there = self.local.complete && self.remote.complete;
        let take_ms = if are_all_there { LAST_TAKES_MS } else { CHECKS_TAKE_MS };
        self.last.is_some_and(|last| last.plus(take_ms) <= now)
    }

    /// Returns why there is no way, where this side looks for one by these settings.
    ///
    /// Both sides have seen the same candidates, so both say the same.
    pub(super) fn why_no_path(&self, ice: &IceSettings) -> NoPath {
        let is_relay = |url: &String| url.starts_with("turn:") || url.starts_with("turns:");
        let offers_relay = ice.servers.iter().flat_map(|server| &server.urls).any(is_relay);
        if ice.relay_only && !offers_relay {
            return NoPath::RelayWanted;
        }
        let lacking = |has: fn(&Told) -> bool| match (has(&self.local), has(&self.remote)) {
            (true, true) => None,
            (false, true) => Some(Side::Mine),
            (true, false) => Some(Side::Theirs),
            (false, false) => Some(Side::Both),
        };
        let without_relay = lacking(|side| side.relayed);
        match without_relay {
            Some(Side::Mine | Side::Both) if self.refused => NoPath::RelayRefused,
            // It tells no other address than one of the relay.
            Some(side @ (Side::Mine | Side::Both)) if ice.relay_only => NoPath::RelayUnreachable(side),
            _ => match lacking(|side| side.any) {
                Some(side) => NoPath::NoCandidates(side),
                None if !offers_relay => NoPath::NoRelay,
                None => without_relay.map_or(NoPath::Blocked, NoPath::RelayUnreachable),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use tincan_shared::IceServer;

    use super::*;

    const START: Time = Time(1_000_000);
    const HOST: &str = "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host";
    /// What a browser says in place of an address that it hides. Nobody who hears no multicast knows it.
    const NAME: &str =
        "candidate:1 1 udp 2122260223 1f4c02dd-9e3a-77b0-8c1f-0123456789ab.local 54321 typ host";
    const RELAY: &str = "candidate:2 1 udp 8331263 192.0.2.2 50000 typ relay raddr 0.0.0.0 rport 0";

    fn candidate(line: &str) -> IceCandidate {
        IceCandidate {
            candidate: line.to_owned(),
            sdp_mid: None,
            sdp_m_line_index: None,
            username_fragment: None,
        }
    }

    fn seen(local: &[&str], remote: &[&str]) -> Candidates {
        let mut candidates = Candidates::default();
        local.iter().for_each(|line| candidates.local(Some(&candidate(line)), START));
        remote.iter().for_each(|line| candidates.remote(Some(&candidate(line)), START));
        candidates
    }

    fn servers(url: &str) -> IceSettings {
        let server = IceServer { urls: vec![url.to_owned()], username: None, credential: None };
        IceSettings { servers: vec![server], relay_only: false }
    }

    #[test]
    fn what_is_lacking_is_the_reason() {
        for (local, remote, url, why) in [
            (&[][..], &[][..], "turn:a", NoPath::NoCandidates(Side::Both)),
            (&[], &[HOST, RELAY], "turn:a", NoPath::NoCandidates(Side::Mine)),
            (&[HOST], &[], "stun:a", NoPath::NoCandidates(Side::Theirs)),
            (&[HOST], &[HOST], "stun:a", NoPath::NoRelay),
            (&[HOST], &[HOST], "turn:a", NoPath::RelayUnreachable(Side::Both)),
            (&[HOST], &[HOST, RELAY], "turns:a", NoPath::RelayUnreachable(Side::Mine)),
            (&[HOST, RELAY], &[HOST], "turn:a", NoPath::RelayUnreachable(Side::Theirs)),
            (&[HOST, RELAY], &[RELAY], "turn:a", NoPath::Blocked),
            (&[NAME], &[NAME], "stun:a", NoPath::NoCandidates(Side::Both)),
            (&[NAME], &[HOST], "turn:a", NoPath::NoCandidates(Side::Mine)),
            (&[NAME, RELAY], &[NAME], "turn:a", NoPath::NoCandidates(Side::Theirs)),
        ] {
            assert_eq!(seen(local, remote).why_no_path(&servers(url)), why, "{local:?} {remote:?} {url}");
        }
    }

    #[test]
    fn who_wants_nothing_but_a_relay_tells_no_other_address() {
        for (local, remote, url, why) in [
            (&[][..], &[HOST, RELAY][..], "stun:a", NoPath::RelayWanted),
            (&[], &[HOST, RELAY], "turn:a", NoPath::RelayUnreachable(Side::Mine)),
            (&[], &[HOST], "turn:a", NoPath::RelayUnreachable(Side::Both)),
            (&[RELAY], &[HOST, RELAY], "turn:a", NoPath::Blocked),
        ] {
            let ice = IceSettings { relay_only: true, ..servers(url) };
            assert_eq!(seen(local, remote).why_no_path(&ice), why, "{local:?} {remote:?} {url}");
        }
    }

    /// The other side sees only that a relayed candidate is lacking.
    #[test]
    fn a_refusal_counts_where_it_is_the_relay_that_is_lacking() {
        for (local, remote, why) in [
            (&[][..], &[][..], NoPath::RelayRefused),
            (&[HOST], &[HOST, RELAY], NoPath::RelayRefused),
            (&[HOST, RELAY], &[HOST], NoPath::RelayUnreachable(Side::Theirs)),
            (&[HOST, RELAY], &[RELAY], NoPath::Blocked),
        ] {
            let mut candidates = seen(local, remote);
            candidates.refused();
            assert_eq!(candidates.why_no_path(&servers("turn:a")), why, "{local:?} {remote:?}");
        }
    }

    #[test]
    fn candidates_in_a_description_count() {
        let mut candidates = seen(&[HOST], &[]);
        let sdp = format!("v=0\r\na={HOST}\r\na={RELAY}\r\n");
        candidates.described(&Description { kind: tincan_shared::DescriptionKind::Answer, sdp });
        assert_eq!(candidates.why_no_path(&servers("turn:a")), NoPath::RelayUnreachable(Side::Mine));
    }

    #[test]
    fn all_are_tried_when_both_have_ended_or_after_a_while_without_more() {
        let mut candidates = seen(&[HOST], &[HOST]);
        candidates.local(None, START);
        assert!(!candidates.are_tried(START));
        assert!(candidates.are_tried(START.plus(CHECKS_TAKE_MS)));
        candidates.remote(Some(&candidate("")), START);
        assert!(!candidates.are_tried(START), "the browser's word may be from before");
        assert!(candidates.are_tried(START.plus(LAST_TAKES_MS)));
        candidates.restart();
        assert!(!candidates.are_tried(START.plus(CHECKS_TAKE_MS)));
    }
}
