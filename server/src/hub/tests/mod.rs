//! The hub's rules, one by one, and all of them together under random operations.

mod bounds;
mod budgets;
mod calls;
mod claims;
mod fairness;
mod guests;
mod ice_servers;
mod input;
mod login;
mod pairs;
mod random;
mod resume;
mod room_calls;
mod room_names;
mod rooms;
mod sign_in_deadline;
mod tickets;
mod tokens;

use serde_json::{Value, json};

use super::*;

/// A hub with a clock, and clients that speak JSON.
struct World {
    hub: Hub,
    now: u64,
}

impl World {
    fn new() -> World {
        World::with(Limits::default())
    }

    fn with(limits: Limits) -> World {
        let mut last = 0;
        let random = move || {
            last += 1;
            last
        };
        World { hub: Hub::new(limits, Vec::new(), Box::new(random)), now: 1000 }
    }

    fn connect(&mut self) -> ConnectionId {
        self.hub.connect(self.now, ClientAddress::Unknown).unwrap()
    }

    /// From one of a few addresses; 0 is one that nobody knows.
    fn connect_from(&mut self, address: usize) -> ConnectionId {
        self.try_connect_from(address).unwrap()
    }

    fn try_connect_from(&mut self, address: usize) -> Result<ConnectionId, TooMany> {
        let address = match address {
            0 => ClientAddress::Unknown,
            number => ClientAddress::Known(std::net::Ipv4Addr::from_bits(number as u32).into()),
        };
        self.hub.connect(self.now, address)
    }

    fn say(&mut self, id: ConnectionId, frame: Value) {
        self.say_text(id, &frame.to_string());
    }

    fn say_text(&mut self, id: ConnectionId, text: &str) {
        self.hub.receive(self.now, id, ReceivedFrame::decode(text));
    }

    /// Lets `from` call `to` by an offer without a number, and drops what both hear of it.
    fn call(&mut self, from: ConnectionId, to: (ConnectionId, &str), call: Option<&str>) {
        self.say(from, json!({"type": "offer", "name": to.1, "offer": {}, "call": call}));
        assert_eq!(kinds(&self.hear(to.0)), ["offer"]);
        self.hear(from);
    }

    /// Takes out what was queued for `id`.
    fn hear(&mut self, id: ConnectionId) -> Vec<Value> {
        self.hub.drain(id).frames.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    fn close_code(&mut self, id: ConnectionId) -> Option<u16> {
        self.hub.drain(id).close.map(|close| close.code)
    }

    /// Signs in a client of the classic protocol.
    fn classic(&mut self, name: &str) -> ConnectionId {
        let id = self.connect();
        self.say(id, json!({"type": "login", "name": name}));
        assert_eq!(self.hear(id)[0]["success"], true, "{name}");
        id
    }

    /// Signs in a client that asks for `resume`. Returns its token as well.
    fn resumable(&mut self, name: &str) -> (ConnectionId, String) {
        let id = self.connect();
        self.say(id, json!({"type": "login", "name": name, "resume": true}));
        let answer = self.hear(id).remove(0);
        (id, answer["resume"].as_str().unwrap().to_owned())
    }

    /// Signs in a guest of a room, and drops what they hear of it. Returns their address as well.
    fn guest(&mut self, name: &str, room: &str) -> (ConnectionId, String) {
        let id = self.connect();
        self.say(id, json!({"type": "login", "name": name, "room": room}));
        let answer = self.hear(id).remove(0);
        assert_eq!(answer["success"], true, "{name}: {answer}");
        (id, answer["name"].as_str().unwrap().to_owned())
    }

    /// Signs in a user by name, who then joins a room.
    fn member(&mut self, name: &str, room: &str) -> ConnectionId {
        let id = self.classic(name);
        self.say(id, json!({"type": "join", "room": room}));
        assert_eq!(self.hear(id)[0]["success"], true, "{name}");
        id
    }

    fn resume(&mut self, name: &str, token: &str, received: u64) -> ConnectionId {
        let id = self.connect();
        self.say(id, json!({"type": "login", "name": name, "resume": token, "received": received}));
        id
    }

    fn drop_link(&mut self, id: ConnectionId) {
        self.hub.disconnect(self.now, id, false);
    }

    fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.hub.expire(self.now);
    }

    /// Returns how many calls somebody has, including those with the others in their room.
    fn in_call(&self, name: &str) -> usize {
        let user = &self.hub.users[&UserKey::parse(name).unwrap()];
        let room = user.room.as_ref().map(|room| &self.hub.rooms[room]);
        user.pairs.len() + room.map_or(0, |room| room.len() - 1)
    }
}

fn leave_room() -> Value {
    json!({"type": "leave-room"})
}

fn reconnect(to: &str, call: &str) -> Value {
    json!({"type": "reconnect", "name": to, "call": call})
}

fn offer(to: &str, call: &str) -> Value {
    json!({"type": "offer", "name": to, "offer": {"type": "offer", "sdp": "v=0"}, "call": call})
}

fn answer(to: &str, call: Option<&str>) -> Value {
    json!({"type": "answer", "name": to, "answer": {}, "call": call})
}

fn candidate(to: &str, call: Option<&str>) -> Value {
    json!({"type": "candidate", "name": to, "candidate": null, "call": call})
}

fn leave(to: &str, call: Option<&str>) -> Value {
    json!({"type": "leave", "name": to, "call": call})
}

fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect()
}
