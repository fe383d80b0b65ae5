//! The scenarios, as a table of values.

use std::time::Duration;

/// Something breaks, and what is to be seen of it.
#[derive(Clone, Copy, Debug)]
pub struct FaultScenario {
    pub name: &'static str,
    pub meeting: Meeting,
    pub fault: Fault,
    /// The longest time without a new picture, beside that of the fault itself.
    pub longest_gap: Duration,
    /// From the end of the fault until everybody sees everybody.
    pub back_within: Duration,
}

/// Who is connected, each behind a NAT. Anna, who is behind one of her own, is the one to whom it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Anna and Bob, in a video call.
    Call,
    /// The same, by the server's relay.
    RelayedCall,
    /// Anna, Bob and Cleo, in a room.
    Room,
}

/// What breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing comes through Anna's line for so long.
    Cut(Duration),
    /// Nor through Bob's.
    BothCut(Duration),
    /// Anna's machine changes to another network.
    AddressChanges,
    /// The server is killed, and another is started after so long.
    ServerAway(Duration),
    /// The server stands still for so long.
    ServerFrozen(Duration),
    /// Anna loads the page anew.
    Reload,
    /// Her page crashes, and she loads it anew.
    Crash,
    /// Anna and Bob load the page anew in the same moment.
    BothReload,
    /// Her browser freezes the page for so long.
    PageFrozen(Duration),
    /// Her machine sleeps for so long.
    Sleep(Duration),
}

impl Fault {
    /// Returns how long it takes, where it isn't over in a moment.
    pub fn lasts(self) -> Duration {
        match self {
            Fault::Cut(time)
            | Fault::BothCut(time)
            | Fault::ServerAway(time)
            | Fault::ServerFrozen(time)
            | Fault::PageFrozen(time)
            | Fault::Sleep(time) => time,
            Fault::AddressChanges | Fault::Reload | Fault::Crash | Fault::BothReload => Duration::ZERO,
        }
    }

    /// Returns for how long nobody can expect pictures in such a meeting.
    pub fn takes_pictures(self, meeting: Meeting) -> Duration {
        match self {
            Fault::ServerAway(time) | Fault::ServerFrozen(time) if meeting == Meeting::RelayedCall => time,
            Fault::ServerAway(_) | Fault::ServerFrozen(_) => Duration::ZERO,
            _ => self.lasts(),
        }
    }

    /// Returns whether Anna's page can't be asked anything while it lasts.
    pub fn takes_her_page(self) -> bool {
        matches!(
            self,
            Fault::Reload | Fault::Crash | Fault::BothReload | Fault::PageFrozen(_) | Fault::Sleep(_)
        )
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn scenario(name: &'static str, meeting: Meeting, fault: Fault, back_within: u64) -> FaultScenario {
    FaultScenario {
        name,
        meeting,
        fault,
        longest_gap: seconds(back_within),
        back_within: seconds(back_within),
    }
}

/// Media don't go through the server, so nobody may see anything of it.
const fn unseen(name: &'static str, meeting: Meeting, fault: Fault) -> FaultScenario {
    FaultScenario { longest_gap: Duration::from_millis(1_000), ..scenario(name, meeting, fault, 5) }
}

/// Every scenario.
pub const FAULTS: [FaultScenario; 29] = {
    use Fault::{AddressChanges, BothCut, BothReload, Crash, Cut, PageFrozen, Reload, ServerAway};
    use Fault::{ServerFrozen, Sleep};
    use Meeting::{Call, RelayedCall, Room};
    [
        scenario("call-cut-1", Call, Cut(seconds(1)), 3),
        scenario("call-cut-5", Call, Cut(seconds(5)), 3),
        scenario("call-cut-20", Call, Cut(seconds(20)), 6),
        scenario("call-cut-60", Call, Cut(seconds(60)), 20),
        scenario("call-both-cut-20", Call, BothCut(seconds(20)), 6),
        scenario("call-address", Call, AddressChanges, 10),
        unseen("call-server-2", Call, ServerAway(seconds(2))),
        unseen("call-server-30", Call, ServerAway(seconds(30))),
        unseen("call-server-120", Call, ServerAway(seconds(120))),
        unseen("call-server-frozen", Call, ServerFrozen(seconds(60))),
        scenario("call-relay-restarted", RelayedCall, ServerAway(seconds(2)), 15),
        scenario("call-relay-away", RelayedCall, ServerAway(seconds(30)), 20),
        scenario("call-reload", Call, Reload, 5),
        scenario("call-crash", Call, Crash, 5),
        scenario("call-both-reload", Call, BothReload, 8),
        scenario("call-page-frozen", Call, PageFrozen(seconds(20)), 10),
        scenario("call-sleep", Call, Sleep(seconds(40)), 10),
        scenario("room-cut-1", Room, Cut(seconds(1)), 5),
        scenario("room-cut-5", Room, Cut(seconds(5)), 5),
        scenario("room-cut-20", Room, Cut(seconds(20)), 10),
        scenario("room-cut-60", Room, Cut(seconds(60)), 20),
        scenario("room-address", Room, AddressChanges, 15),
        unseen("room-server-2", Room, ServerAway(seconds(2))),
        unseen("room-server-30", Room, ServerAway(seconds(30))),
        unseen("room-server-frozen", Room, ServerFrozen(seconds(60))),
        scenario("room-reload", Room, Reload, 8),
        scenario("room-crash", Room, Crash, 8),
        scenario("room-page-frozen", Room, PageFrozen(seconds(20)), 10),
        scenario("room-sleep", Room, Sleep(seconds(40)), 15),
    ]
};
