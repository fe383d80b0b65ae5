//! The deadline for signing in.

use super::*;

#[test]
fn one_who_does_not_sign_in_is_closed() {
    let mut world = World::new();
    let id = world.connect();
    assert_eq!(world.hub.next_expiry(), Some(world.now + 30_000));
    world.pass(29_999);
    world.say(id, json!({"type": "ping"}));
    assert_eq!(world.close_code(id), None);
    world.pass(1);
    assert_eq!(world.hub.take_woken(), [id]);
    let drain = world.hub.drain(id);
    assert!(drain.frames[0].contains(r#""code":"login-first""#));
    assert_eq!(drain.close, Some(Close { code: 1008, reason: "sign in first" }));
    assert_eq!(world.hub.next_expiry(), None);
    world.say(id, json!({"type": "login", "name": "Anna"}));
    assert_eq!(world.hub.user_count(), 0, "too late");
}

#[test]
fn one_who_signs_in_or_resumes_or_goes_is_not_waited_for() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    let gone = world.connect();
    world.drop_link(gone);
    assert_eq!(world.hub.next_expiry(), None);
    world.drop_link(anna);
    let again = world.resume("Anna", &token, 0);
    assert_eq!(world.hub.next_expiry(), None);
    world.pass(1_000_000);
    assert_eq!(world.close_code(again), None);
}

#[test]
fn a_refused_login_gives_the_time_again_but_not_for_ever() {
    let mut world = World::new();
    let id = world.connect();
    for _ in 0..19 {
        world.pass(29_999);
        world.say(id, json!({"type": "login", "name": ""}));
        assert_eq!(world.hear(id)[0]["reason"], "empty");
        assert_eq!(world.hub.next_expiry(), Some(world.now + 30_000));
    }
    assert_eq!(world.close_code(id), None);
    world.say(id, json!({"type": "login", "name": ""}));
    let drain = world.hub.drain(id);
    assert!(drain.frames[0].contains("empty") && drain.frames[1].contains("login-first"));
    assert_eq!(drain.close, Some(Close::SIGN_IN_FIRST));
}
