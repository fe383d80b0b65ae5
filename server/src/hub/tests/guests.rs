//! Guests, who sign in and join a room by one login.

use super::*;

const OWN: &str = "00c0ffee00c0ffee00c0ffee00c0ffee";

fn login(name: &str, room: &str) -> Value {
    json!({"type": "login", "name": name, "room": room})
}

fn again(world: &mut World, name: &str, room: &str, received: u64) -> (ConnectionId, Vec<Value>) {
    let id = world.connect();
    let mut frame = login(name, room);
    frame["resume"] = json!(OWN);
    frame["received"] = json!(received);
    world.say(id, frame);
    let heard = world.hear(id);
    (id, heard)
}

#[test]
fn a_guest_is_told_address_and_name_and_then_the_room() {
    let mut world = World::new();
    world.member("Bob", "Standup");
    let id = world.connect();
    let mut frame = login("  Anna ", "standup");
    frame["resume"] = json!(true);
    world.say(id, frame);
    let heard = world.hear(id);
    assert_eq!(kinds(&heard), ["login", "room"]);
    let address = heard[0]["name"].as_str().unwrap();
    assert!(address.starts_with("guest-") && address.len() == 38, "{address}");
    assert!(address[6..].bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!((&heard[0]["success"], &heard[0]["displayName"]), (&json!(true), &json!("Anna")));
    assert_eq!(heard[0].get("seq"), None);
    assert_eq!((&heard[1]["room"], &heard[1]["seq"]), (&json!("Standup"), &json!(1)));
    assert_eq!(heard[1]["members"][0]["name"], "Bob");
}

#[test]
fn nobody_can_sign_in_by_a_guests_address_and_each_guest_has_another() {
    let mut world = World::new();
    let (_, one) = world.guest("Anna", "room");
    let (_, other) = world.guest("Anna", "elsewhere");
    assert_ne!(one, other);
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": one}));
    assert_eq!(world.hear(id)[0]["reason"], "too-long");
}

#[test]
fn a_guests_name_is_nobody_elses_business() {
    let mut world = World::new();
    world.classic("Anna");
    for room in ["room", "elsewhere"] {
        let id = world.connect();
        world.say(id, login("ANNA", room));
        assert_eq!(world.hear(id)[0]["displayName"], "ANNA");
    }
    let (guest, _) = world.guest("Carol", "room");
    world.classic("Carol");
    assert_eq!(world.hear(guest), [] as [Value; 0]);
}

#[test]
fn what_is_refused_and_why() {
    let mut world = World::with(Limits { room_members: 2, users: 4, ..Limits::default() });
    world.guest("Anna", "Full");
    world.member("Bob", "full");
    let id = world.connect();
    for (name, room, reason) in [
        ("Carol", "FULL", "room-full"),
        ("Carol", "a b", "room-name"),
        ("Carol", "", "room-name"),
        (" ", "room", "empty"),
        (&*"x".repeat(33), "room", "too-long"),
        ("a\u{7}", "room", "control-character"),
    ] {
        world.say(id, login(name, room));
        let heard = world.hear(id);
        assert_eq!((&heard[0]["success"], &heard[0]["reason"]), (&json!(false), &json!(reason)));
        assert_eq!(heard.len(), 1);
    }
    world.guest("Carol", "room");
    world.guest("Dave", "room");
    world.say(id, login("Eve", "other"));
    assert_eq!(world.hear(id)[0]["reason"], "server-full");
    assert_eq!(world.hub.rooms.len(), 2);
}

#[test]
fn a_guest_who_never_heard_the_answer_comes_back_by_token() {
    for lost in [false, true] {
        let mut world = World::new();
        let (bob, _) = world.guest("Bob", "room");
        let (first, before) = again(&mut world, "Anna", "room", 0);
        let joined = world.hear(bob);
        assert_eq!(kinds(&joined), ["joined"]);
        if lost {
            world.drop_link(first);
        }
        let (second, after) = again(&mut world, "ANNA", "Room", 0);
        assert_eq!(kinds(&after), ["login", "room"], "the room as it was, and nothing anew");
        assert_eq!((&after[0]["resumed"], &after[0]["resume"]), (&json!(true), &json!(OWN)));
        assert_eq!((&after[0]["name"], &after[0]["displayName"]), (&before[0]["name"], &json!("Anna")));
        assert_eq!(after[1], before[1]);
        let (_, nothing) = again(&mut world, "Anna", "room", 1);
        assert_eq!(kinds(&nothing), ["login"]);
        assert_eq!(world.close_code(second), Some(1008), "replaced");
        assert_eq!(world.hear(bob), [] as [Value; 0]);
        assert_eq!(world.hub.user_count(), 2);
    }
}

#[test]
fn what_was_missed_is_said_after_coming_back() {
    let mut world = World::new();
    let (anna, heard) = again(&mut world, "Anna", "room", 0);
    assert_eq!(heard.len(), 2);
    world.drop_link(anna);
    let (bob, _) = world.guest("Bob", "room");
    world.member("ANNA", "room");
    world.say(bob, leave_room());
    let (_, heard) = again(&mut world, "Anna", "room", 1);
    assert_eq!(kinds(&heard), ["login", "room"], "who is there, and not who came and went");
    assert_eq!(heard[0]["displayName"], "Anna 2", "the present one");
    let members: Vec<_> = heard[1]["members"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(members, ["ANNA"]);
}

#[test]
fn a_token_is_for_the_same_room_and_the_same_kind_of_user() {
    let mut world = World::new();
    let (anna, first) = again(&mut world, "Anna", "room", 0);
    let (_, elsewhere) = again(&mut world, "Anna", "elsewhere", 0);
    assert_eq!(kinds(&elsewhere), ["login", "room"]);
    assert_eq!(elsewhere[0].get("resumed"), None);
    assert_ne!(elsewhere[0]["name"], first[0]["name"]);
    assert_ne!(elsewhere[0]["resume"], OWN, "nobody gets a token that another has");
    let id = world.resume("Anna", OWN, 0);
    let named = world.hear(id);
    assert_eq!((&named[0]["name"], named[0].get("resumed")), (&json!("Anna"), None));
    assert_eq!(world.close_code(anna), None);
    let token = named[0]["resume"].clone();
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": "Anna", "room": "room", "resume": token}));
    let guest = world.hear(id);
    assert_eq!((guest[0].get("resumed"), &guest[0]["displayName"]), (None, &json!("Anna 2")));
    assert_eq!(world.hub.user_count(), 4);
}

#[test]
fn one_who_was_forgotten_comes_as_a_newcomer() {
    let mut world = World::new();
    let (bob, _) = world.guest("Bob", "room");
    let (anna, first) = again(&mut world, "Anna", "room", 0);
    let call = world.hear(bob)[0]["call"].clone();
    world.drop_link(anna);
    world.pass(20_000);
    let left = json!({"type": "left", "name": first[0]["name"], "call": call, "reason": "lost"});
    assert_eq!(world.hear(bob), [left]);
    let (_, fresh) = again(&mut world, "Anna", "room", 1);
    assert_eq!((fresh[0].get("resumed"), &fresh[0]["resume"]), (None, &json!(OWN)));
    assert_eq!(fresh[0]["name"], first[0]["name"], "one whom the others know by the address");
    assert_eq!(fresh[1]["members"][0]["caller"], true);
    let joined = world.hear(bob);
    assert_eq!((kinds(&joined), &joined[0]["name"]), (vec!["joined"], &fresh[0]["name"]));
}

#[test]
fn numbers_of_an_earlier_life_are_not_resumed() {
    let mut world = World::new();
    let (bob, _) = world.guest("Bob", "room");
    let (anna, _) = again(&mut world, "Anna", "room", 0);
    let (_, fresh) = again(&mut world, "Anna", "room", 9);
    assert_eq!(fresh[0].get("resumed"), None);
    assert_eq!(fresh[0]["displayName"], "Anna", "the earlier one is gone");
    assert_eq!(world.close_code(anna), Some(1008));
    assert_eq!(kinds(&world.hear(bob)), ["joined", "left", "joined"]);
}

#[test]
fn a_guest_who_leaves_the_room_is_gone_and_may_sign_in_again() {
    let mut world = World::new();
    let bob = world.member("Bob", "room");
    let (anna, address) = world.guest("Anna", "room");
    let call = world.hear(bob)[0]["call"].clone();
    world.say(anna, leave_room());
    assert_eq!(world.hear(anna), [] as [Value; 0]);
    assert_eq!(world.hear(bob), [json!({"type": "left", "name": address, "call": call, "reason": "hangup"})]);
    assert_eq!((world.hub.user_count(), world.hub.next_expiry()), (1, Some(world.now + 30_000)));
    world.say(anna, leave_room());
    assert_eq!(world.hear(anna)[0]["code"], "login-first");
    world.say(anna, json!({"type": "login", "name": "Anna"}));
    assert_eq!(world.hear(anna)[0]["name"], "Anna");
    assert_eq!(world.hub.next_expiry(), None);
}

#[test]
fn a_guest_is_in_that_room_and_no_other() {
    let mut world = World::new();
    let (anna, _) = world.guest("Anna", "room");
    world.say(anna, json!({"type": "join", "room": "elsewhere"}));
    world.say(anna, json!({"type": "join", "room": "ROOM"}));
    let heard = world.hear(anna);
    assert_eq!((&heard[0]["success"], &heard[0]["reason"]), (&json!(false), &json!("elsewhere")));
    assert_eq!((&heard[1]["success"], &heard[1]["members"]), (&json!(true), &json!([])));
    world.say(anna, login("Anna", "room"));
    assert_eq!(world.hear(anna)[0]["code"], "already-signed-in");
}
