//! Entering a room and leaving it.

use super::*;

fn join(room: &str) -> Value {
    json!({"type": "join", "room": room})
}

#[test]
fn a_newcomer_is_told_of_all_and_all_of_the_newcomer() {
    let mut world = World::new();
    let ids = ["Anna", "Bob", "Carol"].map(|name| world.classic(name));
    for id in ids {
        world.say(id, join("Standup"));
    }
    let [anna, bob, carol] = ids.map(|id| world.hear(id));
    let call = |frame: &Value| frame["call"].clone();
    let (ab, ac, bc) = (call(&anna[1]), call(&anna[2]), call(&bob[1]));
    assert_eq!(
        anna[0],
        json!({"type": "room", "room": "Standup", "success": true, "limit": 8, "members": []})
    );
    let joined = |name: &str, call: &Value, stay: u64| {
        let kind = "joined";
        json!({"type": kind, "name": name, "displayName": name, "call": call, "stay": stay})
    };
    assert_eq!(anna[1..], [joined("Bob", &ab, 2), joined("Carol", &ac, 3)]);
    let member = |name: &str, call: &Value, stay: u64| {
        let caller = true;
        json!({"name": name, "displayName": name, "call": call, "caller": caller, "stay": stay})
    };
    assert_eq!(
        bob,
        [
            json!({"type": "room", "room": "Standup", "success": true, "limit": 8,
                "members": [member("Anna", &ab, 1)]}),
            joined("Carol", &bc, 3)
        ]
    );
    assert_eq!(
        carol,
        [json!({"type": "room", "room": "Standup", "success": true, "limit": 8,
            "members": [member("Anna", &ac, 1), member("Bob", &bc, 2)]})]
    );
    assert!(ab != ac && ac != bc && ab != bc);
}

#[test]
fn two_spellings_are_one_room_and_the_first_stands() {
    let mut world = World::new();
    for (number, spelled) in ["Größe-周会", "GRÖSSE-周会", "gro\u{308}ße-周会"].into_iter().enumerate()
    {
        let id = world.classic(&format!("User {number}"));
        world.say(id, join(spelled));
        let answer = world.hear(id).remove(0);
        assert_eq!(
            (&answer["room"], answer["members"].as_array().map(Vec::len)),
            (&json!("Größe-周会"), Some(number))
        );
    }
    assert_eq!(world.hub.rooms.len(), 1);
}

#[test]
fn a_room_is_there_as_long_as_somebody_is_in_it() {
    let mut world = World::new();
    let anna = world.member("Anna", "Room");
    let bob = world.member("Bob", "room");
    world.say(anna, leave_room());
    assert_eq!(world.hub.rooms.len(), 1);
    world.drop_link(bob);
    assert!(world.hub.rooms.is_empty());
    world.say(anna, join("ROOM"));
    let heard = world.hear(anna);
    assert_eq!(heard.last().map(|answer| &answer["room"]), Some(&json!("ROOM")), "spelled anew");
}

#[test]
fn what_is_refused_and_why() {
    let mut world = World::with(Limits { room_members: 2, ..Limits::default() });
    world.member("Anna", "Full");
    let bob = world.member("Bob", "full");
    let carol = world.classic("Carol");
    let refused = |room: &str, reason: &str| {
        let room = json!(room);
        json!({"type": "room", "room": room, "success": false, "reason": reason, "limit": 2})
    };
    for (id, room, answer) in [
        (carol, "FULL", refused("Full", "full")),
        (carol, "a b", refused("a b", "name")),
        (carol, "", refused("", "name")),
        (carol, &*"x".repeat(60_000), refused(&"x".repeat(64), "name")),
        (bob, "elsewhere", refused("elsewhere", "elsewhere")),
    ] {
        world.say(id, join(room));
        assert_eq!(world.hear(id), [answer]);
    }
    assert_eq!(world.hub.rooms.len(), 1);
    world.say(bob, leave_room());
    world.say(carol, join("FULL"));
    assert_eq!(world.hear(carol)[0]["success"], true, "there is a place again");
}

#[test]
fn joining_again_says_again_who_is_there() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.say(anna, join("room"));
    world.say(bob, join("room"));
    let call = world.hear(anna)[1]["call"].clone();
    let mut first = world.hear(bob).remove(0);
    assert_eq!(first["members"][0]["caller"].take(), true);
    world.say(bob, join("ROOM"));
    let mut again = world.hear(bob).remove(0);
    assert_eq!(again["members"][0]["caller"].take(), false, "nobody is to be called");
    assert_eq!(again, first);
    assert_eq!(again["members"][0]["call"], call);
    assert_eq!(world.hear(anna), [] as [Value; 0]);
}

#[test]
fn everyone_is_told_once_of_one_who_leaves_and_why() {
    #[derive(Clone, Copy, Debug)]
    enum Way {
        LeaveRoom,
        Close,
        Flood,
        Expire,
    }
    for (way, reason) in
        [(Way::LeaveRoom, "hangup"), (Way::Close, "hangup"), (Way::Flood, "lost"), (Way::Expire, "lost")]
    {
        let mut world = World::new();
        let (anna, bob) = (world.member("Anna", "room"), world.member("Bob", "room"));
        let (carol, dave) = (world.resumable("Carol").0, world.classic("Dave"));
        world.call(carol, (dave, "Dave"), Some("direct"));
        world.call(carol, (bob, "Bob"), Some("direct"));
        world.say(carol, join("room"));
        let calls = [anna, bob].map(|id| world.hear(id).pop().unwrap()["call"].clone());
        match way {
            Way::LeaveRoom => world.say(carol, leave_room()),
            Way::Close => world.hub.disconnect(world.now, carol, true),
            Way::Flood => (0..500).for_each(|_| world.say(carol, json!({"type": "ping"}))),
            Way::Expire => {
                world.drop_link(carol);
                world.pass(19_999);
                assert_eq!([anna, bob, dave].map(|id| world.hear(id).len()), [0, 0, 0], "she may come back");
                world.pass(1);
            }
        }
        let left = |call: &Value| json!({"type": "left", "name": "Carol", "call": call, "reason": reason});
        let leave = json!({"type": "leave", "name": "Carol", "call": "direct", "reason": reason});
        assert_eq!(world.hear(anna), [left(&calls[0])], "{way:?}");
        // Only a user who just leaves the room keeps the other calls.
        let stays = matches!(way, Way::LeaveRoom);
        let direct = if stays { Vec::new() } else { vec![leave] };
        assert_eq!(world.hear(dave), direct, "{way:?}");
        assert_eq!(world.hear(bob), [vec![left(&calls[1])], direct].concat(), "{way:?}");
        assert_eq!(world.in_call("Anna"), 1, "{way:?}");
        assert_eq!(world.hub.users.contains_key(&UserKey::parse("Carol").unwrap()), stays);
    }
}

#[test]
fn who_is_in_no_room_is_told_so() {
    let mut world = World::new();
    let anna = world.classic("Anna");
    for (frame, call) in [(leave_room(), Value::Null), (reconnect("Bob", "c"), json!("c"))] {
        world.say(anna, frame);
        let error = world.hear(anna).remove(0);
        assert_eq!(
            (&error["type"], &error["code"], &error["call"]),
            (&json!("error"), &json!("not-in-room"), &call)
        );
    }
    let stranger = world.connect();
    for frame in [join("room"), leave_room(), reconnect("Anna", "c")] {
        world.say(stranger, frame);
        assert_eq!(world.hear(stranger)[0]["code"], "login-first");
    }
    for text in [r#"{"type":"join"}"#, r#"{"type":"join","room":7}"#, r#"{"type":"reconnect","name":"Bob"}"#]
    {
        world.say_text(anna, text);
        assert_eq!(world.hear(anna)[0]["code"], "bad-message", "{text}");
    }
}

#[test]
fn one_who_is_away_stays_and_hears_later_who_came() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    world.say(anna, join("room"));
    assert_eq!(world.hear(anna)[0]["seq"], 1);
    world.drop_link(anna);
    let bob = world.classic("Bob");
    world.say(bob, join("room"));
    let room = world.hear(bob).remove(0);
    let call = room["members"][0]["call"].as_str().unwrap().to_owned();
    world.say(bob, offer("Anna", &call));
    assert_eq!(world.hear(bob), [] as [Value; 0]);
    let anna = world.resume("Anna", &token, 1);
    let heard = world.hear(anna);
    assert_eq!(kinds(&heard), ["login", "room", "offer"], "who speaks was introduced first");
    assert_eq!(heard[0].get("displayName"), None, "that is for guests");
    assert_eq!(heard[1]["seq"], 2);
    let member = json!({"name": "Bob", "displayName": "Bob", "call": call, "caller": false, "stay": 2});
    assert_eq!(heard[1]["members"], json!([member]), "whom one doesn't call, but awaits");
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

/// A user who is away is not closed for what others rightly do in the largest room there may be, even if the
/// whole queue for relayed frames is full.
#[test]
fn the_largest_room_may_come_change_and_go_while_one_is_away() {
    let others = *ROOM_LIMITS.end() - 1;
    let rings = Rate { burst: 1_000, per_minute: 0 };
    let mut world = World::with(Limits { room_members: others + 1, rings, ..Limits::default() });
    let (queue_frames, pairs) = (world.hub.limits.queue_frames, world.hub.limits.pairs);
    let (anna, token) = world.resumable("Anna");
    world.say(anna, join("room"));
    let callees: Vec<_> = (0..pairs).map(|number| world.classic(&format!("Callee {number}"))).collect();
    for (number, callee) in callees.iter().enumerate() {
        world.say(anna, offer(&format!("Callee {number}"), "c"));
        world.say(*callee, answer("Anna", Some("c")));
    }
    world.hear(anna);
    world.say(anna, json!({"type": "ping", "ack": 1000}));
    world.drop_link(anna);
    for id in callees.iter().cycle().take(queue_frames) {
        world.say(*id, candidate("Anna", Some("c")));
    }
    let present_call = |world: &World, address: &str| {
        let [anna, other] = ["Anna", address].map(|address| UserKey::parse(address).unwrap());
        world.hub.room_call(&anna, &other).unwrap().to_string()
    };
    let guests: Vec<_> = (0..others).map(|number| world.guest(&format!("Guest {number}"), "room")).collect();
    for (id, address) in &guests {
        let call = present_call(&world, address);
        world.say(*id, reconnect("Anna", &call));
    }
    for id in guests.iter().map(|(id, _)| *id).chain(callees) {
        world.drop_link(id);
    }
    let anna = world.resume("Anna", &token, 0);
    let mut heard = world.hear(anna);
    world.say(anna, json!({"type": "ping", "ack": 10_000}));
    heard.extend(world.hear(anna));
    assert_eq!(heard[0]["resumed"], true, "nothing was lost");
    let count = |kind: &str| heard.iter().filter(|frame| frame["type"] == kind).count();
    let counts = ["candidate", "joined", "left", "leave", "room"].map(count);
    assert_eq!(counts, [queue_frames, 0, 0, pairs, 1]);
}

/// Entering and leaving costs the user who does it, at whichever pace.
#[test]
fn one_who_comes_and_goes_all_the_time_closes_nobody_else() {
    for pace_ms in [1, 10, 20, 50, 110, 200] {
        let mut world = World::new();
        let (anna, token) = world.resumable("Anna");
        world.say(anna, join("room"));
        world.hear(anna);
        world.drop_link(anna);
        let restless = world.classic("Restless");
        let until = world.now + world.hub.limits.grace_ms;
        while world.now < until && world.close_code(restless).is_none() {
            world.say(restless, join("room"));
            world.say(restless, leave_room());
            world.now += pace_ms;
        }
        let anna = world.resume("Anna", &token, 1);
        assert_eq!(world.hear(anna)[0]["resumed"], true, "every {pace_ms} ms");
    }
}
