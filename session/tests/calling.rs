//! One session, spoken to by hand: what each thing the server says means at each stage of a call.

mod support;

use support::{Anna, sdp};
use tincan_session::{
    CALL_TIMEOUT_MS, CallKind, CallingStage, CaptureId, ConnectionState, ConnectionView, Delivery, Device,
    DeviceError, DeviceView, Devices, Effect, EndReason, Intent, LineRefusal, LocalMediaView, MAX_LINE_BYTES,
    NoPath, PeerConnectionId, PeerEffect, PeerEvent, Screen, Sent, ServerTrouble, ServerView, Side,
    SignalingEffect, SignalingEvent, StartProblem, TrackId,
};
use tincan_shared::{DescriptionKind, LoginRefusal};

#[test]
fn names_are_checked_before_anything_is_opened() {
    for (name, reason) in [
        ("  ", LoginRefusal::Empty),
        ("a\u{7}", LoginRefusal::ControlCharacter),
        (&*"x".repeat(33), LoginRefusal::TooLong),
    ] {
        let mut anna = Anna::new();
        anna.wants(Intent::SignIn { name: name.to_owned() });
        let problem = StartProblem::Refused { name: name.trim().to_owned(), reason };
        assert_eq!(anna.screen(), Screen::Start { signing_in: false, problem: Some(problem) });
        assert_eq!(anna.effects, []);
    }
}

#[test]
fn a_name_in_use_is_said_and_another_can_be_tried() {
    let mut anna = Anna::new();
    anna.wants(Intent::SignIn { name: "Anna".to_owned() });
    assert_eq!(anna.screen(), Screen::Start { signing_in: true, problem: None });
    anna.link_opens();
    anna.hears(r#"{"type":"login","success":false,"reason":"in-use"}"#);
    let problem = StartProblem::Refused { name: "Anna".to_owned(), reason: LoginRefusal::InUse };
    assert_eq!(anna.screen(), Screen::Start { signing_in: false, problem: Some(problem) });
    anna.wants(Intent::SignIn { name: "Anna 2".to_owned() });
    anna.link_opens();
    anna.hears(r#"{"type":"login","success":true}"#);
    assert!(matches!(anna.screen(), Screen::Home { me, .. } if me == "Anna 2"));
}

#[test]
fn what_a_leave_means_depends_on_the_stage() {
    use EndReason::{
        Busy, Cancelled, ConnectionLost, Declined, HungUp, Missed, NoAnswer, PeerLost, Unavailable, Yourself,
    };
    let no_connection = EndReason::NoConnection(NoPath::NoCandidates(Side::Both));
    // For each reason: while calling, while it rings, in the call.
    for (reason, calling, ringing, in_call) in [
        (r#""declined""#, Declined, Cancelled, Declined),
        (r#""busy""#, Busy, Busy, Busy),
        (r#""no-answer""#, NoAnswer, Missed, Cancelled),
        (r#""unavailable""#, Unavailable, Unavailable, Unavailable),
        (r#""yourself""#, Yourself, Yourself, Yourself),
        (r#""cancelled""#, Cancelled, Cancelled, Cancelled),
        (r#""hangup""#, PeerLost, Cancelled, HungUp),
        (r#""no-connection""#, no_connection, Cancelled, no_connection),
        (r#""failed""#, ConnectionLost, Cancelled, ConnectionLost),
        (r#""of a later version""#, Declined, Cancelled, HungUp),
        ("null", Declined, Cancelled, HungUp),
    ] {
        let mut subjects =
            [Anna::calling(CallKind::Text), Anna::ringing("v=0"), Anna::in_call(CallKind::Video)];
        let ids = [subjects[0].call_id(), "b1".to_owned(), subjects[2].call_id()];
        for ((anna, id), expected) in subjects.iter_mut().zip(ids).zip([calling, ringing, in_call]) {
            anna.hears(&format!(r#"{{"type":"leave","name":"Bob","call":"{id}","reason":{reason}}}"#));
            assert_eq!(anna.end_reason(), Some(expected), "{reason}");
            anna.assert_released();
        }
    }
}

#[test]
fn a_leave_of_another_call_changes_nothing() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.hears(r#"{"type":"leave","name":"Bob","call":"another","reason":"hangup"}"#);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
}

#[test]
fn the_kind_of_call_is_read_off_the_offer() {
    for (sdp, kind) in [
        (r"v=0\r\nm=application 9 UDP/DTLS/SCTP x\r\n", CallKind::Text),
        (r"v=0\r\nm=audio 9 x\r\nm=application 9 x\r\n", CallKind::Voice),
        (r"v=0\r\nm=audio 9 x\r\nm=video 9 x\r\n", CallKind::Video),
        (r"v=0\r\nm=video 0 x\r\n", CallKind::Text),
        (r"v=0\r\nm=audio 9 x\r\na=recvonly\r\nm=video 9 x\r\na=inactive\r\n", CallKind::Voice),
        (r"v=0\r\nm=audio 9 x\r\na=inactive\r\nm=video 9 x\r\na=inactive\r\n", CallKind::Text),
        (r"v=0\r\nm=audio 9 x\r\nm=video 0 x\r\na=bundle-only\r\n", CallKind::Video),
        (r"v=0\r\nm=audio 9 x\r\nm=video 0 x\r\na=bundle-only\r\na=inactive\r\n", CallKind::Voice),
    ] {
        let (me, peer) = ("Anna".to_owned(), "Bob".to_owned());
        let expected = Screen::Incoming { me, past: None, peer, kind, files: None };
        assert_eq!(Anna::ringing(sdp).screen(), expected, "{sdp}");
    }
}

#[test]
fn ringing_touches_no_device_and_no_connection() {
    let anna = Anna::ringing(r"v=0\nm=audio 9\nm=video 9");
    let touched = |effect: &Effect| matches!(effect, Effect::Capture { .. } | Effect::Peer { .. });
    assert!(!anna.effects.iter().any(touched));
}

#[test]
fn accepting_opens_what_was_agreed_to_and_no_more() {
    for (sdp, camera, devices) in [
        (r"v=0\nm=audio 9\nm=video 9", true, Some(Devices { microphone: true, camera: true })),
        (r"v=0\nm=audio 9\nm=video 9", false, Some(Devices { microphone: true, camera: false })),
        (r"v=0\nm=audio 9", true, Some(Devices { microphone: true, camera: false })),
        (r"v=0\nm=application 9", true, None),
    ] {
        let mut anna = Anna::ringing(sdp);
        anna.wants(Intent::Accept { camera });
        let captured = anna.effects.iter().find_map(|effect| match effect {
            Effect::Capture { devices, .. } => Some(*devices),
            _ => None,
        });
        assert_eq!(captured, devices, "{sdp} {camera}");
    }
}

#[test]
fn no_answer_ends_the_call_on_time_and_says_so() {
    let mut anna = Anna::calling(CallKind::Text);
    anna.passes(CALL_TIMEOUT_MS - 1);
    assert!(matches!(anna.screen(), Screen::Calling { .. }));
    anna.passes(1);
    assert_eq!(anna.end_reason(), Some(EndReason::NoAnswer));
    assert!(anna.last_said().contains(r#""reason":"no-answer""#), "{}", anna.last_said());
    anna.assert_released();
}

#[test]
fn ringing_is_told_with_the_name_as_its_owner_writes_it() {
    let mut anna = Anna::calling(CallKind::Text);
    let call = anna.call_id();
    anna.hears(&format!(r#"{{"type":"ringing","name":"Bob","call":"{call}"}}"#));
    let Screen::Calling { peer, stage, .. } = anna.screen() else { panic!("not calling") };
    assert_eq!((&*peer, stage), ("Bob", CallingStage::Ringing));
}

#[test]
fn oneself_is_not_called() {
    let mut anna = Anna::home();
    anna.wants(Intent::Call { name: "ANNA".to_owned(), kind: CallKind::Video });
    assert_eq!(anna.end_reason(), Some(EndReason::Yourself));
    anna.assert_released();
}

#[test]
fn who_is_in_a_call_is_busy_for_a_third() {
    for mut anna in [Anna::in_call(CallKind::Text), Anna::calling(CallKind::Text), Anna::ringing("v=0")] {
        let before = anna.screen();
        anna.hears(r#"{"type":"offer","name":"Cleo","call":"c1","offer":{"type":"offer","sdp":"x"}}"#);
        let said = anna.last_said();
        assert!(said.contains(r#""name":"Cleo","call":"c1","reason":"busy""#), "{said}");
        assert_eq!(anna.screen(), before);
    }
}

#[test]
fn of_two_calls_across_each_other_the_same_one_stands_on_both_sides() {
    // "Anna" comes before "Bob", so her call stands.
    let mut anna = Anna::calling(CallKind::Text);
    anna.hears(r#"{"type":"offer","name":"Bob","call":"b1","offer":{"type":"offer","sdp":"x"}}"#);
    assert!(matches!(anna.screen(), Screen::Calling { .. }));

    // "Aaron" comes before her: his stands, and it needs no accepting, since she has called him.
    let mut anna = Anna::home();
    anna.wants(Intent::Call { name: "aaron".to_owned(), kind: CallKind::Text });
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(sdp(DescriptionKind::Offer)));
    anna.hears(r#"{"type":"offer","name":"Aaron","call":"a1","offer":{"type":"offer","sdp":"x"}}"#);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    let wants_it = |effect: &Effect| matches!(effect, Effect::Peer { effect: PeerEffect::SetRemote(_), .. });
    assert!(anna.effects.iter().any(wants_it));
}

#[test]
fn an_event_of_an_earlier_connection_has_no_effect() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.wants(Intent::HangUp);
    anna.assert_released();
    let count = anna.effects.len();
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    anna.peer(PeerEvent::ChannelMessage(
        r#"{"t":"line","id":1,"part":0,"parts":1,"text":"late"}"#.to_owned(),
    ));
    assert_eq!(anna.effects.len(), count);
    assert_eq!(anna.end_reason(), Some(EndReason::HungUpByMe));
}

#[test]
fn a_call_goes_on_with_the_devices_there_are() {
    let mut anna = Anna::home();
    anna.wants(Intent::Call { name: "Bob".to_owned(), kind: CallKind::Video });
    assert!(matches!(anna.screen(), Screen::Calling { stage: CallingStage::Preparing, .. }));
    anna.captures(Ok(()), Err(DeviceError::Denied));
    let Screen::Calling { local: LocalMediaView { microphone, camera, .. }, .. } = anna.screen() else {
        panic!("not calling")
    };
    assert_eq!(microphone, DeviceView::On { capture: CaptureId(1) });
    assert_eq!(camera, DeviceView::Failed(DeviceError::Denied));
    // What can't be sent can still be received.
    let receives = Effect::Peer {
        id: PeerConnectionId(1),
        effect: PeerEffect::AddMedia { device: Device::Camera, receive: true },
    };
    assert!(anna.effects.contains(&receives));
}

#[test]
fn a_call_does_not_wait_for_ever_for_a_device_and_takes_it_when_it_comes() {
    let mut anna = Anna::home();
    anna.wants(Intent::Call { name: "Bob".to_owned(), kind: CallKind::Voice });
    anna.passes(9_999);
    assert!(matches!(anna.screen(), Screen::Calling { stage: CallingStage::Preparing, .. }));
    anna.passes(1);
    assert!(matches!(anna.screen(), Screen::Calling { stage: CallingStage::Calling, .. }));
    anna.captures(Ok(()), Ok(()));
    let track = Some(TrackId { device: Device::Microphone, capture: CaptureId(1) });
    let sends = Effect::Peer {
        id: PeerConnectionId(1),
        effect: PeerEffect::SetTrack { device: Device::Microphone, track },
    };
    assert!(anna.effects.contains(&sends));
}

#[test]
fn a_device_that_comes_after_the_call_is_released() {
    let mut anna = Anna::home();
    anna.wants(Intent::Call { name: "Bob".to_owned(), kind: CallKind::Voice });
    anna.wants(Intent::Cancel);
    anna.captures(Ok(()), Ok(()));
    let track = TrackId { device: Device::Microphone, capture: CaptureId(1) };
    assert_eq!(anna.effects.last(), Some(&Effect::StopTrack(track)));
    // Nobody has heard of the call, so nobody is told that it is over.
    assert!(!anna.last_said().contains("leave"));
}

#[test]
fn a_line_over_the_limit_is_refused_and_the_next_is_not() {
    let mut anna = Anna::in_call(CallKind::Text);
    for (length, refused, count) in
        [(MAX_LINE_BYTES + 1, Some(LineRefusal::TooLong), 1), (MAX_LINE_BYTES, None, 2)]
    {
        anna.wants(Intent::Send { text: "x".repeat(length), reply: None });
        assert_eq!(anna.meeting().sent, Sent { count, refused });
    }
}

#[test]
fn a_line_that_finds_no_room_is_not_taken_and_the_right_reason_is_given() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.peer(PeerEvent::ChannelClosed);
    let mut lines = 0;
    let refused = loop {
        anna.wants(Intent::Send { text: format!("line {lines}"), reply: None });
        if let Some(refused) = anna.meeting().sent.refused {
            break refused;
        }
        lines += 1;
    };
    assert_eq!((refused, lines), (LineRefusal::QueueFull, 500));
    assert_eq!(anna.meeting().conversation.lines().len(), 500);
    // Bob has some: there is room again.
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    anna.peer(PeerEvent::ChannelMessage(r#"{"t":"ack","id":1}"#.to_owned()));
    anna.wants(Intent::Send { text: "the line that found no room".to_owned(), reply: None });
    assert_eq!(anna.meeting().sent, Sent { count: 502, refused: None });
}

#[test]
fn a_line_written_while_devices_are_still_being_opened_arrives() {
    let mut anna = Anna::ringing(r"v=0\nm=audio 9");
    anna.wants(Intent::Accept { camera: false });
    anna.wants(Intent::Send { text: "one moment".to_owned(), reply: None });
    assert_eq!(anna.meeting().sent, Sent { count: 1, refused: None });
    assert_eq!(anna.meeting().conversation.lines()[0].delivery(), Delivery::Sending);
    anna.captures(Ok(()), Ok(()));
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    let said = anna.effects.iter().filter(|effect| match effect {
        Effect::Peer { effect: PeerEffect::SendText(text), .. } => text.contains("one moment"),
        _ => false,
    });
    assert_eq!(said.count(), 1);
}

#[test]
fn a_ring_whose_place_another_of_the_same_name_took_is_over() {
    let mut anna = Anna::ringing("v=0");
    let rings = |anna: &mut Anna, call: &str| {
        anna.hears(&format!(
            r#"{{"type":"offer","name":"Bob","call":"{call}","offer":{{"type":"offer","sdp":"v=0"}}}}"#
        ));
    };
    rings(&mut anna, "b2");
    anna.wants(Intent::Decline);
    assert!(anna.last_said().contains(r#""call":"b2""#), "{}", anna.last_said());
    // What is late of the first must not ring again.
    rings(&mut anna, "b1");
    assert!(matches!(anna.screen(), Screen::Home { .. }));
}

#[test]
fn what_was_not_delivered_says_so_after_the_call() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.wants(Intent::Send { text: "one".to_owned(), reply: None });
    anna.peer(PeerEvent::ChannelMessage(r#"{"t":"ack","id":1}"#.to_owned()));
    anna.wants(Intent::Send { text: "two".to_owned(), reply: None });
    anna.wants(Intent::HangUp);
    let Screen::Home { past: Some(past), .. } = anna.screen() else { panic!("no conversation") };
    let delivery: Vec<_> = past.conversation.lines().iter().map(|line| line.delivery()).collect();
    assert_eq!((&*past.peer, delivery), ("Bob", vec![Delivery::Delivered, Delivery::Unsent]));
}

#[test]
fn an_interrupted_connection_is_mended_by_ice_restarts_until_somebody_hangs_up() {
    let restarts = |anna: &Anna| {
        let restart =
            |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::RestartIce, .. });
        anna.effects.iter().filter(restart).count()
    };
    let mut anna = Anna::in_call(CallKind::Text);
    anna.peer(PeerEvent::Connection(ConnectionState::Disconnected));
    anna.passes(1_999);
    assert_eq!(restarts(&anna), 0);
    anna.passes(1);
    assert_eq!(restarts(&anna), 1);
    let Screen::Meeting(call) = anna.screen() else { panic!("not in a call") };
    assert!(matches!(call.others[0].connection, ConnectionView::Reconnecting { .. }));
    anna.passes(600_000);
    assert!(matches!(anna.screen(), Screen::Meeting(_)), "it ends by nothing but hanging up");
    anna.wants(Intent::HangUp);
    anna.assert_released();
}

#[test]
fn why_the_server_is_not_to_be_had_is_shown_until_it_is() {
    let mut anna = Anna::home();
    for trouble in [Some(ServerTrouble::Busy), None, Some(ServerTrouble::NoServer)] {
        anna.link(SignalingEvent::Closed);
        anna.passes(10_000);
        anna.link(SignalingEvent::NotOpened(trouble.clone()));
        assert_eq!(anna.session.view().server, ServerView::Reconnecting(trouble));
    }
    anna.link(SignalingEvent::Opened);
    assert_eq!(anna.session.view().server, ServerView::Reconnecting(None));
}

#[test]
fn a_login_that_is_told_anew_changes_the_servers_of_calls_that_are_and_will_be() {
    let login = |credential: &str| {
        let server = format!(r#"{{"urls":["turn:a.example"],"username":"u","credential":"{credential}"}}"#);
        format!(r#"{{"type":"login","success":true,"name":"Anna","resumed":true,"iceServers":[{server}]}}"#)
    };
    let credentials = |anna: &Anna| -> Vec<String> {
        let of = |effect: &Effect| match effect {
            Effect::Peer { effect: PeerEffect::Create(ice) | PeerEffect::SetIce(ice), .. } => {
                ice.servers.first().and_then(|server| server.credential.clone())
            }
            _ => None,
        };
        anna.effects.iter().filter_map(of).collect()
    };
    let mut anna = Anna::home();
    anna.hears(&login("first"));
    anna.wants(Intent::Call { name: "bob".to_owned(), kind: CallKind::Text });
    anna.hears(&login("second"));
    assert_eq!(credentials(&anna), ["first", "second"]);
    anna.wants(Intent::Cancel);
    anna.wants(Intent::Call { name: "bob".to_owned(), kind: CallKind::Text });
    assert_eq!(credentials(&anna), ["first", "second", "second"]);
}

#[test]
fn a_lost_link_is_resumed_and_nothing_said_meanwhile_is_lost() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.link(SignalingEvent::Closed);
    assert_eq!(anna.session.view().server, ServerView::Reconnecting(None));
    anna.wants(Intent::HangUp);
    anna.passes(1_000);
    anna.link_opens();
    assert!(anna.last_said().contains(r#""resume":"t""#), "{}", anna.last_said());
    anna.hears(r#"{"type":"login","success":true,"name":"Anna","resume":"t","resumed":true,"received":1}"#);
    assert!(anna.last_said().contains(r#""reason":"hangup","seq":2"#), "{}", anna.last_said());
}

#[test]
fn a_call_that_nobody_has_answered_does_not_outlive_the_grace_of_a_lost_link() {
    let mut anna = Anna::calling(CallKind::Video);
    anna.link(SignalingEvent::Closed);
    anna.passes(tincan_shared::RESUME_GRACE_MS - 1);
    assert!(matches!(anna.screen(), Screen::Calling { .. }));
    anna.passes(1);
    assert_eq!(anna.end_reason(), Some(EndReason::ServerLost));
    anna.assert_released();
}

#[test]
fn a_silent_link_is_asked_for_a_sign_of_life_and_then_replaced() {
    let mut anna = Anna::home();
    anna.sleeps(15_000);
    assert!(anna.last_said().contains("ping"));
    anna.sleeps(10_000);
    assert_eq!(anna.effects.last(), Some(&Effect::Signaling(SignalingEffect::Close { goodbye: false })));
}

#[test]
fn a_tutorial_client_can_be_called_and_can_call() {
    // It gives no call id, and not always a name.
    let mut anna = Anna::calling(CallKind::Video);
    anna.hears(r#"{"type":"answer","answer":{"type":"answer","sdp":"x"}}"#);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    anna.hears(r#"{"type":"candidate","candidate":{"candidate":"c","sdpMid":"0","sdpMLineIndex":0}}"#);
    anna.hears(r#"{"type":"leave"}"#);
    assert_eq!(anna.end_reason(), Some(EndReason::HungUp));

    anna.hears(r#"{"type":"offer","name":"Bob","offer":{"type":"offer","sdp":"x"}}"#);
    assert!(matches!(anna.screen(), Screen::Incoming { .. }));
    anna.wants(Intent::Decline);
    assert!(anna.last_said().contains(r#""type":"leave","name":"Bob","reason":"declined""#));
}

#[test]
fn nonsense_from_the_server_changes_nothing() {
    let mut anna = Anna::in_call(CallKind::Text);
    for text in ["", "{", "[]", r#"{"type":"news"}"#, r#"{"type":"offer"}"#, r#"{"type":"pong","seq":"x"}"#] {
        anna.hears(text);
    }
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
}

#[test]
fn a_frame_that_cannot_be_read_is_no_gap() {
    let mut anna = Anna::home();
    for text in [
        r#"{"type":"offer","name":"Eve","offer":{"type":"offer","sdp":5},"seq":1}"#,
        r#"{"type":"candidate","name":"Eve","candidate":{"sdpMLineIndex":"0"},"seq":2}"#,
        r#"{"type":"from a later version","seq":3}"#,
        r#"{"type":"offer","name":"Bob","call":"b1","offer":{"type":"offer","sdp":"v=0"},"seq":4}"#,
    ] {
        anna.hears(text);
    }
    assert!(matches!(anna.screen(), Screen::Incoming { .. }));
    assert_eq!(anna.session.view().server, ServerView::Online);
}

/// Before somebody else can take the name.
#[test]
fn a_link_that_was_steady_is_tried_again_at_once() {
    let mut anna = Anna::with_random(Box::new(|| u128::MAX));
    anna.signs_in();
    anna.passes(10_000);
    anna.effects.clear();
    anna.link(SignalingEvent::Closed);
    anna.passes(0);
    let opens = |effect: &Effect| matches!(effect, Effect::Signaling(SignalingEffect::Open { .. }));
    assert!(anna.effects.iter().any(opens));
    // A second time not.
    anna.effects.clear();
    anna.link(SignalingEvent::Closed);
    anna.passes(0);
    assert!(!anna.effects.iter().any(opens));
}

#[test]
fn a_gap_is_mended_by_resuming_but_not_at_once_for_ever() {
    let mut anna = Anna::with_random(Box::new(|| u128::MAX));
    anna.signs_in();
    let opened = |anna: &Anna| {
        let open = |effect: &&Effect| matches!(effect, Effect::Signaling(SignalingEffect::Open { .. }));
        anna.effects.iter().filter(open).count()
    };
    let before = opened(&anna);
    for _ in 0..200 {
        anna.hears(r#"{"type":"pong","seq":9}"#);
        anna.passes(50);
        anna.link_opens();
        anna.hears(r#"{"type":"login","success":true,"name":"Anna","resume":"t","resumed":true}"#);
    }
    // Ten seconds, with waits of up to 0.3, 0.6, 1.2, 2.4 and 4.8, of which these draw the longest.
    let attempts = opened(&anna) - before;
    assert!((1..=7).contains(&attempts), "{attempts}");
}

#[test]
fn a_login_whose_answer_was_lost_is_repeated_with_the_same_token() {
    let mut anna = Anna::new();
    anna.wants(Intent::SignIn { name: "Anna".to_owned() });
    anna.link_opens();
    let first = anna.last_said().to_owned();
    anna.link(SignalingEvent::Closed);
    anna.passes(1_000);
    anna.link_opens();
    assert_eq!(anna.last_said(), first);
    assert!(first.contains(r#""resume":"000"#), "{first}");
}

#[test]
fn nobody_else_can_answer_or_end_a_call() {
    let mut anna = Anna::calling(CallKind::Video);
    let call = anna.call_id();
    anna.hears(&format!(r#"{{"type":"ringing","name":"Bob","call":"{call}"}}"#));
    for text in [
        r#"{"type":"answer","name":"Eve","call":"ID","answer":{"type":"answer","sdp":"x"}}"#,
        r#"{"type":"leave","name":"Eve","call":"ID","reason":"declined"}"#,
        r#"{"type":"leave","name":"Eve"}"#,
        r#"{"type":"answer","name":"Eve","answer":{"type":"answer","sdp":"x"}}"#,
    ] {
        anna.hears(&text.replace("ID", &call));
        assert!(matches!(anna.screen(), Screen::Calling { .. }), "{text}");
    }
}

#[test]
fn who_is_called_without_end_does_not_answer_without_end() {
    let mut anna = Anna::in_call(CallKind::Text);
    for number in 0..1_000 {
        anna.hears(&format!(
            r#"{{"type":"offer","name":"Eve","call":"e{number}","offer":{{"type":"offer","sdp":"x"}}}}"#
        ));
    }
    let busy = anna.said().iter().filter(|text| text.contains("busy")).count();
    assert_eq!(busy, 10);
}

#[test]
fn a_connection_that_cannot_be_made_ends_the_call() {
    let mut anna = Anna::home();
    anna.wants(Intent::Call { name: "Bob".to_owned(), kind: CallKind::Text });
    anna.peer(PeerEvent::Broken);
    assert_eq!(anna.end_reason(), Some(EndReason::NoConnection(NoPath::NotBegun)));
    // No offer was out, so nobody is told that it is over.
    assert!(!anna.last_said().contains("leave"));
}

#[test]
fn a_renegotiation_that_fails_ends_the_call() {
    let mut anna = Anna::in_call(CallKind::Text);
    let call = anna.call_id();
    anna.hears(&format!(
        r#"{{"type":"offer","name":"Bob","call":"{call}","offer":{{"type":"offer","sdp":"x"}}}}"#
    ));
    anna.peer(PeerEvent::DescriptionFailed);
    assert_eq!(anna.end_reason(), Some(EndReason::ConnectionLost));
    assert!(anna.last_said().contains(r#""reason":"failed""#));
}

#[test]
fn without_the_server_nobody_is_called() {
    let mut anna = Anna::home();
    anna.link(SignalingEvent::Closed);
    anna.wants(Intent::Call { name: "Bob".to_owned(), kind: CallKind::Video });
    assert_eq!(anna.end_reason(), Some(EndReason::Offline));
    assert!(!anna.effects.iter().any(|effect| matches!(effect, Effect::Capture { .. })));
}

#[test]
fn a_call_that_the_server_does_not_know_is_over_unless_the_two_are_connected() {
    let error =
        |call: &str| format!(r#"{{"type":"error","message":"no","code":"unavailable","call":"{call}"}}"#);
    let mut anna = Anna::calling(CallKind::Text);
    let call = anna.call_id();
    anna.hears(&error("another"));
    assert!(matches!(anna.screen(), Screen::Calling { .. }));
    anna.hears(&error(&call));
    assert_eq!(anna.end_reason(), Some(EndReason::PeerLost));
    anna.assert_released();
    let mut anna = Anna::in_call(CallKind::Text);
    anna.hears(&error(&anna.call_id()));
    assert!(!anna.meeting().others[0].reachable);
}

#[test]
fn what_a_full_queue_refused_is_said_again() {
    let offers = |anna: &Anna| anna.said().iter().filter(|text| text.contains(r#""type":"offer""#)).count();
    let refuse = |anna: &mut Anna| {
        let call = anna.call_id();
        let error = r#"{"type":"error","message":"no","code":"queue-full","call":"ID"}"#;
        anna.hears(&error.replace("ID", &call));
    };
    let mut anna = Anna::calling(CallKind::Text);
    for (waits_ms, expected) in [(1_000, 2), (2_000, 3), (4_000, 4), (8_000, 5), (8_000, 6)] {
        refuse(&mut anna);
        refuse(&mut anna);
        anna.passes(waits_ms - 1);
        assert_eq!(offers(&anna), expected - 1);
        anna.passes(1);
        assert_eq!(offers(&anna), expected);
    }
    anna.is_answered();
    refuse(&mut anna);
    anna.passes(10_000);
    assert_eq!(offers(&anna), 6, "it has arrived");
    // A connected call goes on.
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(sdp(DescriptionKind::Offer)));
    refuse(&mut anna);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
    anna.passes(1_000);
    assert_eq!(offers(&anna), 8);
}

/// An offer of Bob's or somebody else's, for a text call.
fn rings(anna: &mut Anna, name: &str, call: &str) {
    anna.hears(&format!(
        r#"{{"type":"offer","name":"{name}","call":"{call}","offer":{{"type":"offer","sdp":"v=0"}}}}"#
    ));
}

#[test]
fn no_address_leaves_before_both_want_the_call() {
    let candidate = tincan_shared::IceCandidate {
        candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host".to_owned(),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    };
    let mut anna = Anna::calling(CallKind::Text);
    anna.peer(PeerEvent::Candidate(Some(candidate)));
    anna.peer(PeerEvent::Candidate(None));
    let candidates = |anna: &Anna| anna.said().iter().filter(|text| text.contains("candidate")).count();
    assert_eq!(candidates(&anna), 0);
    anna.is_answered();
    assert_eq!(candidates(&anna), 2);
}

#[test]
fn an_answer_is_only_from_whom_it_rings_at() {
    // Spelled otherwise than it was typed, so that only the server can say who it is.
    let mut anna = Anna::calling(CallKind::Text);
    let call = anna.call_id();
    let answer = format!(
        r#"{{"type":"answer","name":"Ｂｏｂ","call":"{call}","answer":{{"type":"answer","sdp":"x"}}}}"#
    );
    anna.hears(&answer);
    assert!(matches!(anna.screen(), Screen::Calling { .. }));
    anna.hears(&format!(r#"{{"type":"ringing","name":"Ｂｏｂ","call":"{call}"}}"#));
    anna.hears(&answer);
    assert!(matches!(anna.screen(), Screen::Meeting(_)));
}

#[test]
fn nobody_rings_without_end_and_others_are_heard_meanwhile() {
    let mut anna = Anna::home();
    let rang = (0..100).filter(|number| {
        rings(&mut anna, "Eve", &format!("e{number}"));
        let rang = matches!(anna.screen(), Screen::Incoming { .. });
        anna.wants(Intent::Decline);
        rang
    });
    assert_eq!(rang.count(), 6);
    rings(&mut anna, "Bob", "b1");
    assert!(matches!(anna.screen(), Screen::Incoming { peer, .. } if peer == "Bob"));
    // Not even in place of her own.
    for number in 100..200 {
        rings(&mut anna, "Bob", &format!("b{number}"));
    }
    anna.passes(1_000);
    anna.wants(Intent::Accept { camera: false });
    assert_eq!(anna.meeting().others[0].name, "Bob");
}

#[test]
fn a_ring_does_not_erase_what_was_written_before() {
    let mut anna = Anna::in_call(CallKind::Text);
    anna.wants(Intent::Send { text: "to be kept".to_owned(), reply: None });
    anna.wants(Intent::HangUp);
    let past = |anna: &Anna| match anna.screen() {
        Screen::Home { past: Some(past), .. } => past.peer.clone(),
        other => panic!("{other:?}"),
    };
    rings(&mut anna, "Eve", "e1");
    rings(&mut anna, "Eve", "e2");
    anna.hears(r#"{"type":"leave","name":"Eve","call":"e2","reason":"cancelled"}"#);
    assert_eq!((past(&anna), anna.end_reason()), ("Bob".to_owned(), Some(EndReason::Cancelled)));
    anna.wants(Intent::Call { name: "Cleo".to_owned(), kind: CallKind::Text });
    anna.wants(Intent::Cancel);
    assert_eq!(past(&anna), "Bob");
}
