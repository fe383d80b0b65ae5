//! The JSON of every message, as it is on the wire. The plain ones come first: they are those of the classic
//! tutorials, whose clients depend on them.
#![allow(clippy::unwrap_used)] // A test may.

use serde_json::{Value, json};
use tincan_shared::{
    CallId, Claim, ClientMessage, Description, DescriptionKind, ErrorCode, FileNotice, Frame, IceCandidate,
    IceServer, LeaveReason, Login, LoginAnswer, LoginRefusal, MAX_CLAIMS, Resume, RoomAnswer, RoomMember,
    RoomRefusal, ServerMessage, Signal, StreamMessage, decode_client, decode_server, decode_signal,
};

fn call() -> Option<CallId> {
    CallId::parse("c-1").ok()
}

fn notice() -> Option<FileNotice> {
    Some(FileNotice { name: "a.png".to_owned(), count: 2, bytes: 5 })
}

fn offer() -> Description {
    Description { kind: DescriptionKind::Offer, sdp: "v=0\r\n".to_owned() }
}

fn answer() -> Description {
    Description { kind: DescriptionKind::Answer, sdp: "v=0\r\n".to_owned() }
}

fn candidate() -> IceCandidate {
    IceCandidate {
        candidate: "candidate:1".to_owned(),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    }
}

fn candidate_json() -> Value {
    json!({"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": null})
}

fn name() -> String {
    "Bob".to_owned()
}

fn client(message: ClientMessage, json: Value) {
    let frame = Frame::plain(message);
    assert_eq!(serde_json::from_str::<Value>(&frame.encode()).unwrap(), json);
    assert_eq!(decode_client(&json.to_string()), Ok(frame));
}

fn server(message: ServerMessage, json: Value) {
    let frame = Frame::plain(message);
    assert_eq!(serde_json::from_str::<Value>(&frame.encode()).unwrap(), json);
    assert_eq!(decode_server(&json.to_string()), Ok(frame));
}

#[test]
fn what_a_classic_client_says() {
    let login = Login { name: name(), ..Login::default() };
    client(ClientMessage::Login(login), json!({"type": "login", "name": "Bob"}));
    client(
        ClientMessage::Offer { name: name(), offer: offer(), call: None, files: None, stream: None },
        json!({"type": "offer", "name": "Bob", "offer": {"type": "offer", "sdp": "v=0\r\n"}}),
    );
    client(
        ClientMessage::Answer { name: name(), answer: answer(), call: None, stream: None },
        json!({"type": "answer", "name": "Bob", "answer": {"type": "answer", "sdp": "v=0\r\n"}}),
    );
    client(
        ClientMessage::Candidate { name: name(), candidate: Some(candidate()), call: None },
        json!({"type": "candidate", "name": "Bob", "candidate": candidate_json()}),
    );
    client(
        ClientMessage::Candidate { name: name(), candidate: None, call: None },
        json!({"type": "candidate", "name": "Bob", "candidate": null}),
    );
    client(
        ClientMessage::Leave { name: Some(name()), call: None, reason: None },
        json!({"type": "leave", "name": "Bob"}),
    );
    client(ClientMessage::Leave { name: None, call: None, reason: None }, json!({"type": "leave"}));
}

#[test]
fn what_a_classic_client_hears() {
    let accepted = LoginAnswer { success: true, ..LoginAnswer::default() };
    server(ServerMessage::Login(accepted), json!({"type": "login", "success": true}));
    server(ServerMessage::Login(LoginAnswer::default()), json!({"type": "login", "success": false}));
    server(
        ServerMessage::Offer { offer: offer(), name: name(), call: None, files: None, stream: None },
        json!({"type": "offer", "offer": {"type": "offer", "sdp": "v=0\r\n"}, "name": "Bob"}),
    );
    server(
        ServerMessage::Answer { answer: answer(), name: None, call: None, stream: None },
        json!({"type": "answer", "answer": {"type": "answer", "sdp": "v=0\r\n"}}),
    );
    server(
        ServerMessage::Candidate { candidate: Some(candidate()), name: None, call: None },
        json!({"type": "candidate", "candidate": candidate_json()}),
    );
    server(
        ServerMessage::Candidate { candidate: None, name: None, call: None },
        json!({"type": "candidate", "candidate": null}),
    );
    server(ServerMessage::Leave { name: None, call: None, reason: None }, json!({"type": "leave"}));
    server(
        ServerMessage::Error { message: "Command not found: x".to_owned(), code: None, call: None },
        json!({"type": "error", "message": "Command not found: x"}),
    );
}

#[test]
fn what_our_client_adds() {
    for (resume, json) in [
        (Resume::Ask(true), json!(true)),
        (Resume::Ask(false), json!(false)),
        (Resume::Token("t".to_owned()), json!("t")),
    ] {
        let login =
            Login { name: name(), resume: Some(resume), received: 7, version: Some(1), ..Login::default() };
        client(
            ClientMessage::Login(login),
            json!({"type": "login", "name": "Bob", "resume": json, "received": 7, "version": 1}),
        );
    }
    client(
        ClientMessage::Offer { name: name(), offer: offer(), call: call(), files: notice(), stream: None },
        json!({"type": "offer", "name": "Bob", "offer": {"type": "offer", "sdp": "v=0\r\n"}, "call": "c-1",
            "files": {"name": "a.png", "count": 2, "bytes": 5}}),
    );
    client(
        ClientMessage::Answer { name: name(), answer: answer(), call: call(), stream: None },
        json!({"type": "answer", "name": "Bob", "answer": {"type": "answer", "sdp": "v=0\r\n"},
            "call": "c-1"}),
    );
    client(
        ClientMessage::Candidate { name: name(), candidate: Some(candidate()), call: call() },
        json!({"type": "candidate", "name": "Bob", "candidate": candidate_json(), "call": "c-1"}),
    );
    client(
        ClientMessage::Leave { name: Some(name()), call: call(), reason: Some(LeaveReason::NoAnswer) },
        json!({"type": "leave", "name": "Bob", "call": "c-1", "reason": "no-answer"}),
    );
    client(ClientMessage::Ping, json!({"type": "ping"}));
}

#[test]
fn what_our_client_hears_besides() {
    let ice = IceServer {
        urls: vec!["turn:turn.example".to_owned()],
        username: Some("u".to_owned()),
        credential: Some("c".to_owned()),
    };
    let accepted = LoginAnswer {
        success: true,
        name: Some(name()),
        display_name: None,
        reason: None,
        resume: Some("t".to_owned()),
        resumed: true,
        received: 3,
        ice_servers: vec![ice],
        version: Some(1),
        ticket: None,
    };
    server(
        ServerMessage::Login(accepted),
        json!({"type": "login", "success": true, "name": "Bob", "resume": "t", "resumed": true, "received": 3,
            "iceServers": [{"urls": ["turn:turn.example"], "username": "u", "credential": "c"}],
            "version": 1}),
    );
    server(
        ServerMessage::Answer { answer: answer(), name: Some(name()), call: call(), stream: None },
        json!({"type": "answer", "answer": {"type": "answer", "sdp": "v=0\r\n"}, "name": "Bob",
            "call": "c-1"}),
    );
    server(
        ServerMessage::Candidate { candidate: None, name: Some(name()), call: call() },
        json!({"type": "candidate", "candidate": null, "name": "Bob", "call": "c-1"}),
    );
    server(
        ServerMessage::Leave { name: Some(name()), call: call(), reason: Some(LeaveReason::Lost) },
        json!({"type": "leave", "name": "Bob", "call": "c-1", "reason": "lost"}),
    );
    server(
        ServerMessage::Ringing { name: name(), call: CallId::parse("c-1").unwrap() },
        json!({"type": "ringing", "name": "Bob", "call": "c-1"}),
    );
    server(
        ServerMessage::Error { message: "m".to_owned(), code: Some(ErrorCode::QueueFull), call: call() },
        json!({"type": "error", "message": "m", "code": "queue-full", "call": "c-1"}),
    );
    server(ServerMessage::Pong, json!({"type": "pong"}));
}

#[test]
fn what_goes_past_the_data_channel() {
    let call = || CallId::parse("c-1").unwrap();
    let signal = || r#"{"t":"signal"}"#.to_owned();
    client(
        ClientMessage::Signal { name: name(), call: call(), signal: signal() },
        json!({"type": "signal", "name": "Bob", "call": "c-1", "signal": "{\"t\":\"signal\"}"}),
    );
    server(
        ServerMessage::Signal { name: name(), call: call(), signal: signal() },
        json!({"type": "signal", "name": "Bob", "call": "c-1", "signal": "{\"t\":\"signal\"}"}),
    );
}

#[test]
fn what_two_browsers_say_about_their_connection() {
    let said = |signal, seq, ack| Frame { message: StreamMessage { stream: 5, signal }, seq, ack };
    for (frame, rest) in [
        (
            said(Signal::Description(offer()), Some(3), Some(2)),
            json!({"seq": 3, "ack": 2, "description": {"type": "offer", "sdp": "v=0\r\n"}}),
        ),
        (
            said(Signal::Candidate(Some(candidate())), Some(3), None),
            json!({"seq": 3, "candidate": candidate_json()}),
        ),
        (said(Signal::Candidate(None), Some(3), None), json!({"seq": 3, "candidate": null})),
        (said(Signal::Restart, Some(3), None), json!({"seq": 3, "do": "restart"})),
        (said(Signal::Away, Some(3), None), json!({"seq": 3, "do": "away"})),
        (said(Signal::Leave(LeaveReason::Hangup), Some(3), None), json!({"seq": 3, "leave": "hangup"})),
        (said(Signal::Ping, None, Some(2)), json!({"ack": 2, "do": "ping"})),
        (said(Signal::Pong, None, Some(2)), json!({"ack": 2, "do": "pong"})),
        (said(Signal::Nothing, None, Some(2)), json!({"ack": 2})),
    ] {
        let mut json = json!({"t": "signal", "stream": 5});
        json.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        let text = frame.encode();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json);
        assert_eq!(decode_signal(&text), Some(frame));
    }
    for later in [r#""new":1"#, r#""do":"dance""#, r#""description":7"#] {
        let text = format!(r#"{{"t":"signal","stream":5,"seq":3,{later}}}"#);
        assert_eq!(decode_signal(&text), Some(said(Signal::Nothing, Some(3), None)), "it has its number");
    }
    assert_eq!(decode_signal(r#"{"t":"signal"}"#), None);
}

#[test]
fn what_is_said_of_calls_that_go_on() {
    let claim = || Claim { name: name(), call: CallId::parse("c-1").unwrap() };
    let login = Login { name: "Anna".to_owned(), calls: vec![claim()], ..Login::default() };
    client(
        ClientMessage::Login(login),
        json!({"type": "login", "name": "Anna", "calls": [{"name": "Bob", "call": "c-1"}]}),
    );
    client(ClientMessage::Claim(claim()), json!({"type": "claim", "name": "Bob", "call": "c-1"}));
    let login = Login { name: name(), ticket: Some("1.ab".to_owned()), ..Login::default() };
    client(ClientMessage::Login(login), json!({"type": "login", "name": "Bob", "ticket": "1.ab"}));
    let answer = LoginAnswer { success: true, ticket: Some("1.ab".to_owned()), ..LoginAnswer::default() };
    server(ServerMessage::Login(answer), json!({"type": "login", "success": true, "ticket": "1.ab"}));
    let Claim { name, call } = claim();
    server(
        ServerMessage::Reachable { name, call },
        json!({"type": "reachable", "name": "Bob", "call": "c-1"}),
    );
}

#[test]
fn a_claim_that_is_none_takes_no_login_with_it() {
    let text = r#"{"type":"login","name":"Anna","calls":[7,{"name":"Bob"},{"name":"Bob","call":"c-1"}]}"#;
    let Ok(Frame { message: ClientMessage::<Description>::Login(login), .. }) = decode_client(text) else {
        panic!("no login")
    };
    assert_eq!(login.calls.len(), 1);
    let many = vec![r#"{"name":"Bob","call":"c"}"#; 100].join(",");
    let text = format!(r#"{{"type":"login","name":"Anna","calls":[{many}]}}"#);
    let Ok(Frame { message: ClientMessage::<Description>::Login(login), .. }) = decode_client(&text) else {
        panic!("no login")
    };
    assert_eq!(login.calls.len(), MAX_CLAIMS);
}

#[test]
fn what_is_said_of_rooms() {
    let room = || "Standup".to_owned();
    let guest = || "guest-000102030405060708090a0b0c0d0e0f".to_owned();
    let login = Login { name: name(), room: Some(room()), ..Login::default() };
    client(ClientMessage::Login(login), json!({"type": "login", "name": "Bob", "room": "Standup"}));
    client(ClientMessage::Join { room: room() }, json!({"type": "join", "room": "Standup"}));
    client(ClientMessage::LeaveRoom, json!({"type": "leave-room"}));
    client(
        ClientMessage::Reconnect { name: guest(), call: CallId::parse("c-1").unwrap() },
        json!({"type": "reconnect", "name": "guest-000102030405060708090a0b0c0d0e0f", "call": "c-1"}),
    );
}

#[test]
fn what_is_heard_of_rooms() {
    let room = || "Standup".to_owned();
    let guest = || "guest-000102030405060708090a0b0c0d0e0f".to_owned();
    let call = || CallId::parse("c-1").unwrap();
    let member = |caller| RoomMember {
        name: guest(),
        display_name: "Anna 2".to_owned(),
        call: call(),
        caller,
        stay: 7,
    };
    let accepted = LoginAnswer {
        success: true,
        name: Some(guest()),
        display_name: Some("Anna 2".to_owned()),
        ..LoginAnswer::default()
    };
    server(
        ServerMessage::Login(accepted),
        json!({"type": "login", "success": true, "name": "guest-000102030405060708090a0b0c0d0e0f",
            "displayName": "Anna 2"}),
    );
    let answer = |members| RoomAnswer { room: room(), success: true, reason: None, limit: Some(8), members };
    server(
        ServerMessage::Room(answer(Vec::new())),
        json!({"type": "room", "room": "Standup", "success": true, "limit": 8, "members": []}),
    );
    server(
        ServerMessage::Room(answer(vec![member(true), member(false)])),
        json!({"type": "room", "room": "Standup", "success": true, "limit": 8, "members": [
            {"name": "guest-000102030405060708090a0b0c0d0e0f", "displayName": "Anna 2", "call": "c-1",
                "caller": true, "stay": 7},
            {"name": "guest-000102030405060708090a0b0c0d0e0f", "displayName": "Anna 2", "call": "c-1",
                "caller": false, "stay": 7},
        ]}),
    );
    for (reason, word) in [
        (RoomRefusal::Full, "full"),
        (RoomRefusal::Name, "name"),
        (RoomRefusal::Elsewhere, "elsewhere"),
        (RoomRefusal::TooMany, "too-many"),
    ] {
        let refused = RoomAnswer {
            room: room(),
            success: false,
            reason: Some(reason),
            limit: Some(8),
            members: Vec::new(),
        };
        server(
            ServerMessage::Room(refused),
            json!({"type": "room", "room": "Standup", "success": false, "reason": word, "limit": 8}),
        );
    }
    for (caller, json) in [
        (
            true,
            json!({"type": "joined", "name": "guest-000102030405060708090a0b0c0d0e0f",
                "displayName": "Anna 2", "call": "c-1", "caller": true, "stay": 7}),
        ),
        (
            false,
            json!({"type": "joined", "name": "guest-000102030405060708090a0b0c0d0e0f",
                "displayName": "Anna 2", "call": "c-1", "stay": 7}),
        ),
    ] {
        server(ServerMessage::Joined(member(caller)), json);
    }
    server(
        ServerMessage::Left { name: name(), call: call(), reason: Some(LeaveReason::Hangup) },
        json!({"type": "left", "name": "Bob", "call": "c-1", "reason": "hangup"}),
    );
    server(
        ServerMessage::Renamed { name: guest(), display_name: "Anna 3".to_owned() },
        json!({"type": "renamed", "name": "guest-000102030405060708090a0b0c0d0e0f", "displayName": "Anna 3"}),
    );
}

#[test]
fn every_reason_and_code_has_its_word() {
    use {ErrorCode as E, LeaveReason as L, LoginRefusal as R};
    for (reason, word) in [
        (R::InUse, "in-use"),
        (R::Empty, "empty"),
        (R::TooLong, "too-long"),
        (R::ControlCharacter, "control-character"),
        (R::ServerFull, "server-full"),
        (R::Confusable, "confusable"),
        (R::TooMany, "too-many"),
        (R::RoomFull, "room-full"),
        (R::RoomName, "room-name"),
    ] {
        let refused = LoginAnswer { reason: Some(reason), ..LoginAnswer::default() };
        server(ServerMessage::Login(refused), json!({"type": "login", "success": false, "reason": word}));
    }
    for (reason, word) in [
        (L::Declined, "declined"),
        (L::Busy, "busy"),
        (L::NoAnswer, "no-answer"),
        (L::Unavailable, "unavailable"),
        (L::Yourself, "yourself"),
        (L::Cancelled, "cancelled"),
        (L::Hangup, "hangup"),
        (L::Lost, "lost"),
        (L::NoConnection, "no-connection"),
        (L::Failed, "failed"),
    ] {
        let leave = ServerMessage::Leave { name: None, call: None, reason: Some(reason) };
        server(leave, json!({"type": "leave", "reason": word}));
    }
    for (code, word) in [
        (E::NotJson, "not-json"),
        (E::NotAnObject, "not-an-object"),
        (E::BadMessage, "bad-message"),
        (E::UnknownType, "unknown-type"),
        (E::TooLarge, "too-large"),
        (E::Binary, "binary"),
        (E::LoginFirst, "login-first"),
        (E::AlreadySignedIn, "already-signed-in"),
        (E::Unavailable, "unavailable"),
        (E::NotInRoom, "not-in-room"),
        (E::QueueFull, "queue-full"),
        (E::TooFast, "too-fast"),
        (E::OutOfOrder, "out-of-order"),
        (E::Replaced, "replaced"),
    ] {
        let error = ServerMessage::Error { message: "m".to_owned(), code: Some(code), call: None };
        server(error, json!({"type": "error", "message": "m", "code": word}));
    }
}

#[test]
fn numbers_stand_beside_the_message() {
    let frame: Frame<ClientMessage> = Frame { message: ClientMessage::Ping, seq: Some(4), ack: Some(2) };
    assert_eq!(frame.encode(), r#"{"type":"ping","seq":4,"ack":2}"#);
    assert_eq!(decode_client(&frame.encode()), Ok(frame));
    let frame: Frame<ServerMessage> = Frame { message: ServerMessage::Pong, seq: None, ack: Some(2) };
    assert_eq!(frame.encode(), r#"{"type":"pong","ack":2}"#);
    assert_eq!(decode_server(&frame.encode()), Ok(frame));
}

#[test]
fn what_a_later_version_adds_does_no_harm() {
    let text = r#"{"new":{"x":[1]},"type":"leave","reason":"of the future","name":"Bob"}"#;
    let leave = ClientMessage::Leave { name: Some(name()), call: None, reason: Some(LeaveReason::Other) };
    assert_eq!(decode_client(text), Ok(Frame::<ClientMessage>::plain(leave)));
}

#[test]
fn what_is_wrong_is_named() {
    let too_many = format!("{{\"type\":\"ping\"{}}}", ",\"of the future\":1".repeat(64));
    for (text, said) in [
        ("", "Not JSON"),
        ("{\"type\":\"ping\"", "Not JSON"),
        ("[{\"type\":\"ping\"}]", "Not a JSON object"),
        ("null", "Not a JSON object"),
        (r#"{"type":"dance"}"#, "Command not found: dance"),
        (r#"{"name":"Bob"}"#, "`type` is missing or not what it should be"),
        (r#"{"type":"login"}"#, "`name` is missing or not what it should be"),
        (r#"{"type":"login","name":7}"#, "`name` is missing or not what it should be"),
        (r#"{"type":"offer","name":"Bob","offer":null}"#, "`offer` is missing or not what it should be"),
        (r#"{"type":"candidate","name":"Bob"}"#, "`candidate` is missing or not what it should be"),
        (r#"{"type":"leave","call":"no good"}"#, "`call` is missing or not what it should be"),
        (r#"{"type":"login","name":"Bob","room":7}"#, "`room` is missing or not what it should be"),
        (r#"{"type":"join"}"#, "`room` is missing or not what it should be"),
        (r#"{"type":"join","room":null}"#, "`room` is missing or not what it should be"),
        (r#"{"type":"reconnect","call":"c-1"}"#, "`name` is missing or not what it should be"),
        (r#"{"type":"reconnect","name":"Bob"}"#, "`call` is missing or not what it should be"),
        (r#"{"type":"ping","type":"ping"}"#, "A field is given twice, or there are too many"),
        (&too_many, "A field is given twice, or there are too many"),
        (r#"{"type":"ping","seq":-1}"#, "`seq` is missing or not what it should be"),
    ] {
        let error = decode_client::<Description, IceCandidate>(text).unwrap_err().reason;
        assert_eq!(error.to_string(), said, "{text}");
    }
}
