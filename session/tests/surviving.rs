//! Calls outlive the server, and connections.

mod support;

use support::Anna;
use tincan_session::{
    CallKind, ConnectionState, ConnectionView, Effect, EndReason, Intent, PeerEffect, PeerEvent, Screen,
    ServerTrouble, ServerView, SignalingEvent,
};

const ANSWER: &str = r#""description":{"type":"answer","sdp":"x"}"#;

/// In a call with a Bob whose page has a stream of signals, too.
fn in_call() -> Anna {
    let mut anna = Anna::calling(CallKind::Video);
    let stream = stream(&anna);
    bob_answers(&mut anna, stream);
    anna.peer(PeerEvent::RemoteDescriptionSet);
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    anna
}

/// Bob answers the offer that began this stream.
fn bob_answers(anna: &mut Anna, stream: u64) {
    let call = anna.call_id();
    anna.hears(&format!(
        r#"{{"type":"answer","name":"Bob","call":"{call}","stream":{stream},{}}}"#,
        ANSWER.replace("description", "answer")
    ));
}

/// The number of the stream that the last offer began.
fn stream(anna: &Anna) -> u64 {
    let said = anna.said();
    let offer = said.iter().rev().find(|text| text.contains(r#""type":"offer""#)).expect("an offer");
    let number = offer.split(r#""stream":"#).nth(1).and_then(|rest| rest.split([',', '}']).next());
    number.and_then(|digits| digits.parse().ok()).expect("a number")
}

/// Bob says this over the channel.
fn bob_says(anna: &mut Anna, content: &str) {
    let text = format!(r#"{{"t":"signal","stream":{},{content}}}"#, stream(anna));
    anna.peer(PeerEvent::ChannelMessage(text));
}

/// What went over the channel, in all.
fn over_the_channel(anna: &Anna) -> Vec<&str> {
    let texts = anna.effects.iter().filter_map(|effect| match effect {
        Effect::Peer { effect: PeerEffect::SendText(text), .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn restarts(anna: &Anna) -> usize {
    let is_restart = |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::RestartIce, .. });
    anna.effects.iter().filter(is_restart).count()
}

/// The server is back, and has forgotten everybody.
fn server_is_back(anna: &mut Anna) {
    lives(anna, 20_000);
    anna.link_opens();
    anna.hears(r#"{"type":"login","success":true,"name":"Anna","resume":"new"}"#);
}

fn connected(anna: &Anna) -> bool {
    anna.meeting().others[0].connection == ConnectionView::Connected
}

/// Says the pings of so much time.
fn lives(anna: &mut Anna, ms: u64) {
    for _ in 0..ms / 1_000 {
        anna.passes(1_000);
        bob_says(anna, r#""do":"pong""#);
    }
}

#[test]
fn a_server_that_is_away_changes_nothing_for_those_who_are_connected() {
    let mut anna = in_call();
    anna.link(SignalingEvent::Closed);
    lives(&mut anna, 3_600_000);
    assert!(connected(&anna));
    anna.wants(Intent::SetCamera(false));
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(support::sdp(tincan_shared::DescriptionKind::Offer)));
    let said = over_the_channel(&anna);
    assert!(said.iter().any(|text| text.contains(r#""t":"sends","camera":"none""#)), "{said:?}");
    assert!(said.last().unwrap().contains(r#""description":{"type":"offer""#), "{said:?}");
    anna.wants(Intent::HangUp);
    let said = over_the_channel(&anna);
    assert!(said.last().unwrap().contains(r#""leave":"hangup""#), "{said:?}");
}

#[test]
fn a_server_that_has_forgotten_the_call_is_told_of_it() {
    let mut anna = in_call();
    let call = anna.call_id();
    anna.link(SignalingEvent::Closed);
    server_is_back(&mut anna);
    let claim = format!(r#""calls":[{{"name":"Bob","call":"{call}"}}]"#);
    assert!(anna.said().iter().any(|text| text.contains(&claim)), "{:?}", anna.said());
    assert!(connected(&anna) && !anna.meeting().others[0].reachable);
    anna.hears(&format!(r#"{{"type":"reachable","name":"Bob","call":"{call}"}}"#));
    assert!(anna.meeting().others[0].reachable);
}

#[test]
fn a_name_that_somebody_has_taken_meanwhile_does_not_end_the_call() {
    let mut anna = in_call();
    anna.link(SignalingEvent::Closed);
    for _ in 0..3 {
        anna.passes(20_000);
        anna.link_opens();
        anna.hears(r#"{"type":"login","success":false,"reason":"in-use"}"#);
        let trouble = Some(ServerTrouble::NameTaken);
        assert_eq!(anna.session.view().server, ServerView::Reconnecting(trouble));
        bob_says(&mut anna, r#""do":"pong""#);
        assert!(matches!(anna.screen(), Screen::Meeting(_)));
    }
    bob_says(&mut anna, r#""seq":2,"leave":"hangup""#);
    anna.passes(20_000);
    anna.link_opens();
    anna.hears(r#"{"type":"login","success":false,"reason":"in-use"}"#);
    assert!(matches!(anna.screen(), Screen::Start { problem: Some(_), .. }));
}

#[test]
fn whoever_is_lost_to_the_server_alone_is_still_in_the_call() {
    let mut anna = in_call();
    let call = anna.call_id();
    anna.hears(&format!(r#"{{"type":"leave","name":"Bob","call":"{call}","reason":"lost"}}"#));
    assert!(anna.last_said().contains(&format!(r#""type":"claim","name":"Bob","call":"{call}""#)));
    for _ in 0..60 {
        lives(&mut anna, 10_000);
        anna.hears(r#"{"type":"pong"}"#);
    }
    assert!(connected(&anna) && !anna.meeting().others[0].reachable);
    // And then the connection breaks as well.
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    anna.passes(10_000);
    anna.hears(r#"{"type":"pong"}"#);
    anna.passes(10_000);
    anna.hears(r#"{"type":"pong"}"#);
    anna.passes(9_999);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    anna.passes(1);
    assert_eq!(anna.end_reason(), Some(EndReason::PeerLost));
    anna.assert_released();
}

/// What she said was lost with the server, and both have claimed the call.
#[test]
fn whoever_goes_on_with_a_call_that_is_over_is_told() {
    let mut anna = in_call();
    let (call, stream) = (anna.call_id(), stream(&anna));
    anna.wants(Intent::HangUp);
    let leave = format!(r#""type":"leave","name":"Bob","call":"{call}","reason":"hangup""#);
    let told = |anna: &Anna| anna.said().iter().filter(|text| text.contains(&leave)).count();
    let before = told(&anna);
    let signal =
        format!(r#"{{"t":"signal","stream":{stream},"seq":2,"do":"restart"}}"#).replace('"', r#"\""#);
    anna.hears(&format!(r#"{{"type":"signal","name":"Bob","call":"{call}","signal":"{signal}"}}"#));
    assert_eq!(told(&anna), before + 1);
    anna.hears(&format!(
        r#"{{"type":"offer","name":"Bob","call":"{call}","stream":7,"offer":{{"type":"offer","sdp":"x"}}}}"#
    ));
    assert_eq!(told(&anna), before + 2);
    // Of a call that was never there, nothing is known.
    anna.hears(r#"{"type":"signal","name":"Bob","call":"another","signal":"{}"}"#);
    assert_eq!(told(&anna), before + 2);
    assert!(matches!(anna.screen(), Screen::Home { .. }));
}

#[test]
fn nobody_counts_as_gone_while_this_side_is_cut_off_itself() {
    let mut anna = in_call();
    anna.link(SignalingEvent::Closed);
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    anna.passes(3_600_000);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    assert!(matches!(anna.meeting().others[0].connection, ConnectionView::Reconnecting { .. }));
}

#[test]
fn hanging_up_is_heard_without_the_server() {
    let mut anna = in_call();
    anna.link(SignalingEvent::Closed);
    bob_says(&mut anna, r#""seq":2,"leave":"hangup""#);
    assert_eq!(anna.end_reason(), Some(EndReason::HungUp));
    anna.assert_released();
}

#[test]
fn what_the_channel_may_not_bring_goes_through_the_server_too() {
    let mut anna = in_call();
    anna.wants(Intent::SetCamera(false));
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(support::sdp(tincan_shared::DescriptionKind::Offer)));
    let signals = |anna: &Anna| anna.said().iter().filter(|text| text.contains(r#""type":"signal""#)).count();
    assert_eq!(signals(&anna), 0);
    anna.peer(PeerEvent::Connection(ConnectionState::Disconnected));
    assert_eq!(signals(&anna), 1, "the offer, which nobody has said to have heard");
    // It comes by both ways, and is taken once.
    bob_says(&mut anna, &format!(r#""ack":2,"seq":2,{ANSWER}"#));
    let stream = stream(&anna);
    let call = anna.call_id();
    let signal = format!(r#"{{"t":"signal","stream":{stream},"seq":2,{ANSWER}}}"#).replace('"', r#"\""#);
    anna.hears(&format!(r#"{{"type":"signal","name":"Bob","call":"{call}","signal":"{signal}"}}"#));
    let set = |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::SetRemote(_), .. });
    assert_eq!(anna.effects.iter().filter(set).count(), 2, "the first answer, and this");
}

#[test]
fn a_connection_that_says_nothing_is_interrupted_whatever_the_browser_says() {
    let mut anna = in_call();
    anna.passes(3_000);
    assert!(over_the_channel(&anna).last().unwrap().contains(r#""do":"ping""#));
    anna.passes(2_499);
    assert!(connected(&anna));
    anna.passes(1);
    assert!(!connected(&anna));
    assert_eq!(restarts(&anna), 0, "the other page may only be busy");
    bob_says(&mut anna, r#""do":"pong""#);
    assert!(connected(&anna));
    anna.passes(3_000);
    anna.passes(2_500);
    anna.passes(6_000);
    assert_eq!(restarts(&anna), 1);
}

#[test]
fn a_restart_counts_when_something_has_come_through() {
    let mut anna = in_call();
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    assert_eq!(restarts(&anna), 1, "at once");
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    assert!(over_the_channel(&anna).last().unwrap().contains(r#""do":"ping""#));
    anna.passes(5_000);
    assert_eq!(restarts(&anna), 2, "both say that there is a connection, and nothing comes through");
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    bob_says(&mut anna, r#""do":"pong""#);
    lives(&mut anna, 60_000);
    assert_eq!(restarts(&anna), 2);
}

#[test]
fn a_network_that_may_be_another_is_looked_at_at_once() {
    let mut anna = in_call();
    anna.input(tincan_session::Input::NetworkChanged);
    assert!(over_the_channel(&anna).last().unwrap().contains(r#""do":"ping""#));
    anna.passes(1_000);
    assert_eq!(restarts(&anna), 1);
}

#[test]
fn a_description_that_fails_makes_the_connection_anew() {
    let mut anna = in_call();
    let first = stream(&anna);
    bob_says(&mut anna, r#""seq":2,"description":{"type":"offer","sdp":"x"}"#);
    anna.peer(PeerEvent::DescriptionFailed);
    assert!(matches!(anna.meeting().others[0].connection, ConnectionView::Failed(_)));
    anna.passes(1_000);
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(support::sdp(tincan_shared::DescriptionKind::Offer)));
    assert_ne!(stream(&anna), first);
    // What is late of the first does no harm.
    let late = format!(r#"{{"t":"signal","stream":{first},"seq":3,"leave":"hangup"}}"#);
    anna.peer(PeerEvent::ChannelMessage(late));
    let answers_taken = |anna: &Anna| {
        let set = |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::SetRemote(_), .. });
        anna.effects.iter().filter(set).count()
    };
    let before = answers_taken(&anna);
    bob_answers(&mut anna, first);
    assert_eq!(answers_taken(&anna), before);
    let second = stream(&anna);
    bob_answers(&mut anna, second);
    assert_eq!(answers_taken(&anna), before + 1);
    anna.peer(PeerEvent::RemoteDescriptionSet);
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    assert!(connected(&anna));
}
