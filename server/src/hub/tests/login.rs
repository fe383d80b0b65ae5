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

#[test]
fn nobody_signs_in_by_a_name_that_looks_like_another() {
    let mut world = World::new();
    let anna = world.classic("Anna");
    let refusal = |world: &mut World, name: &str| {
        let id = world.connect();
        world.say(id, json!({"type": "login", "name": name}));
        world.hear(id).remove(0)["reason"].as_str().map(str::to_owned)
    };
    for name in ["\u{410}nna", "ann\u{430}", "AnnA\u{200d}"] {
        let expected = if name.ends_with('\u{200d}') { "in-use" } else { "confusable" };
        assert_eq!(refusal(&mut world, name).as_deref(), Some(expected), "{name:?}");
    }
    for name in ["Anna\u{180b}", "Anna\u{1d173}", "Anna\u{fff0}", "Anna\u{e000}", "\u{180b}", "Anna\u{378}"] {
        assert_eq!(refusal(&mut world, name).as_deref(), Some("control-character"), "{name:?}");
    }
    world.hub.disconnect(world.now, anna, true);
    assert_eq!(refusal(&mut world, "\u{410}nna"), None, "nobody is called so any more");
    assert!(!world.hub.looks.is_empty());
}

#[test]
fn a_guest_who_looks_like_a_member_gets_another_name() {
    let mut world = World::new();
    let (_, guest) = world.guest("\u{410}nna", "den");
    let anna = world.member("Anna", "den");
    let room = world.hear(anna);
    assert_eq!(room, [] as [Value; 0], "read at the join");
    let (_, second) = world.guest("Ann\u{430}", "den");
    let names: Vec<_> = world.hub.rooms.values().next().unwrap().occupants().collect();
    let names: Vec<_> = names.iter().map(|it| it.display_name.as_str().to_owned()).collect();
    assert_eq!(names, ["\u{410}nna 2", "Anna", "Ann\u{430} 3"]);
    assert_ne!(guest, second);
}
