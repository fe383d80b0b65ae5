//! The names of the members of a room.

use super::*;

/// Signs in a guest of the room. Returns their address and their name there.
fn enter(world: &mut World, name: &str) -> (ConnectionId, String, String) {
    let id = world.connect();
    world.say(id, json!({"type": "login", "name": name, "room": "room"}));
    let answer = world.hear(id).remove(0);
    let text = |field: &str| answer[field].as_str().unwrap().to_owned();
    (id, text("name"), text("displayName"))
}

#[test]
fn guests_of_one_name_are_numbered() {
    let mut world = World::new();
    let called: Vec<_> =
        ["Anna", "ANNA", "anna 3", "anna", "Bob"].map(|name| enter(&mut world, name)).to_vec();
    let names: Vec<_> = called.iter().map(|(_, _, name)| name.as_str()).collect();
    assert_eq!(names, ["Anna", "ANNA 2", "anna 3", "anna 4", "Bob"]);
    world.drop_link(called[1].0);
    assert_eq!(enter(&mut world, "Anna").2, "Anna 2", "the first that is free");
}

#[test]
fn whoever_signed_in_by_that_name_came_first() {
    let mut world = World::new();
    world.member("Anna", "room");
    assert_eq!(enter(&mut world, "anna").2, "anna 2");
    assert_eq!(enter(&mut world, "ANNA").2, "ANNA 3");
}

#[test]
fn a_guest_gives_way_to_one_who_signed_in_by_that_name() {
    let mut world = World::new();
    let (guest, address, _) = enter(&mut world, "ANNA");
    let (other, other_address, called) = enter(&mut world, "Anna");
    assert_eq!(called, "Anna 2");
    world.hear(guest);
    let anna = world.classic("anna");
    world.say(anna, json!({"type": "join", "room": "room"}));
    let renamed = json!({"type": "renamed", "name": address, "displayName": "ANNA 3"});
    for id in [guest, other] {
        let heard = world.hear(id);
        assert_eq!(kinds(&heard), ["renamed", "joined"], "never two of the same name");
        assert_eq!(heard[0], renamed);
        assert_eq!((&heard[1]["name"], &heard[1]["displayName"]), (&json!("anna"), &json!("anna")));
    }
    let room = world.hear(anna);
    assert_eq!(kinds(&room), ["room"]);
    let members: Vec<_> =
        room[0]["members"].as_array().unwrap().iter().map(|it| (&it["name"], &it["displayName"])).collect();
    assert_eq!(members, [(&json!(address), &json!("ANNA 3")), (&json!(other_address), &json!("Anna 2"))]);
}

/// The number is added to the name that was asked for, not to the one that was given.
#[test]
fn a_guest_who_gives_way_twice_gets_one_number() {
    let mut world = World::new();
    let (guest, _, _) = enter(&mut world, "Anna");
    for (name, called) in [("Anna", "Anna 2"), ("Anna 2", "Anna 3")] {
        world.member(name, "room");
        assert_eq!(world.hear(guest)[0]["displayName"], called);
    }
    world.member("Bob", "room");
    assert_eq!(kinds(&world.hear(guest)), ["joined"], "nobody else is called so");
}

#[test]
fn a_long_name_is_shortened_for_its_number() {
    let mut world = World::new();
    let long = "é".repeat(32);
    assert_eq!(enter(&mut world, &long).2, long);
    assert_eq!(enter(&mut world, &long).2, format!("{} 2", "é".repeat(30)));
    let (guest, _, _) = enter(&mut world, "x");
    world.member(&long, "room");
    assert_eq!(world.hear(guest)[0]["displayName"], format!("{} 3", "é".repeat(30)));
}
