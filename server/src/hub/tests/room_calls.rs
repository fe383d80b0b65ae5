//! What is relayed between the members of a room, and between them and others.

use super::*;

/// Two members of a room, each with the address by which the other knows them.
struct Two {
    world: World,
    one: (ConnectionId, String),
    other: (ConnectionId, String),
    call: String,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Named,
    Guest,
}

impl Two {
    fn of(one: Kind, other: Kind) -> Two {
        let mut world = World::new();
        let mut enter = |name: &str, kind| match kind {
            Kind::Guest => world.guest(name, "room"),
            Kind::Named => (world.member(name, "room"), name.to_owned()),
        };
        let (one, other) = (enter("Anna", one), enter("Bob", other));
        let call = world.hear(one.0)[0]["call"].as_str().unwrap().to_owned();
        Two { world, one, other, call }
    }

    /// Returns two members of every combination of kinds, and whether both signed in by name.
    fn all() -> impl Iterator<Item = (Two, bool)> {
        let kinds = [Kind::Named, Kind::Guest];
        let pairs = kinds.into_iter().flat_map(move |one| kinds.map(|other| (one, other)));
        pairs.map(|(one, other)| (Two::of(one, other), matches!((one, other), (Kind::Named, Kind::Named))))
    }
}

#[test]
fn everything_of_their_call_passes_both_ways() {
    for (two, _) in Two::all() {
        let Two { mut world, one, other, call } = two;
        for (from, to) in [(&other, &one), (&one, &other)] {
            for frame in [offer(&to.1, &call), answer(&to.1, Some(&call)), candidate(&to.1, Some(&call))] {
                world.say(from.0, frame.clone());
                let heard = world.hear(to.0);
                assert_eq!(
                    (kinds(&heard), &heard[0]["name"]),
                    (vec![frame["type"].as_str().unwrap()], &json!(from.1))
                );
                assert_eq!(heard[0]["call"], call);
                assert_eq!(world.hear(from.0), [] as [Value; 0], "nothing rings");
            }
        }
    }
}

#[test]
fn nothing_of_another_call_or_of_none_passes() {
    for (two, named) in Two::all() {
        let Two { mut world, one, other, .. } = two;
        for call in [None, Some("other")] {
            for frame in [answer(&one.1, call), candidate(&one.1, call)] {
                world.say(other.0, frame.clone());
                let heard = world.hear(other.0);
                let unavailable = json!("unavailable");
                assert!(heard[0]["code"] == unavailable || heard[0]["reason"] == unavailable, "{heard:?}");
                assert_eq!(world.hear(one.0), [] as [Value; 0], "{frame}");
            }
            let mut frame = offer(&one.1, "other");
            frame["call"] = json!(call);
            world.say(other.0, frame);
            let heard = world.hear(other.0);
            if named {
                assert_eq!(kinds(&world.hear(one.0)), ["offer"], "an ordinary call");
                assert_eq!(kinds(&heard), if call.is_some() { &["ringing"] as &[&str] } else { &[] });
                world.say(other.0, leave(&one.1, None));
                assert_eq!(kinds(&world.hear(one.0)), ["leave"]);
            } else {
                assert_eq!((heard.len(), &heard[0]["type"]), (1, &json!("leave")));
                assert_eq!((&heard[0]["name"], &heard[0]["reason"]), (&json!(one.1), &json!("unavailable")));
                assert_eq!(heard[0].get("call"), call.map(Value::from).as_ref());
                assert_eq!(world.hear(one.0), [] as [Value; 0]);
            }
        }
    }
}

#[test]
fn a_leave_ends_no_call_of_a_room() {
    for (two, _) in Two::all() {
        let Two { mut world, one, other, call } = two;
        for frame in [
            leave(&one.1, Some(&call)),
            leave(&one.1, None),
            json!({"type": "leave"}),
            json!({"type": "leave", "call": call}),
        ] {
            world.say(other.0, frame.clone());
            assert_eq!([one.0, other.0].map(|id| world.hear(id).len()), [0, 0], "{frame}");
        }
        world.say(other.0, candidate(&one.1, Some(&call)));
        assert_eq!(kinds(&world.hear(one.0)), ["candidate"]);
    }
}

#[test]
fn a_leave_ends_a_direct_call_beside_that_of_the_room() {
    let Two { mut world, one, other, call } = Two::of(Kind::Named, Kind::Named);
    // The last `leave` ends a call that has no id.
    for (direct, left) in
        [(Some("direct"), None), (Some("direct"), Some("direct")), (None, None), (None, Some(&*call))]
    {
        world.call(other.0, (one.0, "Anna"), direct);
        world.say(one.0, leave("Bob", left));
        assert_eq!(kinds(&world.hear(other.0)), ["leave"]);
        world.say(one.0, candidate("Bob", direct));
        assert_eq!(world.hear(one.0)[0]["code"], "unavailable");
        world.say(one.0, candidate("Bob", Some(&call)));
        assert_eq!(kinds(&world.hear(other.0)), ["candidate"]);
    }
}

#[test]
fn a_guest_is_there_for_the_room_alone() {
    let mut world = World::new();
    let (guest, address) = world.guest("Anna", "room");
    let (_, elsewhere) = world.guest("Bob", "elsewhere");
    let (stranger, member) = (world.classic("Stranger"), world.member("Member", "elsewhere"));
    let unavailable =
        |name: &str| json!({"type": "leave", "name": name, "call": "c", "reason": "unavailable"});
    for (from, to) in [
        (stranger, &*address),
        (member, &address),
        (guest, "Stranger"),
        (guest, "Member"),
        (guest, &elsewhere),
    ] {
        for frame in [offer(to, "c"), answer(to, Some("c"))] {
            world.say(from, frame);
            assert_eq!(world.hear(from), [unavailable(to)]);
        }
        world.say(from, candidate(to, Some("c")));
        assert_eq!(world.hear(from)[0]["code"], "unavailable");
        world.say(from, leave(to, Some("c")));
        assert_eq!(world.hear(from), [] as [Value; 0]);
    }
    world.say(guest, offer(&address, "c"));
    assert_eq!(world.hear(guest)[0]["reason"], "yourself");
    assert_eq!([guest, stranger].map(|id| world.hear(id).len()), [0, 0]);
    world.say(stranger, offer("Member", "c"));
    assert_eq!(kinds(&world.hear(member)), ["offer"], "who has signed in can be rung in a room too");
}

#[test]
fn to_reconnect_is_another_call_for_both() {
    for (two, named) in Two::all() {
        let Two { mut world, one, other, call } = two;
        world.say(one.0, reconnect(&other.1, &call));
        let (asker, asked) = (world.hear(one.0).remove(0), world.hear(other.0).remove(0));
        let new = asker["call"].as_str().unwrap();
        assert_ne!(new, call);
        assert_eq!(
            asker,
            json!({"type": "joined", "name": other.1, "displayName": "Bob", "call": new, "caller": true,
                "stay": 2})
        );
        assert_eq!(
            asked,
            json!({"type": "joined", "name": one.1, "displayName": "Anna", "call": new,
            "stay": 1})
        );
        // Both asked, so the call that the second one names has been replaced already.
        world.say(other.0, reconnect(&one.1, &call));
        assert_eq!([one.0, other.0].map(|id| world.hear(id).len()), [0, 0]);
        world.say(one.0, offer(&other.1, new));
        assert_eq!(kinds(&world.hear(other.0)), ["offer"]);
        world.say(one.0, candidate(&other.1, Some(&call)));
        assert_eq!(world.hear(one.0)[0]["code"], "unavailable");
        if !named {
            world.say(one.0, offer(&other.1, &call));
            assert_eq!(world.hear(one.0)[0]["reason"], "unavailable", "nor does it ring");
        }
        world.hub.disconnect(world.now, one.0, true);
        assert_eq!(world.hear(other.0).pop().map(|left| left["call"].clone()), Some(json!(new)));
    }
}

#[test]
fn to_reconnect_is_for_members_only() {
    let mut world = World::new();
    let anna = world.member("Anna", "room");
    let (bob, _) = (world.member("Bob", "elsewhere"), world.classic("Carol"));
    for name in ["Bob", "Carol", "Anna", "Nobody", "", "guest-00000000000000000000000000000000"] {
        world.say(anna, reconnect(name, "c"));
        let error = world.hear(anna).remove(0);
        assert_eq!((&error["code"], &error["call"]), (&json!("unavailable"), &json!("c")), "{name:?}");
    }
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn strangers_who_ring_cut_no_member_off() {
    let mut world = World::with(Limits { pairs: 2, ..Limits::default() });
    let anna = world.member("Anna", "room");
    for name in ["Bob", "Carol", "Dave"] {
        world.member(name, "room");
    }
    let calls: Vec<_> =
        world.hear(anna).iter().map(|joined| (joined["name"].clone(), joined["call"].clone())).collect();
    for number in 0..5 {
        let name = format!("Stranger {number}");
        let stranger = world.classic(&name);
        world.say(stranger, offer("Anna", "x"));
        // Strangers cut nobody off even if all of them are answered.
        world.say(anna, answer(&name, Some("x")));
    }
    world.hear(anna);
    assert_eq!(world.in_call("Anna"), 3 + 2);
    for (name, call) in calls {
        world.say(anna, candidate(name.as_str().unwrap(), call.as_str()));
        assert_eq!(world.hear(anna), [] as [Value; 0]);
    }
}

#[test]
fn what_is_late_of_a_call_in_a_room_begins_no_other() {
    let Two { mut world, one, other, call } = Two::of(Kind::Named, Kind::Named);
    world.say(one.0, leave_room());
    world.hear(one.0);
    world.say(other.0, offer(&one.1, &call));
    assert_eq!(world.hear(one.0), [] as [Value; 0], "it doesn't ring");
    let heard = world.hear(other.0).pop().unwrap();
    assert_eq!((&heard["type"], &heard["reason"]), (&json!("leave"), &json!("unavailable")));
}
