//! Whatever comes, nothing panics, and strangers leave nothing behind.

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

use super::world::{send, udp};
use super::*;

/// Bytes that look like a message to some depth.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let attribute = (any::<u16>(), prop::collection::vec(any::<u8>(), 0..40), any::<bool>());
    let kinds = prop::sample::select(vec![
        1u16, 6, 8, 9, 0xC, 0xD, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1C, 0x20, 0x22,
        0x8000, 0x8028,
    ]);
    let attributes = prop::collection::vec((attribute, kinds), 0..8);
    let methods =
        prop::sample::select(vec![0x0001u16, 0x0003, 0x0004, 0x0008, 0x0009, 0x0016, 0x0017, 0x0101]);
    (methods, attributes, any::<[u8; 12]>(), any::<Option<u8>>()).prop_map(|(method, attributes, id, cut)| {
        let mut body = Vec::new();
        for ((random, value, known), kind) in attributes {
            body.extend((if known { kind } else { random }).to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(&value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut message = method.to_be_bytes().to_vec();
        message.extend((body.len() as u16).to_be_bytes());
        message.extend(crate::stream_frames::MAGIC_COOKIE);
        message.extend(id);
        message.extend(body);
        if let Some(cut) = cut {
            message.truncate(usize::from(cut));
        }
        message
    })
}

proptest! {
    #[test]
    fn strangers(messages in prop::collection::vec((bytes(), any::<bool>()), 1..8)) {
        let mut world = World::new(Limits::default());
        for (message, stream) in messages {
            let client = if stream { v6(1) } else { v4(1) };
            let events = world.client_sends(client, &message);
            prop_assert!(events.len() <= 1);
            for event in events {
                let Event::ToClient(to, answer) = event else { panic!("{event:?}") };
                prop_assert_eq!(to, client);
                prop_assert!(answer.len() <= 3 * message.len());
            }
            prop_assert!(world.turn.is_empty() && world.open.is_empty());
        }
    }

    #[test]
    fn noise(message in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut world = World::new(Limits::default());
        prop_assert_eq!(world.client_sends(v4(1), &message).len(), 0);
        prop_assert!(world.turn.is_empty());
    }

    /// One who has authenticated sends anything at all, changed a little.
    #[test]
    fn users(
        messages in prop::collection::vec((bytes(), any::<u16>(), any::<u8>()), 1..20),
        data in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut world = World::new(Limits::default());
        let relayed = world.allocate(v4(1), "anna");
        let peer: SocketAddr = "1.1.1.1:7000".parse().unwrap();
        world.bind(v4(1), "anna", 0x4000, peer);
        let (nonce, credential) = (world.nonce(v4(1)), world.credential("anna"));
        for (message, at, to) in messages {
            let attributes: Vec<_> = Message::from_bytes(&message)
                .map(|message| message.iter_attributes().map(|(_, raw)| raw.into_owned()).collect())
                .unwrap_or_default();
            let mut signing = Message::builder_request(
                [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND][usize::from(to) % 4],
                MessageWriteVec::new(),
            );
            for attribute in &attributes {
                if ![0x8, 0x1C, 0x8028, 0x6, 0x14, 0x15].contains(&attribute.header.get_type().value()) {
                    signing.add_attribute(attribute).unwrap();
                }
            }
            let events = world.client_sends(v4(1), &sign(signing, &credential, &nonce));
            prop_assert_eq!(events.len(), 1);
            let channel_data = [&[0x40, 0][..], &data].concat();
            for mut changed in [send(peer, &data), plain(ALLOCATE, &[&udp()]), channel_data] {
                let at = usize::from(at) % changed.len();
                changed[at] = to;
                world.client_sends(v4(1), &changed);
            }
            world.peer_sends(peer, relayed, &data);
        }
        world.pass(4_000_000);
        world.pass(60_000);
        prop_assert!(world.turn.is_empty() && world.open.is_empty());
    }
}
