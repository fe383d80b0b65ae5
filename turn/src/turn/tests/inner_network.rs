//! The server is no way into the network that it stands in.

use super::world::send;
use super::*;

/// An inner service, in every form that leads to it. The relayed addresses are 6.6.6.6 and 2a00:6::6, and
/// the host has 5.5.5.5.
const INNER: [&str; 14] = [
    "127.0.0.1:80",
    "10.0.0.1:80",
    "192.168.1.1:80",
    "169.254.169.254:80",
    "0.0.0.0:80",
    "5.5.5.5:80",
    "[::1]:80",
    "[::]:80",
    "[::ffff:127.0.0.1]:80",
    "[::ffff:169.254.169.254]:80",
    "[64:ff9b::10.0.0.1]:80",
    "[2002:7f00:1::1]:80",
    "[fd00::1]:80",
    "[fe80::1]:80",
];

fn dual_world(config: Config) -> (World, SocketAddr, SocketAddr) {
    use stun_types::AddressFamily;
    use turn_types::attribute::AdditionalAddressFamily;
    let mut world = World::with(config);
    let additional = AdditionalAddressFamily::new(AddressFamily::IPV6);
    let answer = world.request(v4(1), "anna", ALLOCATE, &[&world::udp(), &additional]);
    let [of_v4, of_v6] = world::relayed(&answer)[..] else { panic!("two relayed addresses") };
    (world, of_v4, of_v6)
}

fn config(allowed: &[&str]) -> Config {
    Config {
        families: vec![Family::V4, Family::V6],
        allowed_peers: allowed.iter().map(|network| network.parse().unwrap()).collect(),
        own_addresses: vec!["5.5.5.5".parse().unwrap()],
        limits: Limits::default(),
    }
}

#[test]
fn no_permission_no_channel_nothing_sent_and_nothing_received() {
    let (mut world, of_v4, of_v6) = dual_world(config(&[]));
    for inner in INNER {
        let inner: SocketAddr = inner.parse().unwrap();
        assert_eq!(world.permit(v4(1), "anna", inner), 403, "{inner}");
        assert_eq!(world.bind(v4(1), "anna", 0x4000, inner), 403, "{inner}");
        assert_eq!(world.client_sends(v4(1), &send(inner, b"GET /")), [], "{inner}");
        let own = if inner.is_ipv4() { of_v4 } else { of_v6 };
        assert_eq!(world.peer_sends(inner, own, b"200 OK"), [], "{inner}");
    }
    // The relayed address itself is no service's: its other ports are not relayed to.
    let beside: SocketAddr = "6.6.6.6:22".parse().unwrap();
    assert_eq!(world.permit(v4(1), "anna", beside), 0, "there may be clients");
    assert_eq!(world.client_sends(v4(1), &send(beside, b"SSH-2.0")), []);
    assert_eq!(world.peer_sends(beside, of_v4, b"SSH-2.0"), []);
}

#[test]
fn a_permission_is_not_believed_where_data_goes() {
    // Permitted while it was allowed, and then another server's config: what a permission says is one thing,
    // and what the filter says another.
    let (mut world, of_v4, _) = dual_world(config(&["10.0.0.0/8"]));
    let inner: SocketAddr = "10.0.0.1:80".parse().unwrap();
    assert_eq!(world.permit(v4(1), "anna", inner), 0);
    assert_eq!(world.client_sends(v4(1), &send(inner, b"GET /")).len(), 1);
    assert_eq!(world.peer_sends(inner, of_v4, b"200 OK").len(), 1);
    world.turn.filter = PeerFilter::new(Vec::new(), Vec::new());
    assert_eq!(world.client_sends(v4(1), &send(inner, b"GET /")), []);
    assert_eq!(world.peer_sends(inner, of_v4, b"200 OK"), []);
    assert_eq!(world.turn.counters().forbidden_peer, 2);
}

#[test]
fn what_is_allowed_is_allowed_in_this_form_alone() {
    let (mut world, ..) = dual_world(config(&["10.0.0.0/8"]));
    assert_eq!(world.permit(v4(1), "anna", "10.0.0.1:80".parse().unwrap()), 0);
    for other in ["[::ffff:10.0.0.1]:80", "[64:ff9b::10.0.0.1]:80", "11.0.0.1:80", "127.0.0.1:80"] {
        let expected = if other.starts_with("11") { 0 } else { 403 };
        assert_eq!(world.permit(v4(1), "anna", other.parse().unwrap()), expected, "{other}");
    }
}
