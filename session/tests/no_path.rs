//! A call for which there is no way: when it ends, and with which reason.

mod support;

use support::Anna;
use tincan_session::{
    CallKind, ConnectionState, Effect, EndReason, NoPath, PeerEffect, PeerEvent, Screen, Side,
};
use tincan_shared::IceCandidate;

/// Brings her into a call that is answered, and not connected.
fn connecting() -> Anna {
    let mut anna = Anna::calling(CallKind::Text);
    let call = anna.call_id();
    anna.hears(&format!(r#"{{"type":"answer","call":"{call}","answer":{{"type":"answer","sdp":"x"}}}}"#));
    anna
}

#[test]
fn browsers_that_find_no_way_to_each_other_give_up() {
    let mut anna = connecting();
    anna.passes(30_000);
    assert_eq!(anna.end_reason(), Some(EndReason::NoConnection(NoPath::NoCandidates(Side::Both))));
}

const HOST: &str = "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host";

fn tells_candidates(anna: &mut Anna) {
    let candidate = IceCandidate {
        candidate: HOST.to_owned(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    };
    anna.peer(PeerEvent::Candidate(Some(candidate)));
    anna.peer(PeerEvent::Candidate(None));
}

fn hears_candidates(anna: &mut Anna) {
    let call = anna.call_id();
    for candidate in [format!(r#"{{"candidate":"{HOST}"}}"#), "null".to_owned()] {
        anna.hears(&format!(r#"{{"type":"candidate","call":"{call}","candidate":{candidate}}}"#));
    }
}

/// ICE knows by then that there is no way. The other side is told, and knows the same of why.
#[test]
fn when_ice_has_failed_with_every_candidate_the_call_ends_at_once_with_the_reason() {
    let mut anna = connecting();
    tells_candidates(&mut anna);
    hears_candidates(&mut anna);
    anna.passes(1_500);
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    assert_eq!(anna.end_reason(), Some(EndReason::NoConnection(NoPath::NoRelay)));
    assert!(anna.last_said().contains(r#""reason":"no-connection""#), "{}", anna.last_said());
    anna.assert_released();
}

fn restarts(anna: &Anna) -> usize {
    let is_restart = |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::RestartIce, .. });
    anna.effects.iter().filter(is_restart).count()
}

#[test]
fn when_ice_has_failed_too_early_it_is_tried_once_more() {
    for (tells, hears) in [(true, false), (false, true), (false, false)] {
        let mut anna = connecting();
        if tells {
            tells_candidates(&mut anna);
        }
        if hears {
            hears_candidates(&mut anna);
        }
        anna.peer(PeerEvent::Connection(ConnectionState::Failed));
        anna.passes(1_499);
        assert_eq!(restarts(&anna), 0, "it may come round: {tells} {hears}");
        anna.passes(1);
        assert_eq!(restarts(&anna), 1, "{tells} {hears}");
        // What was told before doesn't count.
        if !tells {
            tells_candidates(&mut anna);
        }
        if !hears {
            hears_candidates(&mut anna);
        }
        anna.passes(1_500);
        assert!(matches!(anna.screen(), Screen::Meeting(_)));
        anna.peer(PeerEvent::Connection(ConnectionState::Failed));
        anna.passes(5_000);
        assert!(matches!(anna.end_reason(), Some(EndReason::NoConnection(_))), "{tells} {hears}");
        assert_eq!(restarts(&anna), 1);
    }
}

/// A relay refuses to reach a private network, and the first candidate is of one: Chromium says `failed`
/// before it knows of the others, which may all have come when its word does.
#[test]
fn who_has_failed_before_the_other_candidates_came_is_waited_for() {
    let mut anna = connecting();
    tells_candidates(&mut anna);
    hears_candidates(&mut anna);
    for state in [ConnectionState::Failed, ConnectionState::Connecting] {
        anna.peer(PeerEvent::Connection(state));
        assert!(matches!(anna.screen(), Screen::Meeting(_)));
    }
    anna.passes(10_000);
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.passes(1_000);
    assert_eq!(restarts(&anna), 0);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
}

/// Browsers don't say that there are no more as long as a STUN server has not answered.
#[test]
fn when_ice_has_failed_long_after_the_last_candidate_it_is_not_tried_again() {
    let mut anna = connecting();
    tells_candidates(&mut anna);
    anna.passes(5_000);
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    assert!(matches!(anna.end_reason(), Some(EndReason::NoConnection(_))));
}

#[test]
fn a_relay_that_refuses_is_the_reason() {
    let mut anna = connecting();
    tells_candidates(&mut anna);
    hears_candidates(&mut anna);
    anna.passes(1_500);
    anna.peer(PeerEvent::ServerRefused);
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    let reason = EndReason::NoConnection(NoPath::RelayRefused);
    assert_eq!(anna.end_reason(), Some(reason));
}
