//! No single sender fills a receiver's queue.

use super::*;

fn limits() -> Limits {
    Limits {
        queue_frames: 8,
        sender_frames: 2,
        queue_bytes: 8000,
        sender_bytes: 2000,
        stranger_frames: 2,
        stranger_bytes: 2000,
        reserve_frames: 3,
        ..Limits::default()
    }
}

fn codes(frames: &[Value]) -> Vec<&Value> {
    frames.iter().filter(|frame| frame["type"] == "error").map(|frame| &frame["code"]).collect()
}

/// The connection's queue counts for a classic receiver, and the outbox for a receiver that acknowledges.
#[test]
fn one_sender_fills_only_a_part_of_a_queue() {
    for acknowledges in [false, true] {
        let mut world = World::with(limits());
        let anna = if acknowledges { world.resumable("Anna").0 } else { world.classic("Anna") };
        let (bob, carol) = (world.classic("Bob"), world.classic("Carol"));
        for _ in 0..3 {
            world.say(bob, offer("anna", "b"));
        }
        assert_eq!(codes(&world.hear(bob)), ["queue-full"], "{acknowledges}");
        for _ in 0..2 {
            world.say(carol, offer("anna", "c"));
        }
        assert_eq!(codes(&world.hear(carol)), [] as [&Value; 0], "{acknowledges}");
        assert_eq!(world.hear(anna).len(), 4);
        if acknowledges {
            world.say(bob, offer("anna", "b"));
            assert_eq!(codes(&world.hear(bob)), ["queue-full"], "it was written, but not acknowledged");
            world.say(anna, json!({"type": "ping", "ack": 1}));
        }
        world.say(bob, offer("anna", "b"));
        assert_eq!(codes(&world.hear(bob)), [] as [&Value; 0], "{acknowledges}: there is room again");
    }
}

#[test]
fn nor_does_one_with_large_frames() {
    let mut world = World::with(limits());
    let (anna, bob, carol) = (world.classic("Anna"), world.classic("Bob"), world.classic("Carol"));
    let fat = json!({"type": "offer", "name": "Anna", "offer": "x".repeat(1200)});
    for (id, expected) in [(bob, &["queue-full"] as &[&str]), (carol, &["queue-full"])] {
        world.say(id, fat.clone());
        world.say(id, fat.clone());
        assert_eq!(codes(&world.hear(id)), expected);
    }
    assert_eq!(world.hear(anna).len(), 2);
}

/// Frames that waited for a user who comes back keep their senders, so they still count against these.
#[test]
fn who_sent_what_survives_a_lost_connection() {
    let mut world = World::with(limits());
    let (anna, token) = world.resumable("Anna");
    let bob = world.classic("Bob");
    world.drop_link(anna);
    for _ in 0..3 {
        world.say(bob, offer("anna", "b"));
    }
    assert_eq!(codes(&world.hear(bob)), ["queue-full"]);
    let anna = world.resume("Anna", &token, 0);
    world.say(bob, offer("anna", "b"));
    assert_eq!(codes(&world.hear(bob)), ["queue-full"]);
    assert_eq!(world.hear(anna).len(), 3);
}

#[test]
fn the_end_of_a_call_is_always_let_in() {
    for queue_frames in [2, 8] {
        let mut world = World::with(Limits { queue_frames, ..limits() });
        let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
        for _ in 0..3 {
            world.say(bob, offer("anna", "b"));
        }
        assert_eq!(codes(&world.hear(bob)), ["queue-full"]);
        for _ in 0..9 {
            world.say(bob, json!({"type": "leave", "name": "Anna", "call": "b", "reason": "hangup"}));
        }
        assert_eq!(world.hear(bob), [] as [Value; 0]);
        assert_eq!(kinds(&world.hear(anna)), ["offer", "offer", "leave"], "once, and nobody is closed");
        assert_eq!([world.in_call("Anna"), world.in_call("Bob")], [0, 0]);
    }
}
