//! A page that is loaded anew is back in its call.

mod support;

use support::Anna;
use tincan_session::{
    CallKind, ConnectionState, ConnectionView, Devices, Effect, EndReason, Intent, Kept, PeerEffect,
    PeerEvent, Screen, SignalingEffect, SignalingEvent,
};

/// The page of an Anna who is in a call with Bob, and what it leaves to the next.
fn in_call() -> (Anna, Kept) {
    let mut anna = Anna::calling(CallKind::Video);
    let (call, stream) = (anna.call_id(), stream(&anna));
    anna.hears(&format!(
        r#"{{"type":"answer","name":"Bob","call":"{call}","stream":{stream},
            "answer":{{"type":"answer","sdp":"x"}}}}"#
    ));
    anna.peer(PeerEvent::RemoteDescriptionSet);
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    let kept = anna.session.view().kept.expect("she is signed in");
    (anna, kept)
}

fn stream(anna: &Anna) -> u64 {
    let said = anna.said();
    let offer = said.iter().rev().find(|text| text.contains(r#""type":"offer""#)).expect("an offer");
    let number = offer.split(r#""stream":"#).nth(1).and_then(|rest| rest.split([',', '}']).next());
    number.and_then(|digits| digits.parse().ok()).expect("a number")
}

/// The page that takes the other's place, signing in.
fn next_page(kept: Kept) -> Anna {
    let mut anna = Anna::new();
    anna.wants(Intent::Remember(kept));
    anna.wants(Intent::SignIn { name: "Anna".to_owned() });
    anna.link_opens();
    anna
}

fn is_answered(anna: &mut Anna) {
    anna.hears(r#"{"type":"login","success":true,"name":"Anna","resume":"new"}"#);
}

fn reachable(anna: &mut Anna, call: &str) {
    anna.hears(&format!(r#"{{"type":"reachable","name":"Bob","call":"{call}"}}"#));
}

#[test]
fn it_logs_in_as_the_page_before_it_and_claims_the_call() {
    let (old, kept) = in_call();
    let (call, token) = (old.call_id(), kept.token.clone());
    let mut anna = next_page(kept);
    let login = anna.last_said().to_owned();
    for part in [
        format!(r#""resume":"{token}""#),
        format!(r#""calls":[{{"name":"Bob","call":"{call}"}}]"#),
        r#""received":9007199254740991"#.to_owned(),
    ] {
        assert!(login.contains(&part), "{login}");
    }
    assert_eq!(anna.meeting().others[0].connection, ConnectionView::Connecting);
    is_answered(&mut anna);
    let makes = |anna: &Anna| {
        let create = |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::Create(_), .. });
        anna.effects.iter().filter(create).count()
    };
    assert_eq!(makes(&anna), 0, "nobody knows yet whether Bob is in it still");
    reachable(&mut anna, &call);
    assert_eq!(makes(&anna), 1);
    // From now on the numbers count.
    anna.link(SignalingEvent::Closed);
    anna.passes(20_000);
    anna.link_opens();
    assert!(!anna.last_said().contains("9007199254740991"), "{}", anna.last_said());
    assert!(anna.last_said().contains(r#""type":"login""#));
}

#[test]
fn it_opens_what_was_on_and_nothing_else() {
    for (microphone, camera) in [(true, true), (true, false), (false, true), (false, false)] {
        let (mut old, _) = in_call();
        old.wants(Intent::SetMicrophone(microphone));
        old.wants(Intent::SetCamera(camera));
        let kept = old.session.view().kept.unwrap();
        let wanted = Devices { microphone, camera };
        assert_eq!(kept.call.as_ref().unwrap().devices, wanted);
        let anna = next_page(kept);
        let opened = anna.effects.iter().find_map(|effect| match effect {
            Effect::Capture { devices, .. } => Some(*devices),
            _ => None,
        });
        assert_eq!(opened.unwrap_or_default(), wanted);
    }
}

#[test]
fn it_is_home_where_nobody_is_in_the_call_any_more() {
    let (_, kept) = in_call();
    let mut anna = next_page(kept);
    is_answered(&mut anna);
    anna.passes(14_999);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    anna.passes(1);
    assert_eq!(anna.end_reason(), Some(EndReason::PeerLost));
    anna.assert_released();
}

#[test]
fn a_page_that_is_left_in_a_call_says_so_and_keeps_its_name() {
    let (mut anna, kept) = in_call();
    anna.wants(Intent::Leave);
    let says = |effect: &Effect| {
        let Effect::Peer { effect: PeerEffect::SendText(text), .. } = effect else { return false };
        text.contains(r#""do":"away""#)
    };
    assert!(anna.effects.iter().any(says));
    assert!(anna.last_said().contains("away"), "{}", anna.last_said());
    let closes = Effect::Signaling(SignalingEffect::Close { goodbye: false });
    assert!(anna.effects.contains(&closes));
    assert_eq!(anna.session.view().kept, Some(kept));
}

#[test]
fn whoever_is_away_is_waited_for_and_given_up_after_a_while() {
    let (mut anna, _) = in_call();
    let away = format!(r#"{{"t":"signal","stream":{},"seq":2,"do":"away"}}"#, stream(&anna));
    anna.peer(PeerEvent::ChannelMessage(away));
    anna.peer(PeerEvent::ChannelClosed);
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    assert!(anna.meeting().others[0].away);
    anna.passes(14_999);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    anna.passes(1);
    assert_eq!(anna.end_reason(), Some(EndReason::PeerLost));
}
