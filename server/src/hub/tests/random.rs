//! Random operations cause no panic, keep every bound, and leave nobody over at the end.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Operation {
    Connect,
    Text {
        who: usize,
        text: String,
    },
    Frame {
        who: usize,
        frame: Value,
    },
    /// A login with a token that the hub did give out.
    Resume {
        who: usize,
        name: usize,
        room: Option<usize>,
        token: u128,
        received: u64,
    },
    /// A frame to somebody who is in a room, in the call that the hub made for the two or in an earlier one.
    InRoom {
        who: usize,
        kind: &'static str,
        member: usize,
        age: u64,
    },
    Binary {
        who: usize,
    },
    TooLarge {
        who: usize,
    },
    Disconnect {
        who: usize,
        clean: bool,
    },
    Pass {
        ms: u64,
    },
    Drain {
        who: usize,
    },
    ShutDown,
}

const NAMES: [&str; 5] = ["Anna", "ANNA", "Bob", "Carol", ""];
const ROOMS: [&str; 4] = ["room", "ROOM", "other", "no good"];

const IN_ROOM: [&str; 5] = ["offer", "answer", "candidate", "leave", "reconnect"];

fn limits() -> Limits {
    Limits {
        queue_frames: 5,
        reserve_frames: 4,
        queue_bytes: 1500,
        sender_frames: 3,
        sender_bytes: 1000,
        sign_in_ms: 10_000,
        refused_logins: 4,
        reserve_bytes: 3000,
        users: 5,
        pairs: 2,
        room_members: 3,
        frames: Rate { burst: 60, per_minute: 3_000 },
        stranger_frames: 2,
        strangers_frames: 3,
        waiting_calls: 1,
        room_news_frames: 2,
        early_room_news: 1,
        address_users: 3,
        address_sign_ins: Rate { burst: 5, per_minute: 60 },
        ..Limits::default()
    }
}

fn frame() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "login",
        "offer",
        "answer",
        "candidate",
        "leave",
        "ping",
        "dance",
        "login",
        "offer",
        "join",
        "join",
        "leave-room",
        "reconnect",
    ]);
    let name = prop::option::weighted(0.9, prop::sample::select(NAMES.to_vec()));
    let call = prop::option::of(prop::sample::select(vec!["c1", "c2", "no good"]));
    let seq = prop::option::of(0u64..6);
    let ack = prop::option::of(prop_oneof![0u64..6, Just(u64::MAX)]);
    let payload = prop::option::weighted(0.9, prop_oneof![Just(10usize), Just(900)]);
    let room = prop::option::of(prop::sample::select(ROOMS.to_vec()));
    (kind, name, room, call, seq, ack, payload, any::<Option<bool>>()).prop_map(
        |(kind, name, room, call, seq, ack, payload, resume)| {
            let payload = payload.map(|length| "x".repeat(length));
            json!({"type": kind, "name": name, "room": room, "call": call, "seq": seq, "ack": ack,
                "resume": resume, "offer": payload, "answer": payload, "candidate": payload})
        },
    )
}

fn operation() -> impl Strategy<Value = Operation> {
    let who = 0usize..6;
    prop_oneof![
        2 => Just(Operation::Connect),
        1 => (who.clone(), ".{0,20}").prop_map(|(who, text)| Operation::Text { who, text }),
        12 => (who.clone(), frame()).prop_map(|(who, frame)| Operation::Frame { who, frame }),
        3 => (who.clone(), 0..NAMES.len(), prop::option::of(0..ROOMS.len()), 1u128..8, 0u64..6).prop_map(
            |(who, name, room, token, received)| Operation::Resume { who, name, room, token, received }),
        5 => (who.clone(), prop::sample::select(IN_ROOM.to_vec()), 0usize..3, 0u64..2)
            .prop_map(|(who, kind, member, age)| Operation::InRoom { who, kind, member, age }),
        1 => who.clone().prop_map(|who| Operation::Binary { who }),
        1 => who.clone().prop_map(|who| Operation::TooLarge { who }),
        2 => (who.clone(), any::<bool>()).prop_map(|(who, clean)| Operation::Disconnect { who, clean }),
        2 => prop_oneof![0u64..50, Just(9_000), Just(25_000)].prop_map(|ms| Operation::Pass { ms }),
        3 => who.prop_map(|who| Operation::Drain { who }),
        1 => prop::bool::weighted(0.02).prop_map(|rare| match rare {
            true => Operation::ShutDown,
            false => Operation::Connect,
        }),
    ]
}

fn apply(world: &mut World, open: &mut Vec<ConnectionId>, operation: &Operation) {
    let pick = |who: usize, open: &[ConnectionId]| open.get(who % open.len().max(1)).copied();
    let now = world.now;
    match operation {
        Operation::Connect => open.push(world.connect_from(open.len() % 3)),
        Operation::Pass { ms } => world.pass(*ms),
        Operation::ShutDown => world.hub.shut_down(),
        Operation::Text { who, .. }
        | Operation::Frame { who, .. }
        | Operation::Resume { who, .. }
        | Operation::InRoom { who, .. }
        | Operation::Binary { who }
        | Operation::TooLarge { who }
        | Operation::Disconnect { who, .. }
        | Operation::Drain { who } => {
            let Some(id) = pick(*who, open) else { return };
            match operation {
                Operation::Text { text, .. } => world.say_text(id, text),
                Operation::Frame { frame, .. } => world.say(id, frame.clone()),
                Operation::Resume { name, room, token, received, .. } => {
                    let token = format!("{token:032x}");
                    let (name, room) = (NAMES[*name], room.map(|room| ROOMS[room]));
                    let login = json!({"type": "login", "name": name, "room": room, "resume": token,
                        "received": received});
                    world.say(id, login);
                }
                Operation::InRoom { kind, member, age, .. } => {
                    if let Some(frame) = frame_in_room(&world.hub, id, kind, *member, *age) {
                        world.say(id, frame);
                    }
                }
                Operation::Binary { .. } => world.hub.receive_binary(now, id),
                Operation::TooLarge { .. } => world.hub.receive_too_large(id),
                Operation::Disconnect { clean, .. } => {
                    world.hub.disconnect(now, id, *clean);
                    open.retain(|other| *other != id);
                }
                _ => drop(world.hub.drain(id)),
            }
        }
    }
}

fn frame_in_room(hub: &Hub, id: ConnectionId, kind: &str, member: usize, age: u64) -> Option<Value> {
    let key = hub.connections[&id].user.as_ref()?;
    let mut others: Vec<_> = hub.rooms[hub.users[key].room.as_ref()?].occupants().collect();
    others.retain(|other| hub.room_call(key, &other.key).is_some());
    let other = &others.get(member % others.len().max(1))?.key;
    let digits = hub.room_call(key, other)?.as_str().strip_prefix("room-").unwrap();
    let call = u64::from_str_radix(digits, 16).unwrap();
    let call = tincan_shared::CallId::of_room(call.saturating_sub(age));
    let name = hub.users[other].address(other);
    Some(json!({"type": kind, "name": name, "call": call, "offer": {}, "answer": {}, "candidate": null}))
}

/// Checks what holds of rooms after every operation.
fn check_rooms(hub: &Hub) {
    for (key, room) in &hub.rooms {
        let members: Vec<_> = room.occupants().collect();
        assert!(!members.is_empty() && members.len() <= hub.limits().room_members);
        assert_eq!(RoomKey::of(&room.name), *key);
        let names: std::collections::HashSet<_> =
            members.iter().map(|it| crate::name_key::NameKey::of(&it.display_name)).collect();
        assert_eq!(names.len(), members.len(), "two of the same name");
        for member in &members {
            let user = &hub.users[&member.key];
            assert_eq!(user.room.as_ref(), Some(key));
            assert!(member.key.is_guest() || member.display_name == user.name);
            for other in members.iter().filter(|other| other.key != member.key) {
                assert!(room.call(&member.key, &other.key).is_some(), "two members without a call");
            }
        }
    }
    for (key, user) in &hub.users {
        assert!(!key.is_guest() || user.room.is_some(), "a guest of nothing");
        let direct = user.pairs.len();
        assert!(direct <= hub.limits().pairs, "{direct} direct calls");
        for with in user.pairs.everyone() {
            assert!(!key.is_guest() && !with.is_guest(), "a guest in a direct call");
        }
    }
}

/// Checks what holds after every operation.
fn check(hub: &Hub) {
    check_rooms(hub);
    let limits = hub.limits();
    assert!(hub.users.len() <= limits.users);
    assert!(hub.overflowing.is_empty());
    let most = limits.queue_frames + limits.reserve_frames;
    for connection in hub.connections.values() {
        let frames = connection.queued().len();
        let bytes: usize = connection.queued().iter().map(|frame| frame.text.len()).sum();
        // Allows twice the bound, because a resumed outbox may join the answers to refused logins, and the
        // error that a close adds.
        assert!(frames <= 2 * most + 1, "{frames} frames");
        let most_bytes = limits.queue_bytes + limits.reserve_bytes;
        assert!(bytes <= 2 * most_bytes + 400, "{bytes} bytes");
    }
    for (key, user) in &hub.users {
        for waiting in user.resumption.iter().map(|it| it.unacknowledged()) {
            let senders: Vec<_> = waiting.map(|frame| frame.from.as_ref().map(|from| &from.key)).collect();
            assert!(senders.len() <= most);
            for sender in senders.iter().flatten() {
                let of_sender = senders.iter().filter(|other| **other == Some(sender)).count();
                assert!(of_sender <= limits.sender_frames, "{sender:?} fills the queue");
            }
        }
        match user.presence {
            user::Presence::Online(id) => assert_eq!(hub.connections[&id].user.as_ref(), Some(key)),
            user::Presence::Away { until } => assert!(hub.grace_ends.contains(&(until, key.clone()))),
        }
        for other in user.pairs.everyone() {
            assert!(hub.users[&other].pairs.everyone().contains(key), "a call has two sides");
        }
    }
    let resumable = hub.users.iter().filter_map(|(key, user)| Some((key, user.resumption.as_ref()?)));
    let tokens: HashMap<_, _> = resumable.clone().map(|(key, it)| (it.token.clone(), key.clone())).collect();
    assert_eq!((tokens.len(), &tokens), (resumable.count(), &hub.tokens), "each user's own");
    let away = hub.users.values().filter(|user| user.connection().is_none()).count();
    assert_eq!(hub.grace_ends.len(), away);
    for (id, connection) in &hub.connections {
        let expected = connection.sign_in_by.is_some_and(|by| hub.sign_in_deadlines.contains(&(by, *id)));
        assert!(connection.user.is_some() || connection.is_closing() || expected, "waited for without end");
        assert!(connection.user.is_none() || !expected);
    }
    assert_eq!(
        hub.addresses.connections(),
        hub.connections.values().filter(|it| is_known(it.address)).count()
    );
    assert_eq!(hub.addresses.users(), hub.users.values().filter(|it| is_known(it.signed_in_from)).count());
    for user in hub.users.values().filter(|user| is_known(user.signed_in_from)) {
        let there = hub.users.values().filter(|other| other.signed_in_from == user.signed_in_from);
        assert!(there.count() <= limits.address_users);
    }
    let signed_in = hub.connections.values().filter(|connection| connection.user.is_some()).count();
    assert_eq!(signed_in + away, hub.users.len());
}

fn is_known(address: ClientAddress) -> bool {
    address != ClientAddress::Unknown
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_operations(operations in prop::collection::vec(operation(), 1..120)) {
        let mut world = World::with(limits());
        let mut open = Vec::new();
        for operation in &operations {
            apply(&mut world, &mut open, operation);
            check(&world.hub);
        }
        for id in open {
            world.drop_link(id);
            check(&world.hub);
        }
        world.pass(limits().grace_ms);
        prop_assert_eq!((world.hub.user_count(), world.hub.connection_count()), (0, 0));
        prop_assert_eq!(world.hub.next_expiry(), None);
    }
}
