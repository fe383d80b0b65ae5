//! Full queues, and floods.

use super::*;

fn small() -> Limits {
    Limits {
        queue_frames: 4,
        sender_frames: 4,
        reserve_frames: 3,
        queue_bytes: 2000,
        sender_bytes: 2000,
        ..Limits::default()
    }
}

#[test]
fn a_full_queue_refuses_the_frame_to_its_sender_and_loses_nothing_else() {
    let mut world = World::with(small());
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    for _ in 0..6 {
        world.say(anna, offer("bob", "c"));
    }
    let heard = world.hear(anna);
    assert_eq!(kinds(&heard), ["ringing", "error", "error"]);
    assert_eq!((&heard[1]["code"], &heard[1]["call"]), (&json!("queue-full"), &json!("c")));
    assert_eq!(world.hear(bob).len(), 4);
    assert_eq!(world.close_code(bob), None);
    world.say(anna, offer("bob", "c"));
    assert_eq!(world.hear(bob).len(), 1, "there is room again");
}

#[test]
fn bytes_are_bounded_too() {
    let mut world = World::with(small());
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    let fat = json!({"type": "offer", "name": "Bob", "offer": "x".repeat(900)});
    for _ in 0..3 {
        world.say(anna, fat.clone());
    }
    assert_eq!(world.hear(bob).len(), 2);
    assert_eq!(world.hear(anna)[0]["code"], "queue-full");
}

#[test]
fn frames_wait_for_their_acknowledgement() {
    let mut world = World::with(small());
    let (anna, _) = world.resumable("Anna");
    let bob = world.classic("Bob");
    for _ in 0..5 {
        world.say(bob, offer("anna", "c"));
    }
    assert_eq!(world.hear(anna).len(), 4);
    assert_eq!(world.hear(bob)[1]["code"], "queue-full");
    world.say(bob, offer("anna", "c"));
    assert_eq!(world.hear(bob)[0]["code"], "queue-full", "written, but not acknowledged");
    world.say(anna, json!({"type": "ping", "ack": 2}));
    world.say(bob, offer("anna", "c"));
    assert_eq!(world.hear(bob), [] as [Value; 0]);
}

#[test]
fn a_leave_of_the_hub_finds_room_in_a_full_queue() {
    let mut world = World::with(small());
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    for _ in 0..6 {
        world.say(anna, offer("bob", "c"));
    }
    world.drop_link(anna);
    assert_eq!(kinds(&world.hear(bob)), ["offer", "offer", "offer", "offer", "leave"]);
}

#[test]
fn who_reads_no_answers_is_closed_and_gone() {
    let mut world = World::with(small());
    let (anna, _) = world.resumable("Anna");
    let bob = world.classic("Bob");
    world.say(bob, offer("anna", "c"));
    world.hear(bob);
    for _ in 0..20 {
        world.say_text(anna, "nonsense");
    }
    assert_eq!(world.hub.connections[&anna].queued().len(), 4 + 3 + 1, "and the last word");
    assert_eq!(world.close_code(anna), Some(1008));
    assert_eq!(kinds(&world.hear(bob)), ["leave"]);
    world.classic("Anna");
}

#[test]
fn refused_logins_fill_the_queue_as_well() {
    let mut world = World::with(small());
    let id = world.connect();
    for _ in 0..20 {
        world.say(id, json!({"type": "login", "name": ""}));
    }
    assert_eq!(world.hub.connections[&id].queued().len(), 4 + 3 + 1);
    assert_eq!(world.close_code(id), Some(1008));
}

#[test]
fn a_flood_is_told_once_closed_and_has_no_grace() {
    let mut world = World::with(Limits { frames: Rate { burst: 5, per_minute: 600 }, ..Limits::default() });
    let (anna, _) = world.resumable("Anna");
    let (bob, _) = world.resumable("Bob");
    world.say(anna, offer("bob", "c"));
    world.hear(bob);
    for _ in 0..10 {
        world.say(anna, json!({"type": "ping"}));
    }
    let drain = world.hub.drain(anna);
    let errors = drain.frames.iter().filter(|text| text.contains("too-fast")).count();
    assert_eq!((errors, drain.close), (1, Some(Close::TOO_FAST)));
    assert_eq!(world.hear(bob)[0]["reason"], "lost");
    world.classic("Anna");
    world.drop_link(anna);
    assert_eq!(world.hub.user_count(), 2);
}

#[test]
fn a_steady_rate_is_no_flood() {
    let mut world = World::with(Limits { frames: Rate { burst: 5, per_minute: 600 }, ..Limits::default() });
    let anna = world.classic("Anna");
    for _ in 0..100 {
        world.now += 100;
        world.say(anna, json!({"type": "ping"}));
        assert_eq!(world.hear(anna).len(), 1);
    }
    assert_eq!(world.close_code(anna), None);
}

#[test]
fn one_who_is_away_while_even_the_reserve_fills_is_gone() {
    let mut world = World::with(small());
    let (anna, token) = world.resumable("Anna");
    let others: Vec<_> = (0..8).map(|number| world.classic(&format!("Other {number}"))).collect();
    for number in 0..8 {
        world.say(anna, offer(&format!("Other {number}"), "c"));
        world.say(anna, json!({"type": "ping", "ack": number + 1}));
        assert_eq!(kinds(&world.hear(anna)), ["ringing", "pong"]);
    }
    world.drop_link(anna);
    assert!(world.hub.next_expiry().is_some(), "she is away");
    for id in others {
        world.drop_link(id);
    }
    assert_eq!((world.hub.user_count(), world.hub.next_expiry()), (0, None));
    let again = world.resume("Anna", &token, 0);
    assert_eq!(world.hear(again)[0].get("resumed"), None, "she learns that something was lost");
}
