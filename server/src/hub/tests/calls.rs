//! Which users are told what of a call.

use super::*;

#[test]
fn the_classic_protocol_word_for_word() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    let description = json!({"type": "offer", "sdp": "v=0\r\n", "extra": [1.0e3]});
    world.say(anna, json!({"type": "offer", "name": "bob", "offer": description}));
    assert_eq!(world.hear(bob), [json!({"type": "offer", "offer": description, "name": "Anna"})]);
    assert_eq!(world.hear(anna), [] as [Value; 0], "a client without call ids gets no `ringing`");
    world.say(bob, json!({"type": "answer", "name": "Anna", "answer": {"type": "answer", "sdp": "x"}}));
    assert_eq!(
        world.hear(anna),
        [json!({"type": "answer", "answer": {"type": "answer", "sdp": "x"}, "name": "Bob"})]
    );
    world.say(anna, json!({"type": "candidate", "name": "Bob", "candidate": {"candidate": "c", "x": 1}}));
    world.say(anna, json!({"type": "candidate", "name": "Bob", "candidate": null}));
    assert_eq!(
        world.hear(bob),
        [
            json!({"type": "candidate", "candidate": {"candidate": "c", "x": 1}, "name": "Anna"}),
            json!({"type": "candidate", "candidate": null, "name": "Anna"})
        ]
    );
    world.say(anna, json!({"type": "leave", "name": "Bob"}));
    assert_eq!(world.hear(bob), [json!({"type": "leave", "name": "Anna"})]);
    world.drop_link(anna);
    assert_eq!(world.hear(bob), [] as [Value; 0], "the call was over already");
}

#[test]
fn payloads_are_passed_on_byte_for_byte() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    let odd = r#"{ "sdp" : "\u0041\/", "n":1.50E+2,"n":2 }"#;
    world.say_text(anna, &format!(r#"{{"type":"offer","name":"Bob","offer":{odd}}}"#));
    assert!(world.hub.drain(bob).frames[0].contains(odd));
}

#[test]
fn an_offer_that_was_handed_over_rings_once() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.say(anna, offer("bob", "c1"));
    assert_eq!(world.hear(bob)[0]["call"], "c1");
    assert_eq!(world.hear(anna), [json!({"type": "ringing", "name": "Bob", "call": "c1"})]);
    world.say(anna, offer("bob", "c1"));
    world.say(bob, offer("anna", "c1"));
    assert_eq!(kinds(&world.hear(anna)), ["offer"], "renegotiation doesn't ring");
    assert_eq!(kinds(&world.hear(bob)), ["offer"]);
    world.say(anna, offer("bob", "c2"));
    assert_eq!(world.hear(anna), [json!({"type": "ringing", "name": "Bob", "call": "c2"})]);
}

#[test]
fn what_cannot_be_handed_over_is_answered() {
    let mut world = World::new();
    let anna = world.classic("Anna");
    let answer = |to: &str| json!({"type": "answer", "name": to, "answer": {}, "call": "c"});
    let leave =
        |name: &str, reason: &str| json!({"type": "leave", "name": name, "call": "c", "reason": reason});
    for (frame, expected) in [
        (offer("Bob", "c"), Some(leave("Bob", "unavailable"))),
        (answer("Bob"), Some(leave("Bob", "unavailable"))),
        (offer("ANNA", "c"), Some(leave("ANNA", "yourself"))),
        (answer("Anna"), Some(leave("Anna", "yourself"))),
        (json!({"type": "leave", "name": "Bob"}), None),
        (json!({"type": "leave", "name": "Anna"}), None),
        (json!({"type": "leave"}), None),
    ] {
        world.say(anna, frame.clone());
        assert_eq!(world.hear(anna), Vec::from_iter(expected), "{frame}");
    }
    world.say(anna, json!({"type": "candidate", "name": "Bob", "candidate": null, "call": "c"}));
    let error = world.hear(anna).remove(0);
    assert_eq!((&error["code"], &error["call"]), (&json!("unavailable"), &json!("c")));
    world.say(anna, offer(&"x".repeat(60_000), "c"));
    assert_eq!(world.hear(anna), [json!({"type": "leave", "call": "c", "reason": "unavailable"})]);
}

#[test]
fn whoever_is_in_a_call_with_one_who_goes_is_told() {
    for (clean, reason) in [(true, "hangup"), (false, "lost")] {
        let mut world = World::new();
        let (anna, bob, carol) = (world.classic("Anna"), world.classic("Bob"), world.classic("Carol"));
        world.say(anna, offer("bob", "c1"));
        world.hear(bob);
        world.hub.disconnect(world.now, anna, clean);
        assert_eq!(
            world.hear(bob),
            [json!({"type": "leave", "name": "Anna", "call": "c1", "reason": reason})]
        );
        assert_eq!(world.hear(carol), [] as [Value; 0]);
        assert_eq!(world.in_call("Bob"), 0);
    }
}

#[test]
fn a_leave_without_a_name_goes_to_everyone_in_a_call() {
    let mut world = World::new();
    let (anna, bob, carol) = (world.classic("Anna"), world.classic("Bob"), world.classic("Carol"));
    let dave = world.classic("Dave");
    world.say(anna, offer("bob", "c1"));
    world.say(carol, offer("anna", "c2"));
    for id in [bob, carol] {
        world.hear(id);
    }
    world.say(anna, json!({"type": "leave"}));
    assert_eq!(world.hear(bob), [json!({"type": "leave", "name": "Anna"})]);
    assert_eq!(world.hear(carol), [json!({"type": "leave", "name": "Anna"})]);
    assert_eq!(world.hear(dave), [] as [Value; 0]);
    assert_eq!([world.in_call("Anna"), world.in_call("Bob"), world.in_call("Carol")], [0; 3]);
}

#[test]
fn a_leave_ends_its_own_call_only() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.call(anna, (bob, "Bob"), Some("old"));
    world.say(bob, answer("Anna", Some("old")));
    world.call(anna, (bob, "Bob"), Some("new"));
    world.say(anna, json!({"type": "leave", "name": "Bob", "call": "old", "reason": "cancelled"}));
    let heard = world.hear(bob);
    assert_eq!(heard[0]["reason"], "cancelled");
    world.drop_link(anna);
    assert_eq!(world.hear(bob), [json!({"type": "leave", "name": "Anna", "call": "new", "reason": "lost"})]);
}

#[test]
fn a_classic_answer_belongs_to_the_call_there_is() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.say(anna, offer("bob", "c1"));
    world.say(bob, json!({"type": "answer", "name": "Anna", "answer": {}}));
    assert_eq!(world.in_call("Bob"), 1);
    world.say(anna, json!({"type": "leave", "name": "Bob", "call": "c1"}));
    world.hear(bob);
    world.drop_link(anna);
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn beyond_the_limit_no_call_begins_and_none_is_forgotten() {
    let mut world = World::with(Limits { pairs: 2, ..Limits::default() });
    let anna = world.classic("Anna");
    let others = ["B", "C", "D"].map(|name| world.classic(name));
    for name in ["B", "C", "D"] {
        world.say(anna, offer(name, "c"));
    }
    assert_eq!([world.in_call("Anna"), world.in_call("B"), world.in_call("D")], [2, 1, 0]);
    let heard = world.hear(anna);
    assert_eq!((kinds(&heard), &heard[2]["reason"]), (vec!["ringing", "ringing", "leave"], &json!("busy")));
    world.drop_link(anna);
    assert_eq!(others.map(|id| world.hear(id).len()), [2, 2, 0]);
}

/// Those are served first.
#[test]
fn who_is_in_an_answered_call_or_in_a_room_with_others_is_in_a_call() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    let in_call = |world: &World, ids: [ConnectionId; 2]| ids.map(|id| world.hub.is_in_call(id));
    assert_eq!(in_call(&world, [anna, bob]), [false, false]);
    world.call(anna, (bob, "Bob"), Some("c1"));
    assert_eq!(in_call(&world, [anna, bob]), [false, false], "it rings");
    world.say(bob, json!({"type": "answer", "name": "Anna", "answer": {}, "call": "c1"}));
    assert_eq!(in_call(&world, [anna, bob]), [true, true]);
    world.say(bob, json!({"type": "leave", "name": "Anna", "call": "c1"}));
    assert_eq!(in_call(&world, [anna, bob]), [false, false]);
    let carol = world.member("Carol", "den");
    let unsigned = world.connect();
    assert_eq!(in_call(&world, [carol, unsigned]), [false, false], "alone");
    let (dan, _) = world.guest("Dan", "den");
    assert_eq!(in_call(&world, [carol, dan]), [true, true]);
}
