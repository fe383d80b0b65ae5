//! What is done when the network may be another one, or the page was asleep.

mod support;

use support::Anna;
use tincan_session::{
    CallKind, ConnectionState, ConnectionView, Effect, EndReason, Input, Intent, PeerEvent, Screen,
    SignalingEffect, SignalingEvent,
};

#[test]
fn after_a_change_of_the_network_the_server_is_tried_at_once() {
    let mut anna = Anna::with_random(Box::new(|| u128::MAX));
    let opens = |effect: &Effect| matches!(effect, Effect::Signaling(SignalingEffect::Open { .. }));
    // Nobody is signed in, and nothing is tried.
    anna.input(Input::NetworkChanged);
    assert_eq!(anna.effects, []);

    anna.signs_in();
    anna.link(SignalingEvent::Closed);
    anna.effects.clear();
    anna.passes(0);
    assert!(!anna.effects.iter().any(opens), "it waits");
    anna.input(Input::NetworkChanged);
    assert!(anna.effects.iter().any(opens));
    // One that is being opened is waited for.
    anna.effects.clear();
    anna.input(Input::NetworkChanged);
    assert_eq!(anna.effects, []);
}

/// The way that a link took may be gone, and no browser says so.
#[test]
fn after_a_change_of_the_network_the_server_is_asked_for_a_sign_of_life() {
    let mut anna = Anna::home();
    for _ in 0..2 {
        anna.input(Input::NetworkChanged);
    }
    assert_eq!(anna.said().iter().filter(|text| text.contains("ping")).count(), 1);
    (0..10).for_each(|_| anna.sleeps(1_000));
    assert!(anna.effects.contains(&Effect::Signaling(SignalingEffect::Close { goodbye: false })));
}

/// What others failed to do while this page slept is not held against them.
#[test]
fn an_hour_of_sleep_ends_nothing() {
    let mut anna = Anna::in_call(CallKind::Text);
    let call = anna.call_id();
    anna.hears(&format!(r#"{{"type":"leave","name":"Bob","call":"{call}","reason":"lost"}}"#));
    anna.peer(PeerEvent::Connection(ConnectionState::Disconnected));
    let interrupted_at = anna.now;
    anna.sleeps(3_600_000);
    assert!(matches!(anna.screen(), Screen::Meeting(_)), "Bob has had no chance");
    anna.wants(Intent::Send { text: "Good morning".to_owned(), reply: None });
    let meeting = anna.meeting();
    assert_eq!(meeting.others[0].connection, ConnectionView::Reconnecting { since: interrupted_at });
    assert_eq!(meeting.conversation.lines()[0].at_ms, interrupted_at.0 + 3_600_000);
    anna.hears(r#"{"type":"pong"}"#);
    anna.passes(60_000);
    assert_eq!(anna.end_reason(), Some(EndReason::PeerLost), "now he has");
}
