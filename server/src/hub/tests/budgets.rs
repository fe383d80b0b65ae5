//! What each party may cost: the table in `limits.rs`, row by row.

use super::*;

fn codes(frames: &[Value]) -> Vec<&str> {
    let errors = frames.iter().filter(|frame| frame["type"] == "error");
    errors.map(|frame| frame["code"].as_str().unwrap()).collect()
}

fn reasons(frames: &[Value]) -> Vec<&str> {
    let leaves = frames.iter().filter(|frame| frame["type"] == "leave");
    leaves.map(|frame| frame["reason"].as_str().unwrap()).collect()
}

/// What somebody has heard, read until nothing more comes.
fn hear_all(world: &mut World, id: ConnectionId) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        match world.hear(id) {
            heard if heard.is_empty() => return all,
            heard => all.extend(heard),
        }
    }
}

#[test]
fn an_address_has_so_many_connections() {
    let mut world = World::with(Limits { address_connections: 2, connections: 6, ..Limits::default() });
    let first = world.connect_from(1);
    world.connect_from(1);
    assert_eq!(world.try_connect_from(1), Err(TooMany::FromThere));
    world.connect_from(2);
    for _ in 0..3 {
        world.connect_from(0);
    }
    assert_eq!(world.try_connect_from(3), Err(TooMany::InAll));
    world.drop_link(first);
    world.connect_from(1);
}

#[test]
fn an_address_has_so_many_users_and_so_many_sign_ins() {
    let limits =
        Limits { address_users: 3, address_sign_ins: Rate { burst: 5, per_minute: 60 }, ..Limits::default() };
    let mut world = World::with(limits);
    let sign_in = |world: &mut World, address: usize, name: &str| {
        let id = world.connect_from(address);
        world.say(id, json!({"type": "login", "name": name}));
        let answer = world.hear(id).remove(0);
        (id, answer["reason"].as_str().map(str::to_owned))
    };
    let refused = Some("too-many".to_owned());
    let ids = ["A", "B", "C"].map(|name| sign_in(&mut world, 1, name).0);
    assert_eq!(sign_in(&mut world, 1, "D").1, refused);
    assert_eq!(sign_in(&mut world, 2, "D").1, None, "others are others");
    for number in 0..10 {
        assert_eq!(sign_in(&mut world, 0, &format!("Unknown {number}")).1, None);
    }
    for id in ids {
        world.hub.disconnect(world.now, id, true);
    }
    // Two more at once, then one a second.
    for (name, expected) in [("E", None), ("F", None), ("G", refused)] {
        assert_eq!(sign_in(&mut world, 1, name).1, expected, "{name}");
    }
    world.pass(1_000);
    assert_eq!(sign_in(&mut world, 1, "G").1, None);
}

#[test]
fn an_address_opens_so_many_connections_a_minute() {
    let handshakes = Rate { burst: 3, per_minute: 60 };
    let mut world = World::with(Limits { address_handshakes: handshakes, ..Limits::default() });
    for _ in 0..3 {
        let id = world.connect_from(1);
        world.drop_link(id);
    }
    assert_eq!(world.try_connect_from(1), Err(TooMany::FromThere), "though none is open");
    let there = ClientAddress::Known(std::net::Ipv4Addr::from_bits(1).into());
    assert_eq!(world.hub.may_connect(world.now, there), Err(TooMany::FromThere), "as its page is told");
    for address in [0, 0, 0, 0, 2] {
        world.connect_from(address);
    }
    world.pass(1_000);
    world.connect_from(1);
    assert_eq!(world.try_connect_from(1), Err(TooMany::FromThere));
}

/// Over however many connections, and whether the name is taken or not: nobody learns more of it.
#[test]
fn an_address_tries_so_many_names() {
    let refusals = Rate { burst: 3, per_minute: 60 };
    let mut world = World::with(Limits { address_refusals: refusals, ..Limits::default() });
    let (anna, token) = world.resumable("Anna");
    let try_name = |world: &mut World, address: usize, name: &str| {
        let id = world.connect_from(address);
        world.say(id, json!({"type": "login", "name": name}));
        world.hear(id).remove(0)["reason"].as_str().map(str::to_owned)
    };
    let [in_use, too_many] = ["in-use", "too-many"].map(|reason| Some(reason.to_owned()));
    for expected in [&in_use, &in_use, &in_use, &too_many] {
        assert_eq!(try_name(&mut world, 1, "Anna"), *expected);
    }
    assert_eq!(try_name(&mut world, 1, "Bob"), too_many, "nor that one is free");
    assert_eq!(try_name(&mut world, 2, "Anna"), in_use, "others are others");
    // Whoever has a name comes back to it all the same.
    world.drop_link(anna);
    let back = world.connect_from(1);
    world.say(back, json!({"type": "login", "name": "Anna", "resume": token}));
    assert_eq!(world.hear(back)[0]["resumed"], true);
    world.pass(2_000);
    assert_eq!(try_name(&mut world, 1, "Bob"), None);
}

#[test]
fn an_address_goes_into_so_many_rooms() {
    let joins = Rate { burst: 3, per_minute: 60 };
    let mut world = World::with(Limits { address_joins: joins, ..Limits::default() });
    let sign_in = |world: &mut World, address: usize, login: Value| {
        let id = world.connect_from(address);
        world.say(id, login);
        let answer = world.hear(id).remove(0);
        (id, answer["reason"].as_str().map(str::to_owned))
    };
    let (anna, _) = sign_in(&mut world, 1, json!({"type": "login", "name": "Anna"}));
    let join = |world: &mut World, id, room: &str| {
        world.say(id, json!({"type": "join", "room": room}));
        let reason = world.hear(id)[0]["reason"].as_str().map(str::to_owned);
        world.say(id, leave_room());
        world.hear(id);
        reason
    };
    assert_eq!(["a", "b"].map(|room| join(&mut world, anna, room)), [None, None]);
    let guest = |room: &str| json!({"type": "login", "name": "Guest", "room": room});
    assert_eq!(sign_in(&mut world, 1, guest("c")).1, None);
    let too_many = Some("too-many".to_owned());
    assert_eq!(sign_in(&mut world, 1, guest("d")).1, too_many);
    assert_eq!(join(&mut world, anna, "d"), too_many);
    let (bob, _) = sign_in(&mut world, 2, json!({"type": "login", "name": "Bob"}));
    assert_eq!(join(&mut world, bob, "d"), None, "others are others");
    world.pass(1_000);
    assert_eq!(join(&mut world, anna, "d"), None);
}

#[test]
fn an_address_comes_into_a_room_so_often_while_somebody_is_there() {
    let entries = Rate { burst: 2, per_minute: 60 };
    let mut world = World::with(Limits { address_entries: entries, ..Limits::default() });
    let come_and_go = |world: &mut World, address: usize| {
        let id = world.connect_from(address);
        world.say(id, json!({"type": "login", "name": "Guest", "room": "den"}));
        let reason = world.hear(id)[0]["reason"].as_str().map(str::to_owned);
        world.say(id, leave_room());
        reason
    };
    for _ in 0..5 {
        assert_eq!(come_and_go(&mut world, 1), None, "there is nobody to disturb");
    }
    let anna = world.connect_from(2);
    world.say(anna, json!({"type": "login", "name": "Anna", "room": "den"}));
    world.hear(anna);
    let too_many = Some("too-many".to_owned());
    assert_eq!([(); 3].map(|()| come_and_go(&mut world, 1)), [None, None, too_many.clone()]);
    assert_eq!(world.hear(anna).len(), 4, "two came, and two went");
    let bob = world.connect_from(1);
    world.say(bob, json!({"type": "login", "name": "Bob"}));
    world.hear(bob);
    world.say(bob, json!({"type": "join", "room": "Den"}));
    assert_eq!(world.hear(bob)[0]["reason"], "too-many", "by whatever name");
    assert_eq!(come_and_go(&mut world, 3), None, "others are others");
    world.pass(1_000);
    assert_eq!([(); 2].map(|()| come_and_go(&mut world, 1)), [None, too_many]);
}

#[test]
fn large_frames_count_as_several_and_before_sign_in_there_are_none() {
    let mut world = World::with(Limits { frames: Rate { burst: 20, per_minute: 0 }, ..Limits::default() });
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.say(anna, json!({"type": "offer", "name": "Bob", "offer": "x".repeat(60_000)}));
    assert_eq!(codes(&world.hear(anna)), ["too-fast"]);
    assert_eq!(world.hear(bob), [] as [Value; 0]);

    let mut world = World::new();
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": "x".repeat(5_000)}));
    let drain = world.hub.drain(id);
    assert!(drain.frames[0].contains("too-large"));
    assert_eq!(drain.close, Some(Close::TOO_LARGE));
}

/// Four strangers with as many offers as they like, while one is away.
#[test]
fn strangers_leave_room_for_those_one_talks_to() {
    for away in [false, true] {
        let mut world = World::new();
        let (anna, token) = world.resumable("Anna");
        let bob = world.classic("Bob");
        world.call(bob, (anna, "Anna"), Some("c"));
        world.say(anna, answer("Bob", Some("c")));
        world.hear(bob);
        if away {
            world.drop_link(anna);
        }
        for number in 0..40 {
            let stranger = world.classic(&format!("Stranger {number}"));
            for _ in 0..64 {
                world.say(stranger, offer("Anna", "s"));
                world.say(stranger, candidate("Anna", Some("s")));
            }
        }
        for _ in 0..60 {
            world.say(bob, candidate("Anna", Some("c")));
        }
        world.say(bob, offer("Anna", "c"));
        assert_eq!(world.hear(bob), [] as [Value; 0], "nothing was refused");
        let anna = if away { world.resume("Anna", &token, 1) } else { anna };
        let heard = hear_all(&mut world, anna);
        let of_bob = heard.iter().filter(|frame| frame["name"] == "Bob" && frame["type"] != "login");
        assert!(of_bob.count() >= 61, "{away}");
        let of_strangers = heard.iter().filter(|frame| frame["call"] == "s").count();
        assert!(of_strangers <= Limits::default().strangers_frames, "{of_strangers}");
    }
}

#[test]
fn what_rings_is_never_put_out_and_who_rings_beyond_is_told_busy() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.call(bob, (anna, "Anna"), Some("c"));
    let mut busy = 0;
    for number in 0..100 {
        let stranger = world.classic(&format!("Stranger {number}"));
        for again in 0..4 {
            world.say(stranger, offer("Anna", &format!("s{again}")));
        }
        busy += reasons(&world.hear(stranger)).iter().filter(|reason| **reason == "busy").count();
    }
    assert_eq!(busy, 97 * 4, "Bob and three others ring");
    assert_eq!(world.in_call("Anna"), 4);
    world.hear(anna);
    world.say(anna, answer("Bob", Some("c")));
    assert_eq!(kinds(&world.hear(bob)), ["answer"]);
}

#[test]
fn a_caller_rings_so_often() {
    let limits = Limits { rings: Rate { burst: 3, per_minute: 6 }, ..Limits::default() };
    let mut world = World::with(limits);
    let (anna, bob, eve) = (world.classic("Anna"), world.classic("Bob"), world.classic("Eve"));
    let rings = |world: &mut World| {
        world.say(eve, offer("Anna", "e"));
        let rang = kinds(&world.hear(eve)) == ["ringing"];
        world.say(anna, leave("Eve", Some("e")));
        world.hear(anna);
        world.hear(eve);
        rang
    };
    assert_eq!((0..20).filter(|_| rings(&mut world)).count(), 3);
    world.pass(10_000);
    assert_eq!((0..20).filter(|_| rings(&mut world)).count(), 1);
    world.call(bob, (anna, "Anna"), Some("b"));
}

/// Three who come and go without end, while a member is away or reads nothing.
#[test]
fn who_comes_and_goes_throws_nobody_out() {
    for away in [false, true] {
        let mut world = World::new();
        let (anna, token) = world.resumable("Anna");
        world.say(anna, json!({"type": "join", "room": "den"}));
        assert_eq!(kinds(&world.hear(anna)), ["room"]);
        if away {
            world.drop_link(anna);
        }
        for _ in 0..300 {
            let ids = [1, 2, 3].map(|number| {
                let (id, _) = world.guest(&format!("Eve {number}"), "den");
                let call = world.hear(id).into_iter().find(|frame| frame["type"] == "room").map(|frame| {
                    let of_anna = frame["members"].as_array().unwrap().iter();
                    of_anna.map(|member| member["call"].as_str().unwrap().to_owned()).next().unwrap()
                });
                if let Some(call) = call {
                    world.say(id, offer("Anna", &call));
                    world.say(id, reconnect("Anna", &call));
                }
                id
            });
            for id in ids {
                world.hub.disconnect(world.now, id, true);
            }
            world.now += 300;
        }
        let (stays, address) = world.guest("Bob", "den");
        world.hear(stays);
        let anna = if away { world.resume("Anna", &token, 1) } else { anna };
        let mut heard = hear_all(&mut world, anna);
        world.say(anna, json!({"type": "ping", "ack": heard.last().unwrap()["seq"]}));
        heard.extend(hear_all(&mut world, anna));
        assert_eq!(world.close_code(anna), None, "{away}");
        assert!(!away || heard[0]["resumed"] == true);
        let last = heard.iter().rev().find(|frame| frame["type"] == "room").expect("who is there");
        let names: Vec<_> = last["members"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
        assert_eq!(names, [&json!(address)]);
        assert!(heard.len() < 400, "{} frames", heard.len());
    }
}

#[test]
fn who_keeps_up_is_told_of_everybody() {
    let mut world = World::new();
    let anna = world.member("Anna", "den");
    for _ in 0..200 {
        let (id, _) = world.guest("Eve", "den");
        assert_eq!(kinds(&world.hear(anna)), ["joined"]);
        world.hub.disconnect(world.now, id, true);
        assert_eq!(kinds(&world.hear(anna)), ["left"]);
    }
}
