//! What is going to happen, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tincan_server::hub::ConnectionId;
use tincan_session::{Captured, Generation, Kept, PeerConnectionId, PeerEvent};

use crate::sleeps::Sleep;

/// One thing that is going to happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// The person at this node does something.
    Act(usize),
    /// Two people do the same at the same moment.
    ActTogether(usize, usize),
    Tick(usize),
    LinkOpens {
        node: usize,
        generation: Generation,
    },
    LinkFails {
        node: usize,
        generation: Generation,
    },
    ToHub {
        connection: ConnectionId,
        text: String,
    },
    ToClient {
        node: usize,
        generation: Generation,
        text: String,
    },
    /// The network takes the node's link away.
    LinkBreaks(usize),
    HubSeesClose {
        connection: ConnectionId,
        clean: bool,
    },
    HubExpires,
    OperationEnds {
        node: usize,
        pc_id: PeerConnectionId,
    },
    Peer {
        node: usize,
        pc_id: PeerConnectionId,
        event: PeerEvent,
    },
    IceConnects {
        a: (usize, PeerConnectionId),
        b: (usize, PeerConnectionId),
    },
    Text {
        to: (usize, PeerConnectionId),
        text: String,
    },
    /// The network takes the way between two browsers away.
    PathBreaks(usize),
    /// A stranger sends the node what can't be read.
    Mischief(usize),
    /// Strangers ring at the node, while somebody else does.
    Flood(usize),
    /// The node's page is gone without a word.
    Crash(usize),
    /// The node's page is loaded anew.
    Reload(usize),
    /// The page that takes its place is there, and knows this of the one before.
    Returns {
        node: usize,
        kept: Option<Kept>,
    },
    /// The same, in a room.
    ReturnsToRoom {
        node: usize,
        kept: Option<Kept>,
        room: String,
    },
    /// The node's page runs no more for a while.
    FallsAsleep {
        node: usize,
        sleep: Sleep,
        ms: u64,
    },
    Wakes(usize),
    /// A device of the node's is pulled out.
    Unplug(usize),
    /// The system takes a microphone or camera of the node's away, or gives it back; or the page is shown.
    SystemMutes(usize),
    /// The server forgets everybody.
    ServerRestarts,
    /// The browser says that the network may be another one, or the page that it was asleep.
    NetworkChanges(usize),
    Captured {
        node: usize,
        captured: Captured,
    },
    Calm,
}

impl Event {
    /// Returns whether this is something that comes to the node's page, from its browser or from the network.
    pub(crate) fn comes_to(&self, page: usize) -> bool {
        match self {
            Event::Tick(node)
            | Event::LinkOpens { node, .. }
            | Event::LinkFails { node, .. }
            | Event::ToClient { node, .. }
            | Event::Captured { node, .. }
            | Event::OperationEnds { node, .. }
            | Event::Peer { node, .. } => *node == page,
            _ => false,
        }
    }

    /// Returns whether the node's page must run for it.
    pub(crate) fn needs_page(&self, page: usize) -> bool {
        match self {
            Event::Act(node)
            | Event::Crash(node)
            | Event::Reload(node)
            | Event::Unplug(node)
            | Event::SystemMutes(node)
            | Event::NetworkChanges(node) => *node == page,
            Event::ActTogether(one, other) => *one == page || *other == page,
            _ => self.comes_to(page),
        }
    }
}

struct Scheduled {
    at: u64,
    order: u64,
    event: Event,
}

impl PartialEq for Scheduled {
    fn eq(&self, other: &Scheduled) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}
impl Eq for Scheduled {}
impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Scheduled) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Scheduled {
    fn cmp(&self, other: &Scheduled) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// Everything that is going to happen. What is due at the same time keeps the order in which it was
/// scheduled.
#[derive(Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Reverse<Scheduled>>,
    scheduled: u64,
}

impl Queue {
    pub(crate) fn push(&mut self, at: u64, event: Event) {
        self.scheduled += 1;
        self.heap.push(Reverse(Scheduled { at, order: self.scheduled, event }));
    }

    /// The next event, if it is due by `end`, and when.
    pub(crate) fn pop(&mut self, end: u64) -> Option<(u64, Event)> {
        self.heap.peek().filter(|Reverse(next)| next.at <= end)?;
        self.heap.pop().map(|Reverse(next)| (next.at, next.event))
    }

    /// Takes out what is lost.
    pub(crate) fn lose(&mut self, lost: impl Fn(&Event) -> bool) {
        self.heap.retain(|Reverse(scheduled)| !lost(&scheduled.event));
    }
}
