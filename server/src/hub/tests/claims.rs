//! Calls that go on although the server has forgotten them.

use tincan_shared::MAX_CLAIMS;

use super::*;

fn claim(name: &str, call: &str) -> Value {
    json!({"type": "claim", "name": name, "call": call})
}

fn reachable(name: &str, call: &str) -> Value {
    json!({"type": "reachable", "name": name, "call": call})
}

fn signal(to: &str, call: &str) -> Value {
    json!({"type": "signal", "name": to, "call": call, "signal": "anything"})
}

#[test]
fn a_signal_goes_only_to_the_other_side_of_a_call() {
    let mut world = World::new();
    let [anna, bob, eve] = ["Anna", "Bob", "Eve"].map(|name| world.classic(name));
    world.call(anna, (bob, "Bob"), Some("c"));
    world.say(anna, signal("bob", "c"));
    assert_eq!(
        world.hear(bob),
        [json!({"type": "signal", "name": "Anna", "call": "c", "signal": "anything"})]
    );
    for (from, frame) in [(eve, signal("Bob", "c")), (anna, signal("Bob", "d")), (anna, signal("Dan", "c"))] {
        world.say(from, frame);
        assert_eq!(world.hear(from)[0]["code"], "unavailable");
    }
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn a_call_that_both_claim_is_one_again() {
    let mut world = World::new();
    let [anna, bob] = ["Anna", "Bob"].map(|name| world.classic(name));
    world.say(anna, claim("Bob", "c"));
    assert_eq!(world.hear(anna), [] as [Value; 0], "one alone can't say so");
    world.say(anna, signal("Bob", "c"));
    assert_eq!(world.hear(anna)[0]["code"], "unavailable");
    world.say(bob, claim("anna", "c"));
    assert_eq!(world.hear(bob), [reachable("Anna", "c")]);
    assert_eq!(world.hear(anna), [reachable("Bob", "c")]);
    world.say(bob, signal("Anna", "c"));
    assert_eq!(kinds(&world.hear(anna)), ["signal"]);
    // It renegotiates, and doesn't ring.
    world.say(anna, offer("Bob", "c"));
    assert_eq!(kinds(&world.hear(bob)), ["offer"]);
    assert_eq!(world.hear(anna), [] as [Value; 0], "no `ringing`");
    world.say(anna, leave("Bob", Some("c")));
    assert_eq!(kinds(&world.hear(bob)), ["leave"]);
    assert_eq!((world.in_call("Anna"), world.in_call("Bob")), (0, 0));
}

#[test]
fn a_login_claims_too() {
    let mut world = World::new();
    let login = |name: &str, with: &str| {
        let calls = json!([{"name": with, "call": "c"}]);
        json!({"type": "login", "name": name, "calls": calls})
    };
    let [anna, bob] = [("Anna", "Bob"), ("Bob", "Anna")].map(|(name, with)| {
        let id = world.connect();
        world.say(id, login(name, with));
        id
    });
    assert_eq!(world.hear(anna)[1..], [reachable("Bob", "c")]);
    assert_eq!(world.hear(bob)[1..], [reachable("Anna", "c")]);
}

#[test]
fn nobody_else_can_claim_a_call() {
    let mut world = World::new();
    let [anna, bob, eve] = ["Anna", "Bob", "Eve"].map(|name| world.classic(name));
    world.say(anna, claim("Bob", "c"));
    for with in ["Anna", "Bob", "Eve", "Dan", ""] {
        world.say(eve, claim(with, "c"));
    }
    world.say(bob, claim("Anna", "another"));
    for id in [anna, bob, eve] {
        assert_eq!(world.hear(id), [] as [Value; 0]);
    }
    world.say(bob, claim("Anna", "c"));
    assert_eq!(kinds(&world.hear(anna)), ["reachable"]);
}

#[test]
fn what_was_never_forgotten_is_said_to_be_there() {
    let mut world = World::new();
    let [anna, bob] = ["Anna", "Bob"].map(|name| world.classic(name));
    world.call(anna, (bob, "Bob"), Some("c"));
    world.say(anna, claim("Bob", "c"));
    assert_eq!(world.hear(anna), [reachable("Bob", "c")]);
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn a_claim_ends_with_the_call_and_with_its_user() {
    let mut world = World::new();
    let [anna, bob] = ["Anna", "Bob"].map(|name| world.classic(name));
    world.say(anna, claim("Bob", "c"));
    world.say(anna, leave("Bob", Some("c")));
    world.say(bob, claim("Anna", "c"));
    assert_eq!(world.hear(bob), [] as [Value; 0]);
    world.hub.disconnect(world.now, bob, true);
    let bob = world.classic("Bob");
    world.say(anna, claim("Bob", "c"));
    assert_eq!((world.hear(anna), world.hear(bob)), (vec![], vec![]));
}

#[test]
fn whoever_leaves_a_room_has_no_claims_there_any_more() {
    let mut world = World::new();
    let login = |name: &str, with: &str| {
        let calls = json!([{"name": with, "call": "room-a"}]);
        json!({"type": "login", "name": name, "calls": calls})
    };
    let [anna, bob] = [("Anna", "Bob"), ("Bob", "Anna")].map(|(name, with)| {
        let id = world.connect();
        world.say(id, login(name, with));
        id
    });
    let join = json!({"type": "join", "room": "den"});
    world.say(anna, join.clone());
    world.say(anna, leave_room());
    for id in [anna, bob] {
        world.say(id, join.clone());
    }
    let heard = world.hear(bob).pop().unwrap();
    assert_eq!(heard["type"], "room");
    assert_ne!(heard["members"][0]["call"], "room-a");
}

#[test]
fn claims_have_a_bound() {
    let mut world =
        World::with(Limits { frames: Rate { burst: 10_000, per_minute: 0 }, ..Limits::default() });
    let anna = world.classic("Anna");
    for n in 0..10 * MAX_CLAIMS {
        world.say(anna, claim(&format!("n{n}"), "c"));
    }
    let claims = |world: &World| world.hub.users[&UserKey::parse("Anna").unwrap()].claims.len();
    assert_eq!(claims(&world), MAX_CLAIMS);
    world.say(anna, json!({"type": "leave"}));
    assert_eq!(claims(&world), 0);
}

#[test]
fn a_guest_with_the_same_token_has_the_same_address() {
    let token = "0123456789abcdef0123456789abcdef";
    let login = json!({"type": "login", "name": "Gil", "room": "den", "resume": token});
    let [first, second] = [0, 1].map(|_| {
        let mut world = World::new();
        let id = world.connect();
        world.say(id, login.clone());
        world.hear(id)[0]["name"].as_str().unwrap().to_owned()
    });
    assert_eq!(first, second);
    assert!(!first.contains(&token[..8]), "{first}");
}

/// After a restart, all are in the room again. Two have their call still, and the third has lost his.
#[test]
fn a_rooms_calls_go_on_after_a_restart() {
    let mut world = World::new();
    let mut come = |name: &str, calls: Value| {
        let id = world.connect();
        world.say(id, json!({"type": "login", "name": name, "calls": calls}));
        world.say(id, json!({"type": "join", "room": "den"}));
        let room = world.hear(id).remove(1);
        let members = room["members"].as_array().unwrap().iter();
        members.map(|it| (it["name"].clone(), it["call"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(
        come("Anna", json!([{"name": "Bob", "call": "room-a"}, {"name": "Cleo", "call": "room-b"}])),
        []
    );
    assert_eq!(come("Bob", json!([{"name": "Anna", "call": "room-a"}])), [(json!("Anna"), json!("room-a"))]);
    let cleos = come("Cleo", json!([{"name": "Bob", "call": "room-c"}]));
    assert_eq!(cleos.len(), 2);
    assert!(cleos.iter().all(|(_, call)| !["room-a", "room-b", "room-c"].contains(&call.as_str().unwrap())));
}
