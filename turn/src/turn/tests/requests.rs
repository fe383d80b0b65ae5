//! What each request is answered.

use stun_types::AddressFamily;
use stun_types::attribute::{Fingerprint, RawAttribute, XorMappedAddress};
use turn_types::attribute::{
    AdditionalAddressFamily, AddressErrorCode, DontFragment, EvenPort, Lifetime, RequestedAddressFamily,
    RequestedTransport, ReservationToken,
};

use super::world::{START_MS, relayed, send, signed_as, udp};
use super::*;

fn lifetime(answer: &[u8]) -> u32 {
    Message::from_bytes(answer).unwrap().attribute::<Lifetime>().unwrap().seconds()
}

#[test]
fn stun_tells_the_address() {
    let mut world = World::new(Limits::default());
    for client in [v4(1), v6(1)] {
        let answer = world.ask(client, &plain(BINDING, &[]));
        let message = Message::from_bytes(&answer).unwrap();
        let mapped = message.attribute::<XorMappedAddress>().unwrap();
        assert_eq!(mapped.addr(message.transaction_id()), client.address);
        assert!(message.attribute::<Fingerprint>().is_err());
    }
    let mut request = Message::builder_request(BINDING, MessageWriteVec::new());
    request.add_fingerprint().unwrap();
    let answer = world.ask(v4(1), &request.finish());
    assert!(Message::from_bytes(&answer).unwrap().attribute::<Fingerprint>().is_ok());
    // CHANGE-REQUEST (RFC 5780) would have the server answer somebody else.
    let change = RawAttribute::new(3.into(), &[0, 0, 0, 6]);
    let answer = world.ask(v4(1), &plain(BINDING, &[&change]));
    assert_eq!(code(&answer), 420);
    let message = Message::from_bytes(&answer).unwrap();
    assert!(message.attribute::<UnknownAttributes>().unwrap().has_attribute(3.into()));
    assert!(world.turn.is_empty());
}

#[test]
fn whoever_has_no_credential_is_told_to_get_one_and_forgotten() {
    let mut world = World::new(Limits::default());
    let nonce = world.nonce(v4(1));
    let good = world.credential("anna");
    let other_password = Credential { password: "guessed".to_owned(), ..good.clone() };
    let other_user = Credential { username: good.username.replace("anna", "bell"), ..good.clone() };
    let later = Credential { username: good.username.replacen('1', "2", 1), ..good.clone() };
    for credential in [&other_password, &other_user, &later] {
        assert_eq!(code(&world.ask(v4(1), &signed(ALLOCATE, &[&udp()], credential, &nonce))), 401);
    }
    assert_eq!(code(&world.ask(v4(1), &signed(ALLOCATE, &[&udp()], &good, "stale"))), 438);
    assert_eq!(code(&world.ask(v4(2), &signed(ALLOCATE, &[&udp()], &good, &nonce))), 438, "another's");
    let expired = world.turn.credentials().issue("anna", START_MS);
    assert_eq!(code(&world.ask(v4(1), &signed(ALLOCATE, &[&udp()], &expired, &nonce))), 401);
    // MESSAGE-INTEGRITY alone says nothing.
    let mut bare = Message::builder_request(ALLOCATE, MessageWriteVec::new());
    bare.add_message_integrity(&key_of(&good), IntegrityAlgorithm::Sha1).unwrap();
    assert_eq!(code(&world.ask(v4(1), &bare.finish())), 400);
    for method in [REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        assert_eq!(code(&world.ask(v4(1), &plain(method, &[]))), 401);
    }
    assert!(world.turn.is_empty());
    let before = world.turn.counters().wrong_credential;
    assert_eq!(
        before, 4,
        "a nonce that is stale, or a request without a credential, says nothing of anybody"
    );
    assert_eq!(code(&world.ask(v4(1), &signed(ALLOCATE, &[&udp()], &good, &nonce))), 0);
    assert_eq!(world.turn.counters().wrong_credential, before);
}

#[test]
fn answers_to_strangers_are_no_amplifier() {
    let mut world = World::new(Limits::default());
    let stale = signed(REFRESH, &[], &world.credential("anna"), "0");
    for request in
        [plain(BINDING, &[]), plain(ALLOCATE, &[]), plain(ALLOCATE, &[&udp()]), plain(REFRESH, &[]), stale]
    {
        for client in [v4(1), v6(1)] {
            let answer = world.ask(client, &request);
            assert!(answer.len() <= 3 * request.len(), "{} bytes for {}", answer.len(), request.len());
        }
    }
}

#[test]
fn a_source_gets_so_many_answers_and_whoever_has_authenticated_gets_all() {
    let mut world = World::new(Limits { unauthenticated_burst: 5, ..Limits::default() });
    let relayed = world.allocate(v4(1), "anna");
    let (nonce, credential) = (world.nonce(v4(1)), world.credential("anna"));
    let answers = (0..9).flat_map(|_| world.client_sends(v4(1), &plain(BINDING, &[]))).count();
    assert_eq!(answers, 3, "besides those with the two nonces");
    assert_eq!(world.turn.counters().unanswered, 6);
    assert_eq!(code(&world.ask(v4(1), &signed(REFRESH, &[], &credential, &nonce))), 0);
    assert_eq!(world.peer_sends("1.1.1.1:1".parse().unwrap(), relayed, b"x"), []);
    world.pass(1000);
    assert_eq!(world.client_sends(v4(1), &plain(BINDING, &[])).len(), 1);
}

#[test]
fn what_an_allocate_request_asks_for() {
    let v4_requested = RequestedAddressFamily::new(AddressFamily::IPV4);
    let v6_requested = RequestedAddressFamily::new(AddressFamily::IPV6);
    let additional = AdditionalAddressFamily::new(AddressFamily::IPV6);
    let additional_v4 = RawAttribute::new(0x8000.into(), &[1, 0, 0, 0]);
    let no_family = RawAttribute::new(0x17.into(), &[3, 0, 0, 0]);
    let tcp = RequestedTransport::new(RequestedTransport::TCP);
    let (even, pair, token) = (EvenPort::new(false), EvenPort::new(true), ReservationToken::new(7));
    let fragment = DontFragment::new();
    let unknown = RawAttribute::new(0x7FFE.into(), &[]);
    let ignored = RawAttribute::new(0xFFFE.into(), &[1]);
    let short = RawAttribute::new(0x19.into(), &[]);
    let rows: [(u16, usize, &[&dyn AttributeWrite]); 19] = [
        (0, 1, &[&udp()]),
        (0, 1, &[&udp(), &v4_requested]),
        (0, 1, &[&udp(), &v6_requested]),
        (0, 2, &[&udp(), &additional]),
        (0, 1, &[&udp(), &ignored]),
        (400, 0, &[]),
        (400, 0, &[&short]),
        (442, 0, &[&tcp]),
        (440, 0, &[&udp(), &no_family]),
        (400, 0, &[&udp(), &v4_requested, &additional]),
        (400, 0, &[&udp(), &additional_v4]),
        (0, 1, &[&udp(), &even]),
        (0, 2, &[&udp(), &even, &additional]),
        (508, 0, &[&udp(), &pair]),
        (508, 0, &[&udp(), &token]),
        (400, 0, &[&udp(), &even, &token]),
        (400, 0, &[&udp(), &token, &v6_requested]),
        (420, 0, &[&udp(), &fragment]),
        (420, 0, &[&udp(), &unknown]),
    ];
    for (row, (expected, relays, attributes)) in rows.into_iter().enumerate() {
        let mut world = World::new(Limits::default());
        let answer = world.request(v4(1), "anna", ALLOCATE, attributes);
        assert_eq!((code(&answer), world.open.len()), (expected, relays), "row {row}");
        if expected == 0 {
            assert_eq!((relayed(&answer).len(), lifetime(&answer)), (relays, 600), "row {row}");
            assert!(row < 11 || world.open.values().all(|address| address.port() % 2 == 0), "row {row}");
            // Signed, so that nobody else can have answered.
            let key = key_of(&world.credential("anna"));
            Message::from_bytes(&answer).unwrap().validate_integrity(&key).unwrap();
        } else {
            assert!(world.turn.is_empty(), "row {row}");
        }
    }
}

#[test]
fn the_second_family_may_be_missing() {
    let config = Config {
        families: vec![Family::V4],
        allowed_peers: Vec::new(),
        own_addresses: Vec::new(),
        limits: Limits::default(),
    };
    let mut world = World::with(config);
    let additional = AdditionalAddressFamily::new(AddressFamily::IPV6);
    let answer = world.request(v4(1), "anna", ALLOCATE, &[&udp(), &additional]);
    assert_eq!(relayed(&answer).len(), 1);
    let message = Message::from_bytes(&answer).unwrap();
    let missing = message.attribute::<AddressErrorCode>().unwrap();
    assert_eq!((missing.family(), missing.error().code()), (AddressFamily::IPV6, 440));
    let requested = RequestedAddressFamily::new(AddressFamily::IPV6);
    assert_eq!(code(&world.request(v4(2), "anna", ALLOCATE, &[&udp(), &requested])), 440);
}

#[test]
fn no_socket_no_allocation() {
    let mut world = World::new(Limits::default());
    world.sockets = false;
    let additional = AdditionalAddressFamily::new(AddressFamily::IPV6);
    let (one, both): (&[&dyn AttributeWrite], &[&dyn AttributeWrite]) = (&[&udp()], &[&udp(), &additional]);
    for attributes in [one, both] {
        assert_eq!(code(&world.request(v4(1), "anna", ALLOCATE, attributes)), 508);
        world.pass(60_000);
        assert!(world.turn.is_empty());
    }
}

#[test]
fn a_request_that_comes_again_is_answered_the_same() {
    let mut world = World::new(Limits::default());
    let (nonce, credential) = (world.nonce(v4(1)), world.credential("anna"));
    let request = signed(ALLOCATE, &[&udp()], &credential, &nonce);
    world.at_once = false;
    assert_eq!(world.client_sends(v4(1), &request), []);
    assert_eq!(world.client_sends(v4(1), &request), [], "its answer is on its way");
    assert_eq!(world.client_sends(v4(1), &send("1.1.1.1:1".parse().unwrap(), b"early")), []);
    let answer = world.open_all();
    assert_eq!(answer.len(), 1);
    assert_eq!(world.client_sends(v4(1), &request), answer);
    assert_eq!(world.open.len(), 1);
    world.at_once = true;
    let another = signed(ALLOCATE, &[&udp()], &credential, &nonce);
    assert_eq!(code(&world.ask(v4(1), &another)), 437);
    assert_eq!(relayed(&world.request(v4(2), "anna", ALLOCATE, &[&udp()])).len(), 1, "elsewhere");
}

#[test]
fn a_socket_that_opens_too_late_is_closed() {
    let mut world = World::new(Limits::default());
    let (nonce, credential) = (world.nonce(v6(1)), world.credential("anna"));
    world.at_once = false;
    world.client_sends(v6(1), &signed(ALLOCATE, &[&udp()], &credential, &nonce));
    let late = world.to_open.clone();
    world.disconnect(v6(1));
    assert!(world.to_open.is_empty());
    world.to_open = late;
    assert_eq!(world.open_all(), []);
    assert!(world.open.is_empty());
    world.pass(60_000);
    assert!(world.turn.is_empty());
}

#[test]
fn lifetimes_have_bounds() {
    let mut world = World::new(Limits::default());
    for (number, (asked, given)) in
        [(1, 600), (600, 600), (700, 700), (3600, 3600), (u32::MAX, 3600)].into_iter().enumerate()
    {
        let client = v4(number as u8);
        let answer = world.request(client, "anna", ALLOCATE, &[&udp(), &Lifetime::new(asked)]);
        assert_eq!(lifetime(&answer), given);
        let answer = world.request(client, "anna", REFRESH, &[&Lifetime::new(asked)]);
        assert_eq!(lifetime(&answer), given);
    }
    let answer = world.request(v4(0), "anna", REFRESH, &[&Lifetime::new(0)]);
    assert_eq!((code(&answer), lifetime(&answer)), (0, 0));
    assert_eq!(code(&world.request(v4(0), "anna", REFRESH, &[])), 437);
    assert_eq!(world.open.len(), 4);
    world.pass(3_599_999);
    assert_eq!(world.open.len(), 2);
    world.pass(1);
    assert!(world.open.is_empty());
    world.pass(60_000);
    assert!(world.turn.is_empty());
}

#[test]
fn nothing_outlives_its_credential() {
    let mut world = World::new(Limits::default());
    let credential = world.turn.credentials().issue("anna", START_MS + 700_000);
    let answer = world.request_with(v4(1), &credential, ALLOCATE, &[&udp(), &Lifetime::new(3600)]);
    assert_eq!(lifetime(&answer), 700);
    world.pass(300_500);
    let answer = world.request_with(v4(1), &credential, REFRESH, &[&Lifetime::new(3600)]);
    assert_eq!(lifetime(&answer), 400);
    world.pass(399_499);
    assert_eq!(world.open.len(), 1);
    world.pass(1);
    assert!(world.open.is_empty());
    assert_eq!(code(&world.request_with(v4(1), &credential, ALLOCATE, &[&udp()])), 401);
}

#[test]
fn a_renewed_credential_keeps_an_allocation() {
    let mut world = World::new(Limits::default());
    let first = world.turn.credentials().issue("anna", START_MS + 700_000);
    world.request_with(v4(1), &first, ALLOCATE, &[&udp()]);
    let second = world.turn.credentials().issue("anna", START_MS + 9_000_000);
    let answer = world.request_with(v4(1), &second, REFRESH, &[&Lifetime::new(3600)]);
    assert_eq!(lifetime(&answer), 3600);
    let bell = world.credential("bell");
    for method in [REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        assert_eq!(code(&world.request_with(v4(1), &bell, method, &[])), 441);
    }
}

#[test]
fn each_family_can_be_refreshed_by_itself() {
    let mut world = World::new(Limits::default());
    let additional = AdditionalAddressFamily::new(AddressFamily::IPV6);
    world.request(v4(1), "anna", ALLOCATE, &[&udp(), &additional]);
    let requested = RequestedAddressFamily::new(AddressFamily::IPV6);
    assert_eq!(code(&world.request(v4(1), "anna", REFRESH, &[&requested, &Lifetime::new(0)])), 0);
    assert!(world.open.values().all(SocketAddr::is_ipv4) && world.open.len() == 1);
    assert_eq!(code(&world.request(v4(1), "anna", REFRESH, &[&requested])), 443);
    assert_eq!(code(&world.request(v4(1), "anna", REFRESH, &[])), 0);
}

#[test]
fn permissions_and_channels_need_peers_of_a_family_that_is_there() {
    let mut world = World::new(Limits::default());
    let (v4_peer, v6_peer) = ("1.1.1.1:7000".parse().unwrap(), "[2a00:7::7]:7000".parse().unwrap());
    assert_eq!(world.permit(v4(1), "anna", v4_peer), 437);
    assert_eq!(world.bind(v4(1), "anna", 0x4000, v4_peer), 437);
    world.allocate(v4(1), "anna");
    assert_eq!(world.permit(v4(1), "anna", v4_peer), 0);
    assert_eq!(world.permit(v4(1), "anna", v6_peer), 443);
    assert_eq!(world.bind(v4(1), "anna", 0x4000, v6_peer), 443);
    assert_eq!(world.bind(v4(1), "anna", 0x4000, v4_peer), 0);
    assert_eq!(world.bind(v4(1), "anna", 0x4001, v4_peer), 400);
    assert_eq!(world.bind(v4(1), "anna", 0x3FFF, "1.1.1.1:7001".parse().unwrap()), 400);
    assert_eq!(world.bind(v4(1), "anna", 0x8000, "1.1.1.1:7001".parse().unwrap()), 400);
    for method in [CREATE_PERMISSION, CHANNEL_BIND] {
        assert_eq!(code(&world.request(v4(1), "anna", method, &[])), 400);
    }
    let bad_peer = RawAttribute::new(0x12.into(), &[0, 9, 1, 1]);
    assert_eq!(code(&world.request(v4(1), "anna", CREATE_PERMISSION, &[&bad_peer])), 400);
}

#[test]
fn what_is_no_request_is_not_answered() {
    let mut world = World::new(Limits::default());
    let unknown_method = Method::new(0x00B);
    for method in [SEND, turn_types::message::DATA, unknown_method] {
        assert_eq!(world.client_sends(v4(1), &plain(method, &[])), []);
    }
    let request = plain(BINDING, &[]);
    let answer = world.ask(v4(1), &request);
    assert_eq!(world.client_sends(v4(1), &answer), [], "two servers don't answer each other");
    let indication = Message::builder_indication(BINDING, MessageWriteVec::new()).finish();
    assert_eq!(world.client_sends(v4(1), &indication), []);
    let id = TransactionId::generate();
    let (credential, nonce) = (world.credential("anna"), world.nonce(v4(1)));
    let mut tampered = signed_as(id, ALLOCATE, &[&udp()], None, &credential, &nonce);
    tampered[24] = RequestedTransport::TCP;
    assert_eq!(code(&world.ask(v4(1), &tampered)), 401);
}
