//! Tests the binary as a user meets it.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::process::{Command, Output, Stdio};

use serde_json::json;
use stun_types::attribute::{Nonce, Realm, Username};
use stun_types::message::{IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageWriteVec};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};
use support::Client;
use support::binary::{Binary, tincan};
use turn_types::message::ALLOCATE;

fn finish(command: &mut Command) -> Output {
    command.output().unwrap()
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let bad_json = env!("CARGO_MANIFEST_PATH");
    for (arguments, said) in [
        (vec!["--frobnicate"], "--frobnicate"),
        (vec!["--listen"], "--listen"),
        (vec!["--max-users", "many"], "--max-users"),
        (vec!["--room-limit", "1"], "--room-limit"),
        (vec!["--room-limit", "51"], "2 to 50"),
        (vec!["--room-limit", "-3"], "-3"),
        (vec!["--room-limit=many"], "--room-limit"),
        (vec!["stray"], "stray"),
        (vec!["--base-path", "call"], "--base-path"),
        (vec!["--listen", "nonsense"], "nonsense"),
        (vec!["--listen", &taken], &taken),
        (vec!["--ice-servers", "/no/such/file"], "/no/such/file"),
        (vec!["--ice-servers", bad_json], "Cargo.toml"),
        (vec!["--log", "a=b=c"], "--log"),
        (vec!["--tls-cert", "cert.pem"], "--tls-key"),
        (vec!["--tls-self-signed", "--tls-cert", "a", "--tls-key", "b"], "--tls-cert"),
        (vec!["--tls-cert", "/no/such/cert", "--tls-key", bad_json], "/no/such/cert"),
        (vec!["--tls-cert", bad_json, "--tls-key", bad_json], "Cargo.toml holds no certificate"),
        (vec!["--tls-self-signed", "--data", bad_json], "cannot write"),
        (vec!["--http-listen", "127.0.0.1:0"], "--http-listen"),
        (vec!["--acme", "203.0.113.7"], "certificates are for domains"),
        (vec!["--acme", "*.call.example"], "not a domain"),
        (vec!["--acme", "a..example"], "not a domain"),
        (vec!["--acme", "münchen.example"], "xn--"),
        (vec!["--acme", "a.example", "--tls-self-signed"], "--tls-self-signed"),
        (vec!["--acme", "a.example", "--acme-contact", "ann"], "e-mail"),
        (vec!["--acme", "a.example", "--acme-directory", "http://ca.example"], "HTTPS"),
        (vec!["--acme-ca", "root.pem"], "--acme"),
        (vec!["--acme", "a.example", "--listen", "127.0.0.1:0", "--data", bad_json], "cannot write"),
        (vec!["--turn-port", "70000"], "--turn-port"),
        (vec!["--turn-port-range", "2000"], "FIRST-LAST"),
        (vec!["--turn-port-range", "2001-2000"], "FIRST-LAST"),
        (vec!["--turn-port-range", "0-2000"], "FIRST-LAST"),
        (vec!["--external-ip", "here"], "--external-ip"),
        (vec!["--turn-allow-peer", "10.0.0.0/33"], "--turn-allow-peer"),
        (vec!["--turn-user-rate", "0"], "--turn-user-rate"),
        (vec!["--turn-external", "turn:a.example"], "--turn-secret-file"),
        (vec!["--turn-secret-file", bad_json], "--turn-external"),
        (vec!["--turn-external", "stun:a.example", "--turn-secret-file", bad_json], "turn: or turns:"),
        (vec!["--turn-external", "a.example", "--turn-secret-file", bad_json], "not a URL"),
        (vec!["--turn-external", "turn://a.example", "--turn-secret-file", bad_json], "turn:HOST"),
        (vec!["--turn-external", "turn:a?transport=sctp", "--turn-secret-file", bad_json], "transport=udp"),
        (vec!["--turn-external", "turn:a", "--turn-secret-file", "/no/such/file"], "/no/such/file"),
        (vec!["--turn-external", "turn:a", "--turn-secret-file", "/dev/null"], "/dev/null is empty"),
        (vec!["--turn-external", "turn:a", "--turn-secret-file", bad_json], "several lines"),
    ] {
        let output = finish(&mut tincan(&arguments));
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}");
        assert!(text.starts_with("tincan: ") && text.contains(said), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
    for name in ["TINCAN_MAX_USERS", "TINCAN_ROOM_LIMIT"] {
        let output = finish(tincan(&[]).env(name, "many"));
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
}

#[test]
fn it_runs_before_there_is_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody is at this port, which is for root alone.
    let mut command = tincan(&["--acme", "Call.Example.", "--acme-directory", "https://127.0.0.1:1/dir"]);
    command.args(["--listen", "127.0.0.1:0", "--acme-contact", "ann@example.org", "--data"]);
    let mut child =
        command.arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map(Binary).unwrap();
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.next().unwrap().starts_with("Tincan listens on https://call.example:"));
    assert!(lines.next().unwrap().contains("certificate is on its way"));
    let mut log = BufReader::new(child.0.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(log.any(|line| line.contains("cannot connect to 127.0.0.1") && line.contains("tried again in")));
}

#[test]
fn a_bad_ice_server_is_named_with_its_file() {
    let file = std::env::temp_dir().join(format!("tincan-bad-ice-{}.json", std::process::id()));
    for (servers, said) in [
        (r#"[{"urls": ["stun:a.example", "http://b.example"]}]"#, "http://b.example"),
        (r#"[{"urls": ["turn:c.example"], "username": "u"}]"#, "turn:c.example"),
        (r#"[{"urls": []}]"#, "without urls"),
    ] {
        std::fs::write(&file, servers).unwrap();
        // Nobody can listen on this address, so a server that accepts the file ends as well.
        let output = finish(tincan(&["--listen", "nonsense"]).arg("--ice-servers").arg(&file));
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains(said) && text.contains(&*file.to_string_lossy()), "{text}");
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_taken_port_for_turn_is_named_with_what_helps() {
    let taken = UdpSocket::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = finish(&mut tincan(&["--listen", "127.0.0.1:0", "--turn-port", &port]));
    let text = String::from_utf8(output.stderr).unwrap();
    let line = text.lines().last().unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(line.contains(&port) && line.contains("--turn-port") && line.contains("--no-turn"), "{text}");
    let (binary, _) =
        Binary::start(&mut tincan(&["--listen", "127.0.0.1:0", "--turn-port", &port, "--no-turn"]));
    assert_eq!(binary.end().1, Some(0));
}

#[tokio::test]
async fn the_limit_of_open_files_is_raised() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -Sn 300; exec \"$0\" --listen 127.0.0.1:0 --no-turn --log debug"]);
    let (binary, _) = Binary::start(shell.arg(env!("CARGO_BIN_EXE_tincan")));
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", binary.0.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let [soft, hard] = [3, 4].map(|column| line.split_whitespace().nth(column).unwrap());
    assert_eq!(soft, hard, "{line}");
    let (log, code) = binary.end();
    assert_eq!(code, Some(0));
    assert!(log.contains("raised the limit of open files"), "{log}");
}

#[test]
fn help_and_version() {
    for argument in ["--help", "--version"] {
        let output = finish(&mut tincan(&[argument]));
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty() && !output.stdout.is_empty());
    }
    let help = String::from_utf8(finish(&mut tincan(&["--help"])).stdout).unwrap();
    for name in ["LISTEN", "ALLOW_ORIGIN", "ICE_SERVERS", "LOG", "MAX_USERS", "ROOM_LIMIT"] {
        assert!(help.contains(&format!("TINCAN_{name}")), "{name}");
    }
}

#[tokio::test]
async fn the_limit_of_rooms_reaches_the_clients() {
    for (number, expected) in [(None, tincan_shared::ROOM_LIMIT), (Some("2"), 2), (Some("50"), 50)] {
        let mut command = tincan(&["--listen", "127.0.0.1:0"]);
        if let Some(number) = number {
            command.env("TINCAN_ROOM_LIMIT", number);
        }
        let (_binary, port) = Binary::start(&mut command);
        let mut anna = Client::connect(port, "/ws").await;
        anna.say(json!({"type": "login", "name": "Anna", "room": "room"})).await;
        assert_eq!(anna.hear().await["success"], true);
        assert_eq!(anna.hear().await["limit"], expected);
    }
}

#[tokio::test]
async fn a_log_at_its_loudest_has_nothing_of_what_was_said() {
    const SECRETS: [&str; 6] =
        ["sdp-SECRET", "candidate-SECRET", "type-SECRET", "junk-SECRET", "Name-SECRET", "room-SECRET"];
    let (binary, port) =
        Binary::start(tincan(&["--listen", "127.0.0.1:0"]).env("TINCAN_LOG", "trace,tungstenite=trace"));
    let mut anna = Client::connect(port, "/ws").await;
    anna.say(json!({"type": "login", "name": "Name-SECRET"})).await;
    assert_eq!(anna.hear().await["success"], true);
    let mut bob = Client::connect(port, "/ws").await;
    bob.say(json!({"type": "login", "name": "Bob"})).await;
    assert_eq!(bob.hear().await["success"], true);
    anna.say(json!({"type": "offer", "name": "Bob", "offer": {"type": "offer", "sdp": "sdp-SECRET"}})).await;
    assert_eq!(bob.hear().await["type"], "offer");
    anna.say(json!({"type": "candidate", "name": "Bob", "candidate": {"candidate": "candidate-SECRET"}}))
        .await;
    assert_eq!(bob.hear().await["type"], "candidate");
    anna.say(json!({"type": "type-SECRET"})).await;
    anna.hear().await;
    anna.send(tokio_tungstenite::tungstenite::Message::text("junk-SECRET")).await;
    anna.hear().await;
    bob.say(json!({"type": "join", "room": "room-SECRET"})).await;
    assert_eq!(bob.hear().await["type"], "room");
    let mut guest = Client::connect(port, "/ws").await;
    guest.say(json!({"type": "login", "name": "Name-SECRET", "room": "room-SECRET"})).await;
    assert_eq!(bob.hear().await["type"], "joined");
    drop(anna);
    assert_eq!(bob.hear().await["type"], "leave");
    let (log, code) = binary.end();
    assert_eq!(code, Some(0), "a termination in good order");
    assert!(log.contains("opened") && log.contains("Lost"), "it does log: {log}");
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn ice_servers_reach_the_clients() {
    let file = std::env::temp_dir().join(format!("tincan-ice-{}.json", std::process::id()));
    std::fs::write(&file, r#"[{"urls": ["turn:turn.example"], "username": "u", "credential": "c"}]"#)
        .unwrap();
    for (turn, own) in [(&["--no-turn"][..], 0), (&[], 2)] {
        let mut command = tincan(&["--listen", "127.0.0.1:0"]);
        let (_binary, port) = Binary::start(command.arg("--ice-servers").arg(&file).args(turn));
        let mut anna = Client::connect(port, "/ws").await;
        anna.say(json!({"type": "login", "name": "Anna"})).await;
        let answer = anna.hear().await;
        let servers = answer["iceServers"].as_array().unwrap();
        assert_eq!(servers[0], json!({"urls": ["turn:turn.example"], "username": "u", "credential": "c"}));
        assert_eq!(servers.len(), 1 + own, "{servers:?}");
    }
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test]
async fn what_turn_refuses_is_logged_by_its_kind() {
    let (mut server, port) = Binary::start(&mut tincan(&["--listen", "127.0.0.1:0"]));
    let mut client = Client::connect(port, "/ws").await;
    client.say(json!({"type": "login", "name": "Anna"})).await;
    let answer = client.hear().await;
    let url = answer["iceServers"][0]["urls"][0].as_str().unwrap();
    let turn_port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(("127.0.0.1", turn_port)).unwrap();
    let username = answer["iceServers"][1]["username"].as_str().unwrap();
    for secret in ["", "wrong", "wrong"] {
        let mut message = Message::builder_request(ALLOCATE, MessageWriteVec::new());
        if !secret.is_empty() {
            message.add_attribute(&Username::new(username).unwrap()).unwrap();
            message.add_attribute(&Realm::new("tincan").unwrap()).unwrap();
            message.add_attribute(&Nonce::new("n").unwrap()).unwrap();
            let key = LongTermKeyCredentials::new(username.into(), secret.into(), "tincan".into()).into();
            message.add_message_integrity(&key, IntegrityAlgorithm::Sha1).unwrap();
        }
        socket.send(&message.finish()).unwrap();
        socket.recv(&mut [0; 1000]).unwrap();
    }
    let log = server.logs("a credential of TURN");
    assert!(log.contains("count=2") || log.contains("count=1"), "{log}");
    assert!(!log.contains(username) && !log.contains("Anna") && !log.contains("127.0.0.1"), "{log}");
}
