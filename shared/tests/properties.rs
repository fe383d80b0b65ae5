//! Every message that is encoded decodes to the same message, and no text makes decoding panic.
#![allow(clippy::unwrap_used)] // A test may.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use tincan_shared::{
    CallId, Claim, ClientMessage, Description, DescriptionKind, ErrorCode, FileNotice, Frame, IceCandidate,
    IceServer, LeaveReason, Login, LoginAnswer, LoginRefusal, MAX_NAME_CHARS, MAX_ROOM_NAME_CHARS, Name,
    Resume, RoomAnswer, RoomMember, RoomName, RoomRefusal, ServerMessage, decode_client, decode_server,
};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,20}", any::<String>()]
}

fn call_id() -> impl Strategy<Value = CallId> {
    "[a-zA-Z0-9_-]{1,64}".prop_map(|text| CallId::parse(text).unwrap())
}

fn call() -> impl Strategy<Value = Option<CallId>> {
    prop::option::of(call_id())
}

fn description() -> impl Strategy<Value = Description> {
    (prop::sample::select(vec![DescriptionKind::Offer, DescriptionKind::Answer]), text())
        .prop_map(|(kind, sdp)| Description { kind, sdp })
}

fn candidate() -> impl Strategy<Value = Option<IceCandidate>> {
    let fields = (text(), prop::option::of(text()), any::<Option<u16>>(), prop::option::of(text()));
    prop::option::of(fields.prop_map(|(candidate, sdp_mid, sdp_m_line_index, username_fragment)| {
        IceCandidate { candidate, sdp_mid, sdp_m_line_index, username_fragment }
    }))
}

fn leave_reason() -> impl Strategy<Value = Option<LeaveReason>> {
    use LeaveReason::*;
    prop::option::of(prop::sample::select(vec![
        Declined,
        Busy,
        NoAnswer,
        Unavailable,
        Yourself,
        Cancelled,
        Hangup,
        Lost,
        Failed,
        Other,
    ]))
}

fn files() -> impl Strategy<Value = Option<FileNotice>> {
    let notice = (text(), any::<u32>(), any::<u64>()).prop_map(|(name, count, bytes)| FileNotice {
        name,
        count,
        bytes,
    });
    prop::option::of(notice)
}

fn login() -> impl Strategy<Value = Login> {
    let resume = prop_oneof![any::<bool>().prop_map(Resume::Ask), text().prop_map(Resume::Token)];
    let calls = prop::collection::vec(claim(), 0..4);
    (
        text(),
        prop::option::of(text()),
        prop::option::of(resume),
        any::<u64>(),
        any::<Option<u32>>(),
        calls,
        prop::option::of(text()),
    )
        .prop_map(|(name, room, resume, received, version, calls, ticket)| Login {
            name,
            room,
            resume,
            received,
            version,
            calls,
            ticket,
        })
}

fn claim() -> impl Strategy<Value = Claim> {
    (text(), call_id()).prop_map(|(name, call)| Claim { name, call })
}

fn client_message() -> impl Strategy<Value = ClientMessage> {
    prop_oneof![
        login().prop_map(ClientMessage::Login),
        (text(), description(), call(), files(), any::<Option<u64>>()).prop_map(
            |(name, offer, call, files, stream)| ClientMessage::Offer { name, offer, call, files, stream }
        ),
        (text(), description(), call(), any::<Option<u64>>())
            .prop_map(|(name, answer, call, stream)| ClientMessage::Answer { name, answer, call, stream }),
        (text(), candidate(), call()).prop_map(|(name, candidate, call)| ClientMessage::Candidate {
            name,
            candidate,
            call
        }),
        (prop::option::of(text()), call(), leave_reason())
            .prop_map(|(name, call, reason)| ClientMessage::Leave { name, call, reason }),
        text().prop_map(|room| ClientMessage::Join { room }),
        Just(ClientMessage::LeaveRoom),
        (text(), call_id()).prop_map(|(name, call)| ClientMessage::Reconnect { name, call }),
        (text(), call_id(), text()).prop_map(|(name, call, signal)| ClientMessage::Signal {
            name,
            call,
            signal
        }),
        claim().prop_map(ClientMessage::Claim),
        Just(ClientMessage::Ping),
    ]
}

fn member() -> impl Strategy<Value = RoomMember> {
    (text(), text(), call_id(), any::<bool>(), any::<u64>()).prop_map(
        |(name, display_name, call, caller, stay)| RoomMember { name, display_name, call, caller, stay },
    )
}

fn room_answer() -> impl Strategy<Value = RoomAnswer> {
    use RoomRefusal::*;
    let reason = prop::option::of(prop::sample::select(vec![Full, Name, Elsewhere, TooMany, Other]));
    let members = prop::collection::vec(member(), 0..4);
    (text(), any::<bool>(), reason, any::<Option<usize>>(), members).prop_map(
        |(room, success, reason, limit, members)| {
            // Only a receiver who is in the room is told the members.
            let members = if success { members } else { Vec::new() };
            RoomAnswer { room, success, reason, limit, members }
        },
    )
}

fn login_answer() -> impl Strategy<Value = LoginAnswer> {
    use LoginRefusal::*;
    let refusal = prop::sample::select(vec![
        InUse,
        Empty,
        TooLong,
        ControlCharacter,
        ServerFull,
        Confusable,
        TooMany,
        RoomFull,
        RoomName,
        Other,
    ]);
    let server = (prop::collection::vec(text(), 0..3), prop::option::of(text()), prop::option::of(text()))
        .prop_map(|(urls, username, credential)| IceServer { urls, username, credential });
    (
        any::<bool>(),
        prop::option::of(text()),
        prop::option::of(text()),
        prop::option::of(refusal),
        prop::option::of(text()),
        any::<bool>(),
        any::<u64>(),
        prop::collection::vec(server, 0..3),
        any::<Option<u32>>(),
    )
        .prop_map(
            |(success, name, display_name, reason, resume, resumed, received, ice_servers, version)| {
                LoginAnswer {
                    success,
                    name,
                    display_name,
                    reason,
                    resume,
                    resumed,
                    received,
                    ice_servers,
                    version,
                    ticket: None,
                }
            },
        )
}

fn server_message() -> impl Strategy<Value = ServerMessage> {
    use ErrorCode::*;
    let code = prop::sample::select(vec![
        NotJson,
        NotAnObject,
        BadMessage,
        UnknownType,
        TooLarge,
        Binary,
        LoginFirst,
        AlreadySignedIn,
        Unavailable,
        NotInRoom,
        QueueFull,
        TooFast,
        OutOfOrder,
        Replaced,
        Other,
    ]);
    let name = || prop::option::of(text());
    prop_oneof![
        login_answer().prop_map(ServerMessage::Login),
        (description(), text(), call(), files(), any::<Option<u64>>()).prop_map(
            |(offer, name, call, files, stream)| ServerMessage::Offer { offer, name, call, files, stream }
        ),
        (description(), name(), call(), any::<Option<u64>>())
            .prop_map(|(answer, name, call, stream)| ServerMessage::Answer { answer, name, call, stream }),
        (candidate(), name(), call()).prop_map(|(candidate, name, call)| ServerMessage::Candidate {
            candidate,
            name,
            call
        }),
        (name(), call(), leave_reason()).prop_map(|(name, call, reason)| ServerMessage::Leave {
            name,
            call,
            reason
        }),
        (text(), call_id()).prop_map(|(name, call)| ServerMessage::Ringing { name, call }),
        (text(), call_id(), text()).prop_map(|(name, call, signal)| ServerMessage::Signal {
            name,
            call,
            signal
        }),
        (text(), call_id()).prop_map(|(name, call)| ServerMessage::Reachable { name, call }),
        room_answer().prop_map(ServerMessage::Room),
        member().prop_map(ServerMessage::Joined),
        (text(), call_id(), leave_reason()).prop_map(|(name, call, reason)| ServerMessage::Left {
            name,
            call,
            reason
        }),
        (text(), text()).prop_map(|(name, display_name)| ServerMessage::Renamed { name, display_name }),
        (text(), prop::option::of(code), call()).prop_map(|(message, code, call)| ServerMessage::Error {
            message,
            code,
            call
        }),
        Just(ServerMessage::Pong),
    ]
}

/// JSON whose keys and values are often those of messages.
fn near_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "login",
            "offer",
            "answer",
            "candidate",
            "leave",
            "join",
            "leave-room",
            "reconnect",
            "signal",
            "claim",
            "reachable",
            "room",
            "joined",
            "left",
            "renamed",
            "ping",
            "pong",
            "error",
            "x"
        ])
        .prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "type",
        "name",
        "displayName",
        "room",
        "members",
        "caller",
        "stay",
        "limit",
        "call",
        "calls",
        "signal",
        "offer",
        "answer",
        "candidate",
        "reason",
        "resume",
        "resumed",
        "received",
        "version",
        "success",
        "iceServers",
        "message",
        "code",
        "seq",
        "ack",
        "sdp",
        "urls",
        "x",
    ]);
    leaf.prop_recursive(3, 24, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..8)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn decode_everything(text: &str) {
    let _ = decode_client::<Description, IceCandidate>(text);
    let _ = decode_server::<Description, IceCandidate>(text);
    let _ = decode_client::<&RawValue, &RawValue>(text);
    let _ = decode_server::<&RawValue, &RawValue>(text);
}

proptest! {
    #[test]
    fn a_clients_frame_arrives(message in client_message(), seq: Option<u64>, ack: Option<u64>) {
        let frame = Frame { message, seq, ack };
        prop_assert_eq!(decode_client(&frame.encode()), Ok(frame));
    }

    #[test]
    fn a_servers_frame_arrives(message in server_message(), seq: Option<u64>, ack: Option<u64>) {
        let frame = Frame { message, seq, ack };
        prop_assert_eq!(decode_server(&frame.encode()), Ok(frame));
    }

    /// The server decodes with raw payloads, and encodes again.
    #[test]
    fn raw_payloads_are_passed_on_untouched(name in text(), payload in near_json(), call in call()) {
        let text = serde_json::to_string_pretty(&payload).unwrap();
        let frame = Frame::plain(ClientMessage::<&RawValue, &RawValue>::Candidate {
            name,
            candidate: Some(serde_json::from_str(&text).unwrap()),
            call,
        });
        let encoded = frame.encode();
        let decoded = decode_client::<&RawValue, &RawValue>(&encoded).unwrap();
        let ClientMessage::Candidate { candidate, .. } = decoded.message else { unreachable!() };
        if let Some(candidate) = candidate {
            prop_assert_eq!(candidate.get(), text);
        } else {
            prop_assert_eq!(text, "null");
        }
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        decode_everything(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_json_does_no_harm(value in near_json()) {
        decode_everything(&value.to_string());
    }

    #[test]
    fn half_a_frame_does_no_harm(message in server_message(), cut: prop::sample::Index) {
        let text = Frame::plain(message).encode();
        let half: String = text.chars().take(cut.index(text.chars().count())).collect();
        decode_everything(&half);
    }

    #[test]
    fn a_name_is_short_trimmed_and_stays_what_it_is(text in text()) {
        if let Ok(name) = Name::parse(&text) {
            prop_assert!(!name.as_str().is_empty() && name.as_str().chars().count() <= MAX_NAME_CHARS);
            prop_assert_eq!(Name::parse(name.as_str()), Ok(name));
        }
    }

    #[test]
    fn a_rooms_name_is_short_trimmed_and_stays_what_it_is(text in text()) {
        if let Ok(name) = RoomName::parse(&text) {
            prop_assert!(!name.as_str().is_empty() && name.as_str().chars().count() <= MAX_ROOM_NAME_CHARS);
            prop_assert_eq!(RoomName::parse(name.as_str()), Ok(name));
        }
    }
}
