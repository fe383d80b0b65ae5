//! Names stay their owners' over a restart.

use super::*;

const KEY: [u8; 32] = [7; 32];
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";

/// A server that was started at `started_ms`.
fn server(started_ms: u64) -> World {
    let mut world = World::new();
    world.hub.keep_names(Tickets::new(KEY, started_ms));
    world
}

fn login(world: &mut World, name: &str, token: &str, ticket: Option<&Value>) -> (ConnectionId, Value) {
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": name, "resume": token, "ticket": ticket}));
    let answer = world.hear(id).remove(0);
    (id, answer)
}

fn ticket_of(started_ms: u64, name: &str, token: &str) -> Value {
    login(&mut server(started_ms), name, token, None).1["ticket"].clone()
}

#[test]
fn whoever_had_the_name_gets_it_back_from_who_took_it_meanwhile() {
    let ticket = ticket_of(1_000, "Anna", TOKEN);
    for squatted in ["anna", "Αnna"] {
        let mut world = server(100_000);
        let (eve, _) = login(&mut world, squatted, OTHER, None);
        let (_, answer) = login(&mut world, "Anna", TOKEN, Some(&ticket));
        assert_eq!(answer["success"], true, "{squatted}");
        assert_eq!(world.hear(eve)[0]["code"], "replaced");
        let (_, answer) = login(&mut world, squatted, OTHER, None);
        assert_eq!(answer["success"], false);
    }
}

#[test]
fn what_is_no_ticket_for_this_name_from_before_is_none() {
    let mut forged = ticket_of(1_000, "Anna", TOKEN).as_str().unwrap().to_owned();
    let last = if forged.pop() == Some('0') { '1' } else { '0' };
    forged.push(last);
    for (ticket, token, why) in [
        (json!(forged), TOKEN, "forged"),
        (ticket_of(1_000, "Anna", OTHER), TOKEN, "for another token"),
        (ticket_of(1_000, "Bob", TOKEN), TOKEN, "for another name"),
        (ticket_of(100_000, "Anna", TOKEN), TOKEN, "of this run of the server"),
        (json!("1.ä"), TOKEN, "nonsense"),
        (json!("9999999999999999999999.00"), TOKEN, "nonsense"),
        (json!(""), TOKEN, "nonsense"),
    ] {
        let mut world = server(100_000);
        login(&mut world, "Anna", "00000000000000000000000000000000", None);
        let (_, answer) = login(&mut world, "Anna", token, Some(&ticket));
        assert_eq!(answer["reason"], "in-use", "{why}");
    }
}

#[test]
fn of_two_who_had_it_the_later_one_has_it() {
    let [first, second] = [(1_000, TOKEN), (50_000, OTHER)].map(|(at, token)| ticket_of(at, "Anna", token));
    let mut world = server(100_000);
    login(&mut world, "Anna", TOKEN, Some(&first));
    let (_, answer) = login(&mut world, "Anna", OTHER, Some(&second));
    assert_eq!(answer["success"], true);
    let (_, answer) = login(&mut world, "Anna", TOKEN, Some(&first));
    assert_eq!(answer["reason"], "in-use");
}

#[test]
fn after_a_while_whoever_has_it_has_it() {
    let ticket = ticket_of(1_000, "Anna", TOKEN);
    let mut world = server(100_000);
    world.pass(5 * 60_000);
    login(&mut world, "Anna", OTHER, None);
    let (_, answer) = login(&mut world, "Anna", TOKEN, Some(&ticket));
    assert_eq!(answer["reason"], "in-use");
    let mut world = server(100_000 + 27 * 3_600_000);
    login(&mut world, "Anna", OTHER, None);
    let (_, answer) = login(&mut world, "Anna", TOKEN, Some(&ticket));
    assert_eq!(answer["reason"], "in-use", "an old ticket");
}

#[test]
fn guests_and_those_who_cannot_resume_have_none() {
    let mut world = server(1_000);
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": "Gil", "room": "den", "resume": TOKEN}));
    let guest = world.hear(id).remove(0);
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": "Anna"}));
    let classic = world.hear(id).remove(0);
    assert_eq!((guest.get("ticket"), classic.get("ticket")), (None, None));
}
