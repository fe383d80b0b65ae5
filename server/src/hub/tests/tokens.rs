//! A client may bring its own secret, and so repeat a login whose answer it never got.

use super::*;

const OWN: &str = "00c0ffee00c0ffee00c0ffee00c0ffee";

fn token(world: &mut World, name: &str, token: &str) -> (ConnectionId, Value) {
    let id = world.resume(name, token, 0);
    (id, world.hear(id).remove(0))
}

#[test]
fn a_secret_of_the_clients_own_is_adopted_and_resumes() {
    for own in [OWN, &OWN.repeat(2)] {
        let mut world = World::new();
        let (first, answer) = token(&mut world, "Anna", own);
        assert_eq!(
            answer,
            json!({"type": "login", "success": true, "name": "Anna", "resume": own, "version": 1})
        );
        let bob = world.classic("Bob");
        world.say(bob, offer("anna", "c"));
        world.say(first, json!({"type": "leave", "seq": 1}));
        // The client acts as if nothing had arrived. The server either takes the connection for alive or
        // knows that it is lost.
        for lost in [false, true] {
            if lost {
                world.drop_link(first);
            }
            let id = world.resume("Anna", own, 0);
            let heard = world.hear(id);
            let answer = &heard[0];
            assert_eq!((&answer["resumed"], &answer["received"]), (&json!(true), &json!(1)));
            assert_eq!((&answer["resume"], &heard[1]["type"]), (&json!(own), &json!("offer")));
        }
    }
}

#[test]
fn what_could_be_guessed_or_is_too_long_is_not_adopted() {
    let mut world = World::new();
    let (upper, odd, long) = (OWN.to_uppercase(), OWN.replace('c', "g"), OWN.repeat(2) + "0");
    for (number, own) in [&OWN[1..], "", &upper, &odd, &long, &OWN.replace("0", "é")].into_iter().enumerate()
    {
        let (_, answer) = token(&mut world, &format!("User {number}"), own);
        assert_eq!(answer["success"], true);
        assert_eq!(answer["resume"].as_str().map(str::len), Some(32));
        assert_ne!(answer["resume"], *own);
    }
}

#[test]
fn nobody_gets_a_token_that_another_has() {
    let mut world = World::new();
    let (anna, _) = token(&mut world, "Anna", OWN);
    let (_, answer) = token(&mut world, "Bob", OWN);
    assert_eq!((&answer["success"], answer.get("resumed")), (&json!(true), None));
    assert_ne!(answer["resume"], OWN);
    assert_eq!(world.close_code(anna), None);
    let (_, answer) = token(&mut world, "Anna", &OWN.replace('f', "e"));
    assert_eq!(answer["reason"], "in-use");
    // Nobody gets a token that a client has chosen and that the generator then makes. Here the generator
    // counts.
    let (_, answer) = token(&mut world, "Carol", &format!("{:032x}", 2));
    assert_eq!(answer["resume"], format!("{:032x}", 2));
    let (_, dave) = world.resumable("Dave");
    assert_eq!(dave, format!("{:032x}", 3));
}

#[test]
fn a_token_is_free_with_its_owner() {
    let mut world = World::new();
    let (anna, _) = token(&mut world, "Anna", OWN);
    world.hub.disconnect(world.now, anna, true);
    assert!(world.hub.tokens.is_empty());
    let (_, answer) = token(&mut world, "Bob", OWN);
    assert_eq!((&answer["resume"], answer.get("resumed")), (&json!(OWN), None));
}

/// A login that asks for a token, but brings none, comes from somebody else.
#[test]
fn a_fresh_login_for_a_name_that_is_taken_is_refused() {
    let mut world = World::new();
    let (anna, _) = token(&mut world, "Anna", OWN);
    for _ in 0..2 {
        let id = world.connect();
        world.say(id, json!({"type": "login", "name": "Anna", "resume": true}));
        assert_eq!(world.hear(id)[0]["reason"], "in-use");
        world.drop_link(anna);
    }
}
