//! What a login is told about STUN and TURN.

use tincan_turn::Credentials;

use super::*;

const STARTED_MS: u64 = 1_700_000_000_000;
const HALF_A_DAY_MS: u64 = 12 * 3600 * 1000;

fn world(host: Option<&str>) -> World {
    let mut world = World::new();
    world.hub.offer_turn(TurnAccess {
        credentials: Credentials::new(b"north"),
        place: TurnPlace::Here { host: host.map(str::to_owned), port: 3478, tls_port: None },
        started_ms: STARTED_MS,
    });
    world
}

/// Connects with a page of this host, and signs in.
fn sign_in(world: &mut World, host: Option<&str>, name: &str) -> (ConnectionId, Value) {
    let id = world.connect();
    if let Some(host) = host {
        world.hub.came_from(id, host);
    }
    world.say(id, json!({"type": "login", "name": name, "resume": true}));
    (id, world.hear(id).remove(0))
}

/// Returns who a credential is for, and how long it is good for from the hub's start on.
fn credential(answer: &Value) -> (String, u64) {
    let turn = &answer["iceServers"][1];
    let (expiry, user) = turn["username"].as_str().unwrap().split_once(':').unwrap();
    let expires_at_ms = expiry.parse::<u64>().unwrap() * 1000;
    let expected = Credentials::new(b"north").issue(user, expires_at_ms);
    assert_eq!(turn["credential"], expected.password);
    (user.to_owned(), expires_at_ms - STARTED_MS)
}

#[test]
fn the_host_that_the_page_came_from_by_every_transport() {
    let mut world = world(None);
    let (_, answer) = sign_in(&mut world, Some("call.example"), "Anna");
    assert_eq!(answer["iceServers"][0], json!({"urls": ["stun:call.example:3478"]}));
    let expected = json!(["turn:call.example:3478?transport=udp", "turn:call.example:3478?transport=tcp"]);
    assert_eq!(answer["iceServers"][1]["urls"], expected);
    let (user, _) = credential(&answer);
    assert!(!user.contains("Anna"), "the network isn't told who it is");
    let (_, answer) = sign_in(&mut world, None, "Bell");
    assert_eq!(answer["iceServers"], Value::Null, "nobody knows where");
}

#[test]
fn the_host_that_is_the_same_for_everybody() {
    let mut world = world(Some("public.example"));
    world.hub.ice_servers =
        vec![IceServer { urls: vec!["stun:other.example".into()], username: None, credential: None }];
    let (_, answer) = sign_in(&mut world, Some("inner.example"), "Anna");
    let urls = ["stun:other.example", "stun:public.example:3478"];
    assert_eq!([0, 1].map(|index| answer["iceServers"][index]["urls"][0].as_str().unwrap()), urls);
}

#[test]
fn over_tls_where_there_is_a_certificate() {
    let mut world = World::new();
    world.hub.offer_turn(TurnAccess {
        credentials: Credentials::new(b"north"),
        place: TurnPlace::Here { host: None, port: 3478, tls_port: Some(443) },
        started_ms: STARTED_MS,
    });
    let (_, answer) = sign_in(&mut world, Some("[2001:db8::1]"), "Anna");
    let host = "[2001:db8::1]";
    let expected = json!([
        format!("turn:{host}:3478?transport=udp"),
        format!("turn:{host}:3478?transport=tcp"),
        format!("turns:{host}:443?transport=tcp"),
    ]);
    assert_eq!(answer["iceServers"][1]["urls"], expected);
    credential(&answer);
}

#[test]
fn of_another_server_by_its_urls() {
    let mut world = World::new();
    let stun_urls = vec!["stun:a.example".to_owned()];
    let turn_urls = vec!["turn:a.example".to_owned(), "turns:a.example:443?transport=tcp".to_owned()];
    let place = TurnPlace::There { stun_urls, turn_urls: turn_urls.clone() };
    let credentials = Credentials::new(b"north");
    world.hub.offer_turn(TurnAccess { credentials, place, started_ms: STARTED_MS });
    let (id, answer) = sign_in(&mut world, Some("call.example"), "Anna");
    assert_eq!(answer["iceServers"][0], json!({"urls": ["stun:a.example"]}));
    assert_eq!(answer["iceServers"][1]["urls"], json!(turn_urls));
    let (user, _) = credential(&answer);
    world.pass(HALF_A_DAY_MS);
    let renewed = world.hear(id).remove(0);
    assert_eq!(credential(&renewed), (user, 3 * HALF_A_DAY_MS + 1000));
}

#[test]
fn a_credential_for_a_day_and_another_after_half_of_it() {
    let mut world = world(Some("public.example"));
    let (id, answer) = sign_in(&mut world, None, "Anna");
    let (user, first) = credential(&answer);
    assert_eq!(first, 2 * HALF_A_DAY_MS + world.now / 1000 * 1000);
    assert_eq!(world.hub.next_expiry(), Some(world.now + HALF_A_DAY_MS));
    world.pass(HALF_A_DAY_MS - 1);
    assert!(world.hear(id).is_empty());
    for half_days in 3..6 {
        world.pass(if half_days == 3 { 1 } else { HALF_A_DAY_MS });
        let answers = world.hear(id);
        assert_eq!((answers.len(), kinds(&answers)), (1, vec!["login"]));
        let answer = &answers[0];
        assert_eq!((&answer["success"], &answer["resumed"]), (&json!(true), &json!(true)));
        assert_eq!((&answer["name"], &answer["resume"]), (&json!("Anna"), &Value::Null));
        let expected = half_days * HALF_A_DAY_MS + 1000;
        assert_eq!(credential(answer), (user.clone(), expected));
    }
    world.drop_link(id);
    world.pass(60_000);
    assert_eq!(world.hub.next_expiry(), None, "nothing is kept of who is gone");
}

#[test]
fn a_guest_is_told_the_name_too_and_a_classic_client_nothing() {
    let mut world = world(Some("public.example"));
    let classic = world.classic("Anna");
    let guest = world.connect();
    world.say(guest, json!({"type": "login", "name": "Bell", "room": "den", "resume": true}));
    world.hear(guest);
    world.pass(HALF_A_DAY_MS);
    assert!(world.hear(classic).is_empty());
    let answer = world.hear(guest).remove(0);
    assert_eq!((&answer["type"], &answer["displayName"]), (&json!("login"), &json!("Bell")));
}
