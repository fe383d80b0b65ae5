//! Frames that are invalid, and connections that are gone.

use super::*;

#[test]
fn nonsense_is_answered_and_the_connection_goes_on() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    let long = format!(r#"{{"type":"ping","x":"{}"}}"#, "x".repeat(64 * 1024));
    for (text, code) in [
        ("", "not-json"),
        ("{", "not-json"),
        ("[]", "not-an-object"),
        ("7", "not-an-object"),
        ("{}", "bad-message"),
        (r#"{"type":7}"#, "bad-message"),
        (r#"{"type":"offer","name":"Bob"}"#, "bad-message"),
        (r#"{"type":"offer","name":7,"offer":{}}"#, "bad-message"),
        (r#"{"type":"leave","name":"Bob","call":"no good"}"#, "bad-message"),
        (r#"{"type":"login","name":"Bob","resume":{}}"#, "bad-message"),
        (r#"{"type":"dance"}"#, "unknown-type"),
        (&long, "too-large"),
    ] {
        world.say_text(anna, text);
        let heard = world.hear(anna);
        assert_eq!((heard.len(), &heard[0]["code"]), (1, &json!(code)), "{}", &text[..text.len().min(80)]);
    }
    world.hub.receive_binary(world.now, anna);
    assert_eq!(world.hear(anna)[0]["code"], "binary");
    world.say(anna, json!({"type": "dance"}));
    assert_eq!(world.hear(anna)[0]["message"], "Command not found: dance");
    assert_eq!(world.hear(bob), [] as [Value; 0]);
    world.say(anna, offer("bob", "c"));
    assert_eq!(kinds(&world.hear(bob)), ["offer"]);
}

#[test]
fn what_an_error_quotes_is_bounded() {
    let mut world = World::new();
    let id = world.classic("Anna");
    world.say(id, json!({"type": "é".repeat(20_000)}));
    let message = world.hear(id)[0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Command not found: é") && message.ends_with('…') && message.len() < 512);
}

#[test]
fn a_frame_that_was_not_read_to_its_end_closes() {
    let mut world = World::new();
    let (anna, token) = world.resumable("Anna");
    world.hub.receive_too_large(anna);
    let drain = world.hub.drain(anna);
    assert!(drain.frames[0].contains("too-large"));
    assert_eq!(drain.close, Some(Close::TOO_LARGE));
    world.drop_link(anna);
    let again = world.resume("Anna", &token, 0);
    assert_eq!(world.hear(again)[0]["resumed"], true);
}

#[test]
fn the_dead_are_not_heard() {
    let mut world = World::new();
    let anna = world.classic("Anna");
    world.drop_link(anna);
    world.drop_link(anna);
    world.say(anna, json!({"type": "login", "name": "Anna"}));
    world.hub.receive_binary(world.now, anna);
    world.hub.receive_too_large(anna);
    assert!(world.hub.drain(anna).frames.is_empty());
    assert_eq!((world.hub.user_count(), world.hub.connection_count()), (0, 0));
}

#[test]
fn each_connection_is_listed_once_and_only_with_something_to_drain() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    assert_eq!(world.hub.take_woken(), [], "both were drained");
    world.say(anna, offer("bob", "c"));
    world.say(anna, offer("bob", "c"));
    let mut woken = world.hub.take_woken();
    woken.sort();
    assert_eq!(woken, [anna, bob]);
    assert_eq!(world.hub.take_woken(), []);
    world.hub.shut_down();
    assert_eq!(world.hub.take_woken().len(), 2);
    assert_eq!(world.close_code(anna), Some(1012));
}

/// What a server that ends does to one, as to a classic client who can't resume, ends nobody else's call.
#[test]
fn nobody_hears_of_others_while_all_are_closed() {
    let mut world = World::new();
    let (anna, bob) = (world.classic("Anna"), world.classic("Bob"));
    world.say(anna, offer("bob", "c"));
    world.hear(anna);
    world.hear(bob);
    world.hub.shut_down();
    world.drop_link(anna);
    assert_eq!(world.hear(bob), Vec::<Value>::new());
}
