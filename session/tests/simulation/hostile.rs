//! Clients that know the protocol and mean harm: they speak in the calls of others, flood, ring without end,
//! and stuff a channel. Whatever they do, nothing of theirs may count as somebody else's, and nobody who
//! means well may be refused for it.

use std::mem;

use tincan_server::hub::{ClientAddress, ConnectionId, ReceivedFrame};
use tincan_session::{Body, Line, PeerEvent, Screen};
use tincan_shared::{
    ClientMessage, Description, ErrorCode, Frame, IceCandidate, ServerMessage, decode_client, decode_server,
};

use crate::peer_connection::NO_DESCRIPTION;
use crate::queue::Event;
use crate::world::{Node, World};

/// What the call ids of the hostile begin with. They guess everybody else's, and guess right.
const THEIRS: &str = "eve-";
/// How often one caller may ring in a minute, and all callers, by the session's own rule.
const RINGS_OF_ONE: usize = 6;
const RINGS_OF_ALL: usize = 30;

impl World {
    /// Somebody does something hostile to `node`.
    pub(crate) fn mischief(&mut self, node: usize) {
        self.totals.mischief += 1;
        match self.hostile.u32(..4) {
            0 => self.nonsense(node),
            1 => self.speaks_in_others_calls(node),
            2 => self.floods(node),
            _ => self.stuffs_a_channel(node),
        }
    }

    /// Now and then, who rings at somebody has strangers on their heels.
    pub(crate) fn may_draw_a_flood(&mut self, node: usize, before: &Screen, after: &Screen) {
        let rings = |screen: &Screen| matches!(screen, Screen::Incoming { .. });
        if rings(after) && !rings(before) && self.hostile.u32(..10) == 0 {
            let delay = self.hostile.u64(..1_000);
            self.after(delay, Event::Flood(node));
        }
    }

    /// Answers, candidates and ends in every call that the node has heard of, in the name of nobody it knows.
    fn speaks_in_others_calls(&mut self, node: usize) {
        let eve = self.hostile_client("Eve");
        let calls: Vec<String> = self.nodes.iter().flat_map(|node| node.offers.iter().cloned()).collect();
        let names: Vec<&str> = self.nodes.iter().map(|node| node.name).collect();
        self.note(|| format!("Eve speaks in {} calls of others, at {}", calls.len(), names[node]));
        // A flood would end her before she is done.
        for call in calls.iter().rev().take(10) {
            for name in &names {
                for payload in [
                    r#""answer","answer":{"type":"answer","sdp":"a=of somebody hostile"}"#,
                    r#""candidate","candidate":null"#,
                    r#""leave","reason":"hangup""#,
                    r#""reconnect""#,
                ] {
                    self.hostile_says(
                        eve,
                        &format!(r#"{{"type":{payload},"name":"{name}","call":"{call}"}}"#),
                    );
                }
            }
        }
        self.hub.disconnect(self.now, eve, true);
        self.hub_speaks();
    }

    /// Four users ring at the node, each again and again, with all the candidates there can be.
    pub(crate) fn floods(&mut self, node: usize) {
        let name = self.nodes[node].name;
        self.note(|| format!("four flood {name}"));
        let four: Vec<ConnectionId> =
            (1..=4).map(|number| self.hostile_client(&format!("Eve {number}"))).collect();
        for (number, &eve) in four.iter().enumerate() {
            for ring in 0..30 {
                let call = format!("{THEIRS}{number}-{}-{ring}", self.now);
                let media = if ring % 2 == 0 { "m=audio 9" } else { "m=application 9" };
                let sdp = format!(r"{media}\n{NO_DESCRIPTION}\n");
                let offer = format!(r#""offer","offer":{{"type":"offer","sdp":"{sdp}"}}"#);
                for payload in [&*offer, r#""candidate","candidate":null"#, r#""candidate","candidate":null"#]
                {
                    self.hostile_says(
                        eve,
                        &format!(r#"{{"type":{payload},"name":"{name}","call":"{call}"}}"#),
                    );
                }
            }
        }
        for eve in four {
            let clean = self.hostile.bool();
            self.hub.disconnect(self.now, eve, clean);
        }
        self.hub_speaks();
    }

    /// Somebody whom the node is connected to says the same again and again over their channel.
    fn stuffs_a_channel(&mut self, node: usize) {
        let open = self.nodes[node].pcs.iter().filter(|(_, pc)| pc.open).map(|(id, _)| *id);
        let Some(pc_id) = open.collect::<Vec<_>>().first().copied() else { return };
        self.note(|| format!("a channel of {} is stuffed", self.nodes[node].name));
        for number in 0..20 {
            let text = format!(r#"{{"t":"offers","on":{}}}"#, number % 2 == 0);
            self.peer_event(node, pc_id, PeerEvent::ChannelMessage(text));
        }
    }

    fn hostile_client(&mut self, name: &str) -> ConnectionId {
        let eve = self.hub.connect(self.now, ClientAddress::Unknown).expect("a connection");
        self.hostile_says(eve, &format!(r#"{{"type":"login","name":"{name}"}}"#));
        eve
    }

    fn hostile_says(&mut self, eve: ConnectionId, text: &str) {
        self.hub.receive(self.now, eve, ReceivedFrame::decode(text));
        // She reads what she is told, or she would be closed for that.
        drop(self.hub.drain(eve));
    }
}

/// Takes note of the call that somebody who means well offers or answers.
pub(crate) fn note_call(node: &mut Node, text: &str) {
    let Ok(Frame { message, .. }) = decode_client::<Description, IceCandidate>(text) else { return };
    match message {
        // After a lost link, frames of calls that are over are sent again.
        ClientMessage::Offer { call: Some(call), .. } if !node.offered.contains(&call.to_string()) => {
            node.offered.push(call.to_string());
        }
        ClientMessage::Answer { call: Some(call), .. } => node.answered = call.to_string(),
        _ => {}
    }
}

/// Looks at a frame that arrives at somebody who means well.
pub(crate) fn look_at_frame(now: u64, nodes: &[Node], node: usize, text: &str) -> Result<(), String> {
    let node = &nodes[node];
    let Ok(Frame { message, .. }) = decode_server::<Description, IceCandidate>(text) else { return Ok(()) };
    let (name, call) = match message {
        ServerMessage::Answer { name, call, .. }
        | ServerMessage::Candidate { name, call, .. }
        | ServerMessage::Leave { name, call, .. } => (name.unwrap_or_default(), call),
        // Whoever calls is a stranger until it is answered, and so is who hasn't heard yet that it is over;
        // they say the same again. So this looks at callees, while both sides are in the call.
        ServerMessage::Error { code: Some(ErrorCode::QueueFull), call: Some(call), .. }
            if call.as_str() == node.answered && are_in_a_call(now, nodes, node) =>
        {
            return Err(format!("{} is refused in its call {call}, because others flood", node.name));
        }
        // What rings is accepted, and the server knows nothing of it, though its caller waits.
        ServerMessage::Error { code: Some(ErrorCode::Unavailable), call: Some(call), .. }
            if call.as_str() == node.answered && waits_for(nodes, node) =>
        {
            return Err(format!("{} can't accept {call}, which rings, because others ring", node.name));
        }
        _ => return Ok(()),
    };
    let is_of_others = call.is_some_and(|call| !call.as_str().starts_with(THEIRS));
    if name.starts_with("Eve") && is_of_others {
        return Err(format!("{name} speaks in a call of {}'s with somebody else", node.name));
    }
    Ok(())
}

/// Returns whether whoever made the call that the node has answered still waits for the answer.
fn waits_for(nodes: &[Node], node: &Node) -> bool {
    let waits = |other: &Node| matches!(other.session.view().screen, Screen::Calling { .. });
    nodes.iter().any(|other| other.offered.last() == Some(&node.answered) && waits(other))
}

/// Returns whether the node and its other side are in a call with each other.
fn are_in_a_call(now: u64, nodes: &[Node], node: &Node) -> bool {
    let other_of = |node: &Node| match node.session.view().screen {
        Screen::Meeting(meeting) => meeting.others.first().map(|other| other.name.clone()),
        _ => None,
    };
    let Some(name) = other_of(node) else { return false };
    let is_it = |other: &&Node| other.name == name && other_of(other).as_deref() == Some(node.name);
    // For one who sleeps for long, what is said in the call itself fills the queue.
    let is_awake = |other: &Node| {
        other.asleep.is_none() && !other.slept.as_ref().is_some_and(|slept| slept.has_just_woken(now))
    };
    nodes.iter().find(is_it).is_some_and(is_awake)
}

/// Looks at what somebody who means well sees.
pub(crate) fn look_at_screen(
    node: &mut Node,
    now: u64,
    before: &Screen,
    after: &Screen,
) -> Result<(), String> {
    match after {
        Screen::Incoming { peer, .. } if before != after => {
            node.rung.retain(|(at, _)| now < at + 60_000);
            node.rung.push((now, peer.clone()));
            let of_one = node.rung.iter().filter(|(_, name)| name == peer).count();
            if of_one > RINGS_OF_ONE + node.accepted || node.rung.len() > RINGS_OF_ALL + node.accepted {
                return Err(format!("{} rings without end at {}", peer, node.name));
            }
        }
        Screen::Calling { .. } if !matches!(before, Screen::Calling { .. }) => {
            // It has yet to offer this one.
            node.offered.push(String::new());
        }
        Screen::Meeting(meeting) => {
            if matches!(before, Screen::Incoming { .. }) {
                // Whoever is accepted may ring again.
                node.accepted += RINGS_OF_ONE;
            }
            // What was taken back is no note.
            let is_note = |line: &&Line| !matches!(line.body, Body::Text(_) | Body::Retracted);
            let lines = meeting.conversation.lines().iter().rev().map(|line| &**line);
            let notes: Vec<&Line> = lines.take_while(is_note).collect();
            let same = |one: &Line, other: &Line| {
                one.author == other.author && mem::discriminant(&one.body) == mem::discriminant(&other.body)
            };
            for (index, note) in notes.iter().enumerate() {
                if notes[..index].iter().any(|other| same(note, other)) {
                    return Err(format!("{} reads {:?} again and again", node.name, note.body));
                }
            }
        }
        _ => {}
    }
    Ok(())
}
