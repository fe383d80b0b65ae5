//! Numbered frames, and resuming on another connection.

use super::*;

#[test]
fn frames_are_numbered_only_for_those_who_asked() {
    let mut world = World::new();
    let (anna, _) = world.resumable("Anna");
    let bob = world.classic("Bob");
    world.say(bob, offer("anna", "c"));
    world.say(bob, json!({"type": "leave", "name": "anna", "call": "c"}));
    let heard = world.hear(anna);
    assert_eq!([&heard[0]["seq"], &heard[1]["seq"]], [1, 2]);
    assert!(world.hear(bob)[0].get("seq").is_none());
    world.say(anna, json!({"type": "ping"}));
    assert_eq!(world.hear(anna), [json!({"type": "pong", "ack": 0})]);
}

#[test]
fn acknowledgements_ride_on_frames_or_come_by_themselves() {
    let mut world = World::new();
    let (anna, _) = world.resumable("Anna");
    let bob = world.classic("Bob");
    world.call(anna, (bob, "Bob"), None);
    let candidate = |seq: u64| json!({"type": "candidate", "name": "Bob", "candidate": null, "seq": seq});
    for seq in 1..=15 {
        world.say(anna, candidate(seq));
    }
    assert_eq!(world.hear(anna), [] as [Value; 0]);
    world.say(anna, candidate(16));
    assert_eq!(world.hear(anna), [json!({"type": "pong", "ack": 16})]);
    world.say(anna, candidate(17));
    world.say(bob, offer("anna", "c"));
    assert_eq!(world.hear(anna)[0]["ack"], 17);
}

#[test]
fn one_who_comes_back_gets_what_was_not_received_and_in_order() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    let bob = world.classic("Bob");
    for call in ["c1", "c2"] {
        world.say(bob, offer("anna", call));
    }
    world.say(anna, json!({"type": "candidate", "name": "Bob", "candidate": null, "seq": 1}));
    let before = world.hear(anna);
    world.drop_link(anna);
    world.say(bob, offer("anna", "c3"));
    let after = world.hear(bob);
    assert_eq!(kinds(&after), ["ringing", "ringing", "candidate"], "one who is away doesn't ring");
    let anna = world.resume("ANNA", &token, 1);
    let heard = world.hear(anna);
    assert_eq!(
        heard[0],
        json!({"type": "login", "success": true, "name": "Anna", "resume": token, "resumed": true,
            "received": 1, "version": 1})
    );
    assert_eq!(heard[1], before[1]);
    assert_eq!((&heard[2]["call"], &heard[2]["seq"]), (&json!("c3"), &json!(3)));
    assert_eq!(heard.len(), 3);
    // Now it rings, which is told to the caller once.
    assert_eq!(world.hear(bob), [json!({"type": "ringing", "name": "Anna", "call": "c3"})]);
    // The client sends a frame again if it isn't sure of it. Each frame counts once.
    world.say(anna, json!({"type": "candidate", "name": "Bob", "candidate": null, "seq": 1}));
    assert_eq!(world.hear(bob), [] as [Value; 0]);
    world.say(anna, json!({"type": "leave", "name": "Bob", "call": "c3", "seq": 2, "ack": 3}));
    assert_eq!(kinds(&world.hear(bob)), ["leave"]);
    world.drop_link(anna);
    let anna = world.resume("Anna", &token, 0);
    assert_eq!(kinds(&world.hear(anna)), ["login"], "everything was acknowledged");
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn within_the_grace_the_name_stays_and_after_it_is_free() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    let bob = world.classic("Bob");
    world.say(anna, offer("bob", "c1"));
    world.hear(bob);
    world.drop_link(anna);
    assert_eq!(world.hub.next_expiry(), Some(world.now + 20_000));
    world.pass(19_999);
    assert_eq!(world.hear(bob), [] as [Value; 0]);
    let other = world.connect();
    world.say(other, json!({"type": "login", "name": "Anna"}));
    assert_eq!(world.hear(other)[0]["reason"], "in-use");
    world.drop_link(other);
    let again = world.resume("Anna", &token, 0);
    assert_eq!(world.hub.next_expiry(), None);
    world.drop_link(again);
    world.pass(20_000);
    assert_eq!(world.hear(bob), [json!({"type": "leave", "name": "Anna", "call": "c1", "reason": "lost"})]);
    assert_eq!(world.hub.next_expiry(), None);
    let late = world.resume("Anna", &token, 7);
    let answer = world.hear(late).remove(0);
    assert_eq!(answer["success"], true);
    assert_eq!(answer.get("resumed"), None, "a fresh login");
}

#[test]
fn a_clean_close_ends_a_resumable_user_at_once() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    world.hub.disconnect(world.now, anna, true);
    assert_eq!((world.hub.user_count(), world.hub.next_expiry()), (0, None));
    let again = world.resume("Anna", &token, 0);
    assert_eq!(world.hear(again)[0].get("resumed"), None);
}

#[test]
fn a_connection_that_still_stands_is_replaced() {
    let mut world = World::new();
    let (old, token) = world.resumable("Anna");
    let new = world.resume("Anna", &token, 0);
    let drain = world.hub.drain(old);
    assert_eq!(drain.close, Some(Close::REPLACED));
    assert!(drain.frames[0].contains(r#""code":"replaced""#) && !drain.frames[0].contains("seq"));
    assert_eq!(world.hear(new)[0]["resumed"], true);
    world.hub.disconnect(world.now, old, true);
    let bob = world.classic("Bob");
    world.say(bob, offer("anna", "c"));
    assert_eq!(kinds(&world.hear(new)), ["offer"]);
}

#[test]
fn another_token_or_name_resumes_nothing() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    let bob = world.classic("Bob");
    for (name, token, answer) in [
        ("Anna", "0".repeat(32), "in-use"),
        ("Anna", format!("+{}", &token[1..]), "in-use"),
        ("Anna", String::new(), "in-use"),
        ("Bob", token.clone(), "in-use"),
    ] {
        let id = world.resume(name, &token, 0);
        assert_eq!(world.hear(id)[0]["reason"], answer);
    }
    let id = world.resume("Carol", &token, 0);
    assert_eq!(world.hear(id)[0]["success"], true);
    assert_eq!([anna, bob].map(|id| world.close_code(id)), [None, None]);
}

#[test]
fn a_gap_closes_the_connection_and_resuming_mends_it() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    world.say(anna, json!({"type": "leave", "name": "Bob", "seq": 1}));
    world.say(anna, json!({"type": "leave", "name": "Bob", "seq": 3}));
    let drain = world.hub.drain(anna);
    assert_eq!(drain.close, Some(Close::OUT_OF_ORDER));
    assert!(drain.frames[0].contains("out-of-order"));
    let again = world.resume("Anna", &token, 0);
    let answer = world.hear(again).remove(0);
    assert_eq!(answer["resumed"], true);
    assert_eq!(answer["received"], 1);
}

/// A client that never got the answer to its login after a restart of the server counts on from before.
#[test]
fn numbers_of_an_earlier_life_are_not_resumed() {
    for (received, first) in [(3, None), (0, Some(5))] {
        let mut world = World::new();
        let (anna, token) = world.resumable("Anna");
        let bob = world.classic("Bob");
        world.say(bob, offer("anna", "c"));
        world.hear(bob);
        world.drop_link(anna);
        let mut anna = world.resume("Anna", &token, received);
        if let Some(seq) = first {
            assert_eq!(world.hear(anna)[0]["resumed"], true, "nothing is strange so far");
            world.say(anna, json!({"type": "leave", "name": "Bob", "seq": seq}));
            assert_eq!(world.close_code(anna), Some(1002));
            world.drop_link(anna);
            anna = world.resume("Anna", &token, received);
        }
        let answer = world.hear(anna).remove(0);
        assert_eq!((&answer["success"], answer.get("resumed")), (&json!(true), None), "{received}");
        assert_eq!(world.hear(bob).pop().unwrap()["reason"], "lost", "{received}");
        world.say(anna, json!({"type": "leave", "name": "Bob", "seq": 1}));
        assert_eq!(world.close_code(anna), None);
        assert_eq!(world.hub.user_count(), 2);
    }
}

#[test]
fn a_numbered_frame_that_is_not_understood_still_counts() {
    let mut world = World::new();
    let (anna, _) = world.resumable("Anna");
    let bob = world.classic("Bob");
    world.call(anna, (bob, "Bob"), None);
    world.say(anna, json!({"type": "of the future", "seq": 1}));
    assert_eq!(world.hear(anna)[0]["code"], "unknown-type");
    let waiting = |world: &World| {
        let user = world.hub.users.values().find(|user| user.name.as_str() == "Anna").unwrap();
        user.resumption.iter().flat_map(|it| it.unacknowledged()).count()
    };
    assert_eq!(waiting(&world), 1);
    world.say(anna, json!({"type": "of the future", "ack": 1}));
    assert_eq!(waiting(&world), 1, "only the answer to this one");
    world.say(anna, json!({"type": "candidate", "name": "Bob", "candidate": null, "seq": 2}));
    assert_eq!(kinds(&world.hear(bob)), ["candidate"]);
}
