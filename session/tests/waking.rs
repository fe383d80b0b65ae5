//! What is done when the network may be another one, or the page was asleep.

mod support;

use support::Anna;
use tincan_session::{Effect, Input, SignalingEffect, SignalingEvent};

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
    anna.passes(10_000);
    assert_eq!(anna.effects.last(), Some(&Effect::Signaling(SignalingEffect::Close { goodbye: false })));
}
