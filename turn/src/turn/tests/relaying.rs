//! Data from clients to peers, and back.

use turn_types::channel::ChannelData;

use super::world::{received, send};
use super::*;

fn channel(number: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 4 + data.len()];
    ChannelData::new(number, data).write_into_unchecked(&mut bytes);
    bytes
}

fn peer() -> SocketAddr {
    "1.1.1.1:7000".parse().unwrap()
}

#[test]
fn by_indications() {
    let mut world = World::new(Limits::default());
    let relayed = world.allocate(v4(1), "anna");
    assert_eq!(world.client_sends(v4(1), &send(peer(), b"hello")), [], "not permitted");
    assert_eq!(world.peer_sends(peer(), relayed, b"hello"), []);
    assert_eq!(world.permit(v4(1), "anna", peer()), 0);
    for length in 0..9 {
        let data = vec![0xEE; length];
        let sent = world.client_sends(v4(1), &send(peer(), &data));
        assert_eq!(sent, [Event::ToPeer(relayed, peer(), data.clone())]);
        // A permission is for an address with every port.
        let elsewhere = "1.1.1.1:9".parse().unwrap();
        let events = world.peer_sends(elsewhere, relayed, &data);
        let [Event::ToClient(to, bytes)] = &events[..] else { panic!("{events:?}") };
        assert_eq!((*to, received(bytes)), (v4(1), (elsewhere, data)));
    }
    assert_eq!(world.peer_sends("1.1.1.2:7000".parse().unwrap(), relayed, b"hello"), []);
    assert_eq!(world.client_sends(v4(2), &send(peer(), b"hello")), [], "somebody else's permission");
    // 9 datagrams each way.
    assert_eq!(world.turn.counters().relayed_datagrams, 18);
    assert_eq!(world.turn.counters().relayed_bytes, 2 * 36);
    world.pass(300_000);
    assert_eq!(world.client_sends(v4(1), &send(peer(), b"hello")), [], "the permission has expired");
    assert_eq!(world.peer_sends(peer(), relayed, b"hello"), []);
}

#[test]
fn by_channels() {
    for client in [v4(1), v6(1)] {
        let mut world = World::new(Limits::default());
        let relayed = world.allocate(client, "anna");
        assert_eq!(world.client_sends(client, &channel(0x4000, b"hello")), []);
        assert_eq!(world.bind(client, "anna", 0x4000, peer()), 0);
        for padded in [&channel(0x4000, b"hello")[..], &[&channel(0x4000, b"hello")[..], &[0; 3]].concat()] {
            let sent = world.client_sends(client, padded);
            assert_eq!(sent, [Event::ToPeer(relayed, peer(), b"hello".to_vec())]);
        }
        let mut expected = channel(0x4000, b"hello");
        if client.is_stream() {
            expected.extend([0; 3]);
        }
        assert_eq!(world.peer_sends(peer(), relayed, b"hello"), [Event::ToClient(client, expected)]);
        // Another port of the peer is no channel's.
        let events = world.peer_sends("1.1.1.1:9".parse().unwrap(), relayed, b"hello");
        let [Event::ToClient(_, bytes)] = &events[..] else { panic!("{events:?}") };
        received(bytes);
        let mut short = channel(0x4000, b"hello");
        short.pop();
        assert_eq!(world.client_sends(client, &short), []);
        assert_eq!(world.client_sends(client, &[&channel(0x4000, b"hello")[..], &[0; 4]].concat()), []);
        // The permission that comes with a channel lasts less long than it.
        world.pass(299_999);
        assert_eq!(world.client_sends(client, &channel(0x4000, b"hello")).len(), 1);
        world.pass(1);
        assert_eq!(world.client_sends(client, &channel(0x4000, b"hello")), []);
        assert_eq!(world.permit(client, "anna", peer()), 0);
        assert_eq!(world.client_sends(client, &channel(0x4000, b"hello")).len(), 1);
    }
}

#[test]
fn between_two_clients_no_socket_is_needed() {
    let mut world = World::new(Limits::default());
    let (anna, bell) = (v4(1), v6(2));
    let (of_anna, of_bell) = (world.allocate(anna, "anna"), world.allocate(bell, "bell"));
    assert_eq!(world.permit(anna, "anna", of_bell), 0);
    assert_eq!(world.client_sends(anna, &send(of_bell, b"hello")), [], "bell has no permission for it");
    assert_eq!(world.bind(bell, "bell", 0x4444, of_anna), 0);
    let expected = [&channel(0x4444, b"hello")[..], &[0; 3]].concat();
    assert_eq!(world.client_sends(anna, &send(of_bell, b"hello")), [Event::ToClient(bell, expected)]);
    let events = world.client_sends(bell, &channel(0x4444, b"back"));
    let [Event::ToClient(to, bytes)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((*to, received(bytes)), (anna, (of_bell, b"back".to_vec())));
    // To oneself, too: a browser tries that.
    assert_eq!(world.permit(anna, "anna", of_anna), 0);
    assert_eq!(world.client_sends(anna, &send(of_anna, b"self")).len(), 1);
    // Where nobody is reached, nothing goes, not even through a socket.
    world.disconnect(bell);
    assert_eq!(world.client_sends(anna, &send(of_bell, b"hello")), []);
    assert_eq!(world.turn.counters().forbidden_peer, 1);
}

#[test]
fn what_is_too_long_for_an_indication_goes_by_a_channel() {
    let mut world = World::new(Limits::default());
    let relayed = world.allocate(v6(1), "anna");
    world.permit(v6(1), "anna", peer());
    assert_eq!(world.peer_sends(peer(), relayed, &[7; 65_507]), []);
    assert_eq!(world.peer_sends(peer(), relayed, &[7; 65_504]).len(), 1);
    world.bind(v6(1), "anna", 0x4000, peer());
    let events = world.peer_sends(peer(), relayed, &[7; 65_507]);
    let [Event::ToClient(_, bytes)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(bytes.len(), 4 + 65_508);
}

#[test]
fn a_send_indication_is_understood_wholly_or_not_at_all() {
    let mut world = World::new(Limits::default());
    world.allocate(v4(1), "anna");
    world.permit(v4(1), "anna", peer());
    let mut indication = Message::builder_indication(SEND, MessageWriteVec::new());
    let to = turn_types::attribute::XorPeerAddress::new(peer(), indication.transaction_id());
    indication.add_attribute(&to).unwrap();
    let without_data = indication.data().to_vec();
    assert_eq!(world.client_sends(v4(1), &without_data), []);
    indication.add_attribute(&turn_types::attribute::Data::new(b"hello")).unwrap();
    let with_data = indication.data().to_vec();
    assert_eq!(world.client_sends(v4(1), &with_data).len(), 1);
    indication.add_attribute(&turn_types::attribute::DontFragment::new()).unwrap();
    assert_eq!(world.client_sends(v4(1), &indication.finish()), []);
}
