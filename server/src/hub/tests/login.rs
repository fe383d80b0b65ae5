//! Signing in by name.

use super::*;

#[test]
fn a_login_is_told_all_it_needs() {
    let mut world = World::new();
    world.hub.ice_servers =
        vec![IceServer { urls: vec!["stun:stun.example".into()], username: None, credential: None }];
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": "  Anna "}));
    assert_eq!(
        world.hear(id),
        [json!({"type": "login", "success": true, "name": "Anna", "version": 1,
            "iceServers": [{"urls": ["stun:stun.example"]}]})]
    );
}

#[test]
fn a_refusal_says_why_and_may_be_followed_by_another_try() {
    let mut world = World::new();
    world.classic("Straße");
    let id = world.connect();
    for (name, reason) in [
        ("STRASSE", "in-use"),
        ("  ", "empty"),
        (&*"x".repeat(33), "too-long"),
        ("a\u{7}", "control-character"),
    ] {
        world.say(id, json!({"type": "login", "name": name}));
        let answer = world.hear(id).remove(0);
        assert_eq!((&answer["success"], &answer["reason"]), (&json!(false), &json!(reason)), "{name:?}");
    }
    world.say(id, json!({"type": "login", "name": "Bob"}));
    assert_eq!(world.hear(id)[0]["success"], true);
    assert_eq!(world.hub.user_count(), 2);
}

#[test]
fn a_full_server_says_so() {
    let mut world = World::with(Limits { users: 1, ..Limits::default() });
    let anna = world.classic("Anna");
    let bob = world.connect();
    world.say(bob, json!({"type": "login", "name": "Bob"}));
    assert_eq!(world.hear(bob)[0]["reason"], "server-full");
    world.hub.disconnect(world.now, anna, true);
    world.say(bob, json!({"type": "login", "name": "Bob"}));
    assert_eq!(world.hear(bob)[0]["success"], true);
}

#[test]
fn a_second_login_changes_nothing() {
    let mut world = World::new();
    let anna = world.classic("Anna");
    world.say(anna, json!({"type": "login", "name": "Bob"}));
    assert_eq!(world.hear(anna)[0]["code"], "already-signed-in");
    let other = world.connect();
    world.say(other, json!({"type": "login", "name": "Anna"}));
    assert_eq!(world.hear(other)[0]["reason"], "in-use");
    world.say(other, json!({"type": "login", "name": "Bob"}));
    assert_eq!(world.hear(other)[0]["success"], true);
}

#[test]
fn before_login_only_login_and_ping_mean_something() {
    let mut world = World::new();
    let id = world.connect();
    for frame in [
        offer("Bob", "c"),
        json!({"type": "answer", "name": "Bob", "answer": {}}),
        json!({"type": "candidate", "name": "Bob", "candidate": null}),
        json!({"type": "leave"}),
    ] {
        world.say(id, frame);
        assert_eq!(world.hear(id)[0]["code"], "login-first");
    }
    world.say(id, json!({"type": "ping"}));
    assert_eq!(world.hear(id), [json!({"type": "pong"})]);
}

#[test]
fn a_name_is_free_at_once_after_its_owner_is_gone() {
    for clean in [true, false] {
        let mut world = World::new();
        let anna = world.classic("Anna");
        world.hub.disconnect(world.now, anna, clean);
        world.classic("anna");
    }
}
