//! Answers, candidates and leaves go only to the other side of a call.

use super::*;

const NO_SUCH_CALL: &str = "You are in no such call with anybody of that name";

fn refusal(world: &mut World, id: ConnectionId) -> (Value, Value, Value) {
    let mut heard = world.hear(id);
    assert_eq!(kinds(&heard), ["error"]);
    let error = heard.remove(0);
    (error["code"].clone(), error["message"].clone(), error["call"].clone())
}

#[test]
fn one_who_was_not_called_can_send_nothing_but_an_offer() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    for call in [None, Some("c1")] {
        world.say(anna, answer("BOB", call));
        let expected = (json!("unavailable"), json!("Bob has not called you"), json!(call));
        assert_eq!(refusal(&mut world, anna), expected);
        world.say(anna, candidate("BOB", call));
        let expected = (json!("unavailable"), json!(NO_SUCH_CALL), json!(call));
        assert_eq!(refusal(&mut world, anna), expected);
        world.say(anna, leave("bob", call));
        assert_eq!(world.hear(anna), [] as [Value; 0]);
        assert_eq!(world.hear(bob), [] as [Value; 0]);
        assert_eq!([world.in_call("Anna"), world.in_call("Bob")], [0, 0]);
    }
}

#[test]
fn an_offer_opens_both_ways_for_its_own_call() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.call(anna, (bob, "Bob"), Some("c1"));
    for (id, other, name) in [(anna, bob, "Bob"), (bob, anna, "Anna")] {
        for frame in [answer(name, Some("c2")), candidate(name, Some("c2"))] {
            world.say(id, frame);
            assert_eq!(refusal(&mut world, id).2, "c2");
        }
        world.say(id, leave(name, Some("c2")));
        assert_eq!(world.hear(id), [] as [Value; 0]);
        assert_eq!(world.hear(other), [] as [Value; 0]);
        for call in [Some("c1"), None] {
            world.say(id, candidate(name, call));
            assert_eq!(kinds(&world.hear(other)), ["candidate"]);
        }
    }
    world.say(bob, answer("Anna", Some("c1")));
    for (id, other, name) in [(anna, bob, "Bob"), (bob, anna, "Anna")] {
        for call in [Some("c1"), None] {
            world.say(id, answer(name, call));
            assert_eq!(world.hear(other).pop().unwrap()["type"], "answer", "of a renegotiation");
        }
    }
    world.say(bob, leave("Anna", Some("c1")));
    assert_eq!(kinds(&world.hear(anna)), ["leave"], "a refusal, or a hang-up");
    for frame in [answer("Bob", Some("c1")), candidate("Bob", None)] {
        world.say(anna, frame);
        assert_eq!(refusal(&mut world, anna).0, "unavailable", "it is over");
    }
    world.say(anna, leave("Bob", Some("c1")));
    world.say(anna, leave("Bob", None));
    assert_eq!(world.hear(anna), [] as [Value; 0]);
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn nobody_accepts_their_own_call() {
    for call in [Some("c1"), None] {
        let mut world = World::new();
        let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
        world.call(anna, (bob, "Bob"), call);
        world.say(anna, answer("Bob", call));
        assert_eq!(refusal(&mut world, anna).1, "Bob has not called you");
        assert_eq!(world.hear(bob), [] as [Value; 0]);
        world.say(bob, answer("Anna", call));
        assert_eq!(kinds(&world.hear(anna)), ["answer"]);
    }
}

#[test]
fn a_candidate_tells_nobody_who_is_signed_in() {
    let mut world = World::new();
    let anna = world.classic("Anna");
    world.classic("Bob");
    let (_, guest) = world.guest("Cleo", "room");
    let nobody = format!("guest-{}", "0".repeat(32));
    let names = ["Bob", "Anna", "Nobody", "no\u{0}name", &guest, &nobody];
    let refusals = names.map(|name| {
        world.say(anna, candidate(name, Some("c1")));
        refusal(&mut world, anna)
    });
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:?}");
}

#[test]
fn a_call_without_an_id_is_all_that_a_classic_client_has() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.call(anna, (bob, "Bob"), None);
    for frame in [answer("Anna", Some("c1")), candidate("Anna", Some("c1")), leave("Anna", Some("c1"))] {
        let kind = frame["type"].clone();
        world.say(bob, frame);
        assert_eq!(world.hear(anna)[0]["type"], kind);
    }
    assert_eq!(world.in_call("Anna"), 0);
}

#[test]
fn a_leave_for_everyone_is_for_those_in_that_call() {
    let mut world = World::new();
    let (anna, bob, carol) = (world.classic("Anna"), world.classic("Bob"), world.classic("Carol"));
    world.call(anna, (bob, "Bob"), Some("c1"));
    world.call(anna, (carol, "Carol"), Some("c2"));
    world.say(anna, json!({"type": "leave", "call": "c2"}));
    assert_eq!(world.hear(bob), [] as [Value; 0]);
    assert_eq!(kinds(&world.hear(carol)), ["leave"]);
}

#[test]
fn two_who_call_each_other_get_one_call() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.say(anna, offer("Bob", "a"));
    world.say(bob, offer("Anna", "b"));
    world.say(bob, leave("Anna", Some("b")));
    world.say(bob, answer("Anna", Some("a")));
    assert_eq!(kinds(&world.hear(anna)), ["ringing", "offer", "leave", "answer"]);
    assert_eq!(kinds(&world.hear(bob)), ["offer", "ringing"]);
    world.drop_link(anna);
    assert_eq!(world.hear(bob), [json!({"type": "leave", "name": "Anna", "call": "a", "reason": "lost"})]);
}

#[test]
fn an_offer_that_was_not_handed_over_makes_no_pair() {
    let limits =
        Limits { queue_frames: 1, sender_frames: 1, reserve_frames: 9, pairs: 9, ..Limits::default() };
    let mut world = World::with(limits);
    let (anna, bob, carol) = (world.classic("Anna"), world.classic("Bob"), world.classic("Carol"));
    world.say(carol, offer("Bob", "full"));
    world.say(anna, offer("Bob", "c1"));
    assert_eq!(refusal(&mut world, anna).0, "queue-full");
    world.say(anna, offer("Nobody", "c2"));
    assert_eq!(kinds(&world.hear(anna)), ["leave"]);
    assert_eq!([world.in_call("Anna"), world.in_call("Bob")], [0, 1]);
    world.hear(bob);
    world.say(anna, candidate("Bob", Some("c1")));
    assert_eq!(refusal(&mut world, anna).0, "unavailable");
}

/// Otherwise a user who rings often enough could cut others off from each other.
#[test]
fn strangers_who_ring_part_nobody() {
    let mut world = World::with(Limits { pairs: 6, ..Limits::default() });
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.call(anna, (bob, "Bob"), Some("c"));
    world.say(bob, answer("Anna", Some("c")));
    assert_eq!(kinds(&world.hear(anna)), ["answer"]);
    for number in 0..10 {
        let stranger = world.classic(&format!("Stranger {number}"));
        world.say(stranger, offer("Anna", "x"));
        // Answering one's own offer doesn't make it an answered call.
        world.say(stranger, answer("Anna", Some("x")));
    }
    world.hear(anna);
    assert_eq!(world.in_call("Anna"), 5);
    world.say(bob, candidate("Anna", Some("c")));
    assert_eq!(kinds(&world.hear(anna)), ["candidate"]);
}

#[test]
fn one_stranger_does_not_silence_the_ringing_of_others() {
    let mut world = World::with(Limits { pairs: 6, ..Limits::default() });
    let (anna, bob, stranger) = (world.classic("Anna"), world.classic("Bob"), world.classic("Stranger"));
    world.call(bob, (anna, "Anna"), Some("c"));
    for number in 0..10 {
        world.say(stranger, offer("Anna", &format!("x{number}")));
    }
    world.say(anna, answer("Bob", Some("c")));
    assert_eq!(kinds(&world.hear(bob)), ["answer"]);
    assert_eq!((world.in_call("Anna"), world.in_call("Stranger")), (2, 1));
}
