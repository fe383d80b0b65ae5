//! The server's hub, and whatever some clients send it.
//!
//! | line | is |
//! | --- | --- |
//! | `c` | a client connects, from one of three addresses |
//! | `f` digit text | that client sends a text frame |
//! | `b`, `l`, `p` digit | it sends a binary frame, one that is too large, a control frame |
//! | `x`, `d` digit | its connection is lost, or closed by it |
//! | `w` digit | so many seconds pass, squared |
//! | `r` digit | what waits for it is written |

use std::net::IpAddr;

use serde_json::value::RawValue;
use tincan_server::hub::{Census, ClientAddress, ConnectionId, Hub, Limits, Rate, ReceivedFrame, Tickets};
use tincan_shared::decode_server;

use crate::ops::ops;

/// Small ones, so that they are reached.
fn limits() -> Limits {
    Limits {
        queue_frames: 8,
        reserve_frames: 6,
        sender_frames: 4,
        stranger_frames: 2,
        strangers_frames: 3,
        sign_in_ms: 10_000,
        refused_logins: 3,
        users: 4,
        pairs: 2,
        waiting_calls: 1,
        room_members: 3,
        room_news_frames: 2,
        early_room_news: 1,
        address_users: 3,
        frames: Rate { burst: 60, per_minute: 3_000 },
        ..Limits::default()
    }
}

struct World {
    hub: Hub,
    now_ms: u64,
    open: Vec<ConnectionId>,
}

pub(crate) fn check(bytes: &[u8]) {
    let mut last = 0;
    let counting = move || {
        last += 1;
        last
    };
    let mut world =
        World { hub: Hub::new(limits(), Vec::new(), Box::new(counting)), now_ms: 0, open: Vec::new() };
    world.hub.keep_names(Tickets::new([7; 32], 1_700_000_000_000));
    for op in ops(bytes, 300) {
        let (digit, text) = op.digit(10);
        world.apply(op.letter, digit, &text);
    }
    for id in std::mem::take(&mut world.open) {
        world.drain(id);
        world.hub.disconnect(world.now_ms, id, false);
    }
    world.pass(limits().grace_ms);
    world.hub.take_woken();
    assert_eq!(world.hub.census(), Census::default());
    assert_eq!(world.hub.next_expiry(), None);
}

impl World {
    fn apply(&mut self, letter: u8, digit: usize, text: &str) {
        let World { hub, now_ms, open } = self;
        if letter == b'c' {
            let address = ClientAddress::Known(IpAddr::from([192, 0, 2, (open.len() % 3) as u8]));
            return open.extend(hub.connect(*now_ms, address));
        }
        if letter == b'w' {
            return self.pass((digit * digit * 1_000) as u64);
        }
        let Some(id) = open.get(digit).copied() else { return };
        match letter {
            b'f' => hub.receive(*now_ms, id, ReceivedFrame::decode(text)),
            b'b' => hub.receive_binary(*now_ms, id),
            b'l' => hub.receive_too_large(id),
            b'p' => hub.receive_control(*now_ms, id),
            b'x' | b'd' => {
                hub.disconnect(*now_ms, id, letter == b'd');
                open.remove(digit);
            }
            b'r' => self.drain(id),
            _ => {}
        }
    }

    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        self.hub.expire(self.now_ms);
    }

    /// Reads what a client is told, as it would.
    fn drain(&mut self, id: ConnectionId) {
        for frame in self.hub.drain(id).frames {
            let decoded = decode_server::<&RawValue, &RawValue>(&frame);
            assert!(decoded.is_ok(), "{frame} is no frame of a server");
        }
    }
}
