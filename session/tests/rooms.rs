//! One session at a room, spoken to by hand: what each thing the server says means before, in and after a
//! room.

mod support;

use support::{Anna, sdp};
use tincan_session::{
    Author, Body, CaptureId, ConnectionState, ConnectionView, Delivery, Device, DeviceError, DeviceView,
    Devices, Effect, Intent, Lobby, LobbyProblem, Meeting, MeetingKind, NoPath, PeerEffect, PeerEvent,
    PictureSize, Screen, SendLimits, Shown, Side, SignalingEvent, TrackId,
};
use tincan_shared::{DescriptionKind, LoginRefusal, RoomRefusal};

const BOB: &str = r#"{"name":"guest-b","displayName":"Bob","call":"c1","stay":1}"#;

fn before_room() -> Anna {
    let mut anna = Anna::new();
    anna.wants(Intent::OpenRoom { room: "den".to_owned(), devices: Devices::default() });
    anna
}

/// A guest who has asked to be let in, and whose link has opened.
fn joining() -> Anna {
    let mut anna = before_room();
    anna.wants(Intent::JoinRoom { name: "Anna".to_owned() });
    anna.link_opens();
    anna
}

/// A guest, in a room with whoever is there.
fn inside(members: &str) -> Anna {
    let mut anna = joining();
    anna.hears(r#"{"type":"login","success":true,"name":"guest-a","displayName":"Anna","resume":"t"}"#);
    anna.hears(&format!(r#"{{"type":"room","room":"den","success":true,"limit":8,"members":[{members}]}}"#));
    meeting(&anna);
    anna
}

fn called(member: &str) -> String {
    member.replace('}', r#","caller":true}"#)
}

/// A guest with a connection to Bob.
fn with_bob() -> Anna {
    let mut anna = inside(&called(BOB));
    anna.peer(PeerEvent::NegotiationNeeded);
    anna.peer(PeerEvent::LocalDescription(sdp(DescriptionKind::Offer)));
    anna.hears(r#"{"type":"answer","name":"guest-b","call":"c1","answer":{"type":"answer","sdp":"x"}}"#);
    anna.peer(PeerEvent::RemoteDescriptionSet);
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.peer(PeerEvent::ChannelOpen { max_message_bytes: 16_384 });
    assert_eq!(meeting(&anna).others[0].connection, ConnectionView::Connected);
    anna
}

fn lobby(anna: &Anna) -> Lobby {
    match anna.screen() {
        Screen::Lobby(lobby) => lobby,
        other => panic!("not before a room: {other:?}"),
    }
}

fn meeting(anna: &Anna) -> Meeting {
    match anna.screen() {
        Screen::Meeting(meeting) => meeting,
        other => panic!("not in a room: {other:?}"),
    }
}

fn created(anna: &Anna) -> usize {
    let creates = |effect: &&Effect| matches!(effect, Effect::Peer { effect: PeerEffect::Create(_), .. });
    anna.effects.iter().filter(creates).count()
}

#[test]
fn a_guest_signs_in_at_the_room() {
    let anna = joining();
    let login = anna.last_said();
    assert!(login.contains(r#""type":"login","name":"Anna","room":"den","resume":""#), "{login}");
    assert!(lobby(&anna).joining);
    let anna = inside("");
    let MeetingKind::Room { name, limit, renamed, .. } = meeting(&anna).kind else { panic!("no room") };
    assert_eq!((&*name, limit, renamed), ("den", 8, false));
    assert_eq!(meeting(&anna).me, "Anna");
}

#[test]
fn a_second_anna_is_told_that_she_is_anna_2() {
    let mut anna = joining();
    anna.hears(r#"{"type":"login","success":true,"name":"guest-a","displayName":"Anna 2","resume":"t"}"#);
    anna.hears(r#"{"type":"room","room":"den","success":true,"limit":8,"members":[]}"#);
    assert!(matches!(meeting(&anna).kind, MeetingKind::Room { renamed: true, .. }));
    assert_eq!(meeting(&anna).me, "Anna 2");
    anna.wants(Intent::DismissNotice);
    assert!(matches!(meeting(&anna).kind, MeetingKind::Room { renamed: false, .. }));
}

#[test]
fn who_has_signed_in_keeps_the_name() {
    let mut anna = Anna::home();
    anna.wants(Intent::OpenRoom { room: "den".to_owned(), devices: Devices::default() });
    assert_eq!(lobby(&anna).me.as_deref(), Some("Anna"));
    anna.wants(Intent::JoinRoom { name: "Somebody".to_owned() });
    assert!(anna.last_said().contains(r#"{"type":"join","room":"den""#), "{}", anna.last_said());
    anna.hears(r#"{"type":"room","room":"Den","success":true,"limit":8,"members":[]}"#);
    assert_eq!(meeting(&anna).me, "Anna");
    anna.wants(Intent::LeaveRoom);
    assert!(anna.last_said().contains(r#"{"type":"leave-room""#));
    assert!(matches!(anna.screen(), Screen::Home { .. }));
}

#[test]
fn what_is_wrong_with_a_name_or_a_room_is_said_before_the_room() {
    let mut anna = Anna::new();
    anna.wants(Intent::OpenRoom { room: "a room".to_owned(), devices: Devices::default() });
    assert_eq!(lobby(&anna).problem, Some(LobbyProblem::Room(RoomRefusal::Name)));
    anna.wants(Intent::JoinRoom { name: "Anna".to_owned() });
    assert_eq!(anna.effects, []);

    let mut anna = before_room();
    anna.wants(Intent::JoinRoom { name: "  ".to_owned() });
    let problem = LobbyProblem::Name { name: String::new(), reason: LoginRefusal::Empty };
    assert_eq!(lobby(&anna).problem, Some(problem));

    for (reason, problem) in [
        ("room-full", LobbyProblem::Room(RoomRefusal::Full)),
        ("room-name", LobbyProblem::Room(RoomRefusal::Name)),
        ("server-full", LobbyProblem::Name { name: "Anna".to_owned(), reason: LoginRefusal::ServerFull }),
    ] {
        let mut anna = joining();
        anna.hears(&format!(r#"{{"type":"login","success":false,"reason":"{reason}"}}"#));
        assert_eq!((lobby(&anna).problem, lobby(&anna).joining), (Some(problem), false));
    }

    let mut anna = Anna::home();
    anna.wants(Intent::OpenRoom { room: "den".to_owned(), devices: Devices::default() });
    anna.wants(Intent::JoinRoom { name: String::new() });
    anna.hears(r#"{"type":"room","room":"den","success":false,"reason":"full"}"#);
    assert_eq!(lobby(&anna).problem, Some(LobbyProblem::Room(RoomRefusal::Full)));
    anna.link(SignalingEvent::Closed);
    anna.wants(Intent::JoinRoom { name: String::new() });
    assert_eq!(lobby(&anna).problem, Some(LobbyProblem::Offline));
}

#[test]
fn the_newcomer_calls_and_the_others_wait_for_the_offer() {
    let anna = inside(&called(BOB));
    assert_eq!(created(&anna), 1);

    let mut anna = inside("");
    anna.hears(&BOB.replacen('{', r#"{"type":"joined","#, 1));
    assert_eq!(created(&anna), 0);
    assert_eq!(meeting(&anna).others[0].name, "Bob");
    anna.hears(r#"{"type":"offer","name":"guest-b","call":"c1","offer":{"type":"offer","sdp":"x"}}"#);
    assert_eq!(created(&anna), 1);
    let lines = meeting(&anna).conversation;
    assert_eq!(lines.lines()[0].body, Body::Joined);
    assert_eq!(lines.lines()[0].author, Author::Other("Bob".into()));
}

#[test]
fn who_rings_somebody_in_a_room_is_told_that_they_are_busy() {
    let mut anna = inside("");
    anna.hears(r#"{"type":"offer","name":"Cleo","call":"x9","offer":{"type":"offer","sdp":"x"}}"#);
    assert!(anna.last_said().contains(r#""name":"Cleo","call":"x9","reason":"busy""#));
    assert!(matches!(meeting(&anna).kind, MeetingKind::Room { missed: Some(name), .. } if name == "Cleo"));
    anna.wants(Intent::DismissNotice);
    assert!(matches!(meeting(&anna).kind, MeetingKind::Room { missed: None, .. }));
}

#[test]
fn a_connection_beyond_repair_is_made_anew_and_no_line_is_lost() {
    let mut anna = with_bob();
    anna.wants(Intent::Send { text: "one".to_owned(), reply: None });
    anna.peer(PeerEvent::Connection(ConnectionState::Failed));
    let failed = ConnectionView::Failed(NoPath::NoCandidates(Side::Both));
    for _ in 0..200 {
        if meeting(&anna).others[0].connection != failed {
            anna.passes(500);
        }
    }
    assert_eq!(meeting(&anna).others[0].connection, failed);
    anna.wants(Intent::Send { text: "two".to_owned(), reply: None });
    anna.passes(1_000);
    assert!(anna.last_said().contains(r#"{"type":"reconnect","name":"guest-b","call":"c1""#));
    // What is late of the old connection is of no consequence.
    anna.hears(r#"{"type":"offer","name":"guest-b","call":"c1","offer":{"type":"offer","sdp":"x"}}"#);
    assert_eq!(created(&anna), 1);
    anna.hears(r#"{"type":"joined","name":"guest-b","displayName":"Bob","call":"c2","caller":true}"#);
    assert_eq!(created(&anna), 2);
    anna.peer(PeerEvent::Connection(ConnectionState::Connected));
    anna.effects.clear();
    let id = meeting(&anna).others[0].peer_connection.expect("a connection");
    let event = PeerEvent::ChannelOpen { max_message_bytes: 16_384 };
    anna.input(tincan_session::Input::Peer { id, event });
    let lines: Vec<&Effect> = anna.effects.iter().filter(|it| format!("{it:?}").contains("line")).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(meeting(&anna).others[0].connection, ConnectionView::Connected);
}

#[test]
fn who_leaves_is_gone_and_what_they_never_got_is_not_waited_for() {
    let mut anna = with_bob();
    anna.wants(Intent::Send { text: "one".to_owned(), reply: None });
    anna.hears(r#"{"type":"left","name":"guest-b","call":"c0"}"#);
    assert_eq!(meeting(&anna).others.len(), 1, "it was another time together");
    anna.hears(r#"{"type":"left","name":"guest-b","call":"c1","reason":"hangup"}"#);
    let meeting = meeting(&anna);
    assert!(meeting.others.is_empty());
    let lines = meeting.conversation.lines();
    assert_eq!(lines[0].body, Body::NothingEarlier);
    assert_eq!((lines[1].delivery(), &lines[2].body), (Delivery::Unsent, &Body::Left));
    anna.assert_released();
}

#[test]
fn a_guest_who_leaves_stands_before_the_room_and_nothing_is_open() {
    let mut anna = with_bob();
    anna.wants(Intent::SetCamera(true));
    anna.captures(Ok(()), Ok(()));
    anna.wants(Intent::LeaveRoom);
    let lobby = lobby(&anna);
    assert!(lobby.left && lobby.me.is_none());
    assert_eq!(lobby.local.camera, DeviceView::Off);
    anna.assert_released();
    anna.wants(Intent::LeaveRoom);
    assert_eq!(anna.screen(), Screen::Start { signing_in: false, problem: None });
}

#[test]
fn a_server_that_has_forgotten_the_room_is_asked_again() {
    let mut anna = with_bob();
    anna.wants(Intent::Send { text: "one".to_owned(), reply: None });
    anna.link(SignalingEvent::Closed);
    // However long it takes: the others are still there.
    anna.passes(60_000);
    assert_eq!(meeting(&anna).others.len(), 1);
    anna.link_opens();
    anna.hears(r#"{"type":"login","success":true,"name":"guest-z","displayName":"Anna","resume":"u"}"#);
    assert!(matches!(meeting(&anna).kind, MeetingKind::Room { returning: true, .. }));
    anna.hears(
        r#"{"type":"room","room":"den","success":true,"limit":8,
            "members":[{"name":"guest-y","displayName":"Bob","call":"c9"}]}"#,
    );
    let meeting = meeting(&anna);
    assert!(matches!(meeting.kind, MeetingKind::Room { returning: false, .. }));
    assert_eq!((meeting.others.len(), meeting.conversation.lines().len()), (1, 2));
}

#[test]
fn a_guest_gives_way_to_who_has_signed_in_with_the_name() {
    let mut anna = inside(&called(BOB));
    anna.hears(r#"{"type":"renamed","name":"guest-a","displayName":"Anna 2"}"#);
    anna.hears(r#"{"type":"renamed","name":"guest-b","displayName":"Bob 2"}"#);
    let meeting = meeting(&anna);
    assert_eq!((&*meeting.me, &*meeting.others[0].name), ("Anna 2", "Bob 2"));
    assert_eq!(meeting.conversation.lines()[1].body, Body::Renamed("Bob 2".into()));
}

fn limits(anna: &Anna) -> Vec<SendLimits> {
    let limits = anna.effects.iter().filter_map(|effect| match effect {
        Effect::Peer { effect: PeerEffect::SetSending { device: Device::Camera, limits }, .. } => {
            Some(*limits)
        }
        _ => None,
    });
    limits.collect()
}

#[test]
fn the_more_there_are_and_the_smaller_they_show_it_the_less_is_sent() {
    let mut anna = with_bob();
    anna.wants(Intent::SetCamera(true));
    anna.captures(Ok(()), Ok(()));
    assert_eq!(limits(&anna).last().map(|it| (it.active, it.max_height)), Some((true, 720)));
    for (text, height) in [
        (r#"{"t":"shows","camera":"small","screen":"none"}"#, (true, 360)),
        (r#"{"t":"shows","camera":"none","screen":"none"}"#, (false, 180)),
        (r#"{"t":"shows","camera":"large","screen":"none"}"#, (true, 720)),
    ] {
        anna.peer(PeerEvent::ChannelMessage(text.to_owned()));
        assert_eq!(limits(&anna).last().map(|it| (it.active, it.max_height)), Some(height));
    }
    for (number, height) in [(1, 480), (2, 480), (3, 360), (4, 360)] {
        anna.hears(&format!(
            r#"{{"type":"joined","name":"guest-{number}","displayName":"{number}","call":"d{number}"}}"#
        ));
        assert_eq!(limits(&anna).last().map(|it| it.max_height), Some(height), "{number}");
    }
}

#[test]
fn the_others_are_told_how_large_they_are_shown() {
    let mut anna = with_bob();
    let id = meeting(&anna).others[0].peer_connection.expect("a connection");
    let shown = Shown { peer_connection: id, camera: PictureSize::Small, screen: PictureSize::None };
    anna.wants(Intent::Show(vec![shown]));
    let told = PeerEffect::SendText(r#"{"t":"shows","camera":"small","screen":"none"}"#.to_owned());
    assert_eq!(anna.effects.last(), Some(&Effect::Peer { id, effect: told }));
    let before = anna.effects.len();
    anna.wants(Intent::Show(vec![shown]));
    assert_eq!(anna.effects.len(), before);
}

#[test]
fn a_screen_is_shown_beside_the_camera_and_stopped_from_the_browsers_bar() {
    let mut anna = with_bob();
    anna.wants(Intent::SetScreen(true));
    anna.captures_screen(Ok(()));
    assert!(matches!(meeting(&anna).local.screen, DeviceView::On { .. }));
    let sent = |anna: &Anna, device| {
        anna.effects.iter().rev().find_map(|effect| match effect {
            Effect::Peer { effect: PeerEffect::SetTrack { device: of, track }, .. } if *of == device => {
                Some(*track)
            }
            _ => None,
        })
    };
    let track = TrackId { device: Device::Screen, capture: CaptureId(1) };
    assert_eq!(sent(&anna, Device::Screen), Some(Some(track)));
    assert_eq!(
        sent(&anna, Device::ScreenAudio),
        Some(Some(TrackId { device: Device::ScreenAudio, ..track }))
    );
    anna.input(tincan_session::Input::TrackEnded(track));
    assert_eq!(meeting(&anna).local.screen, DeviceView::Off);
    assert_eq!(sent(&anna, Device::Screen), Some(None));
    assert_eq!(sent(&anna, Device::ScreenAudio), Some(None));
    // A user who changes their mind shows nothing.
    anna.wants(Intent::SetScreen(true));
    anna.captures_screen(Err(DeviceError::Denied));
    assert_eq!(meeting(&anna).local.screen, DeviceView::Failed(DeviceError::Denied));
}

#[test]
fn who_is_told_anew_who_is_there_keeps_what_connects_them() {
    let member = |address: &str, call: &str| {
        format!(r#"{{"name":"{address}","displayName":"{address}","call":"{call}","caller":false}}"#)
    };
    let room = |members: &[String]| {
        format!(
            r#"{{"type":"room","room":"den","success":true,"limit":8,"members":[{}]}}"#,
            members.join(",")
        )
    };
    let mut anna = inside("");
    for call in [member("Bob", "b1"), member("Cleo", "c1"), member("Dan", "d1")] {
        anna.hears(&call.replacen('{', r#"{"type":"joined","#, 1));
    }
    let ids: Vec<_> = meeting(&anna).others.iter().map(|other| other.address.clone()).collect();
    assert_eq!(ids, ["Bob", "Cleo", "Dan"]);
    anna.hears(r#"{"type":"offer","name":"Bob","call":"b1","offer":{"type":"offer","sdp":"x"}}"#);
    assert_eq!(created(&anna), 1);
    let before = meeting(&anna).others[0].peer_connection;
    // Cleo has gone, Dan begins anew, and Eve has come.
    anna.hears(&room(&[member("Bob", "b1"), member("Dan", "d2"), member("Eve", "e1")]));
    let others = meeting(&anna).others;
    let names: Vec<_> = others.iter().map(|other| &*other.address).collect();
    assert_eq!(names, ["Bob", "Dan", "Eve"]);
    assert!(before.is_some() && others[0].peer_connection == before);
    let bodies: Vec<_> = meeting(&anna).conversation.lines().iter().map(|line| line.body.clone()).collect();
    assert!(bodies.ends_with(&[Body::Left, Body::Joined]), "{bodies:?}");
    // Bob has left and come again, so that he knows nothing of what was said to him.
    let again = member("Bob", "b2").replace("false", r#"false,"stay":7"#);
    anna.hears(&room(&[again, member("Dan", "d2"), member("Eve", "e1")]));
    let names: Vec<_> = meeting(&anna).others.iter().map(|other| other.address.clone()).collect();
    assert_eq!(names, ["Dan", "Eve", "Bob"]);
    assert!(meeting(&anna).others[2].peer_connection.is_none());
    for (name, call) in [("Dan", "d2"), ("Eve", "e1")] {
        let offer = r#"{"type":"offer","name":"NAME","call":"ID","offer":{"type":"offer","sdp":"x"}}"#;
        anna.hears(&offer.replace("NAME", name).replace("ID", call));
    }
    assert_eq!(created(&anna), 3);
}
