//! What a user may cost.

use super::world::{send, udp};
use super::*;

fn peer(number: u8) -> SocketAddr {
    SocketAddr::from(([1, 1, 1, number], 7000))
}

#[test]
fn so_many_allocations_each_and_in_all() {
    let mut world = World::new(Limits { user_allocations: 2, allocations: 3, ..Limits::default() });
    for number in [1, 2] {
        world.allocate(v4(number), "anna");
    }
    assert_eq!(code(&world.request(v4(3), "anna", ALLOCATE, &[&udp()])), 486);
    world.allocate(v4(4), "bell");
    assert_eq!(code(&world.request(v4(5), "bell", ALLOCATE, &[&udp()])), 508);
    assert_eq!(world.turn.counters().too_many, 2);
    world.disconnect(v4(1));
    world.allocate(v4(3), "anna");
}

#[test]
fn so_many_permissions_and_channels() {
    let mut world = World::new(Limits { permissions: 3, channels: 2, ..Limits::default() });
    world.allocate(v4(1), "anna");
    for number in [1, 2, 3, 1] {
        assert_eq!(world.permit(v4(1), "anna", peer(number)), 0);
    }
    assert_eq!(world.permit(v4(1), "anna", peer(4)), 508);
    assert_eq!(world.bind(v4(1), "anna", 0x4000, peer(1)), 0);
    assert_eq!(world.bind(v4(1), "anna", 0x4004, peer(4)), 508, "there is no permission left for it");
    assert_eq!(world.bind(v4(1), "anna", 0x4001, peer(2)), 0);
    assert_eq!(world.bind(v4(1), "anna", 0x4002, peer(3)), 508);
    world.pass(300_000);
    assert_eq!(world.permit(v4(1), "anna", peer(4)), 0);
}

#[test]
fn so_many_bytes_for_all_that_a_user_has() {
    let mut world =
        World::new(Limits { user_bytes_per_second: 1000, user_burst_bytes: 3000, ..Limits::default() });
    let first = world.allocate(v4(1), "anna");
    world.allocate(v4(2), "anna");
    world.allocate(v4(3), "bell");
    for (client, user) in [(v4(1), "anna"), (v4(2), "anna"), (v4(3), "bell")] {
        world.permit(client, user, peer(1));
    }
    let data = [7; 1000];
    assert_eq!(world.client_sends(v4(1), &send(peer(1), &data)).len(), 1);
    assert_eq!(world.client_sends(v4(2), &send(peer(1), &data)).len(), 1);
    assert_eq!(world.peer_sends(peer(1), first, &data).len(), 1);
    assert_eq!(world.client_sends(v4(1), &send(peer(1), &data)), []);
    assert_eq!(world.peer_sends(peer(1), first, &data), []);
    assert_eq!(world.turn.counters().over_budget, 2);
    assert_eq!(world.client_sends(v4(3), &send(peer(1), &data)).len(), 1, "somebody else");
    world.pass(1000);
    assert_eq!(world.client_sends(v4(1), &send(peer(1), &data)).len(), 1);
    assert_eq!(world.client_sends(v4(1), &send(peer(1), &data)), []);
}
