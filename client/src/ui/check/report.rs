//! What the check has found out so far.

use std::rc::Rc;

use tincan_session::{DeviceError, ServerTrouble};
use tincan_shared::LoginRefusal;
use yew::Reducible;

/// What is checked, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    SecurePage,
    WebRtc,
    Server,
    Addresses,
    Stun,
    RelayUdp,
    RelayTcp,
    RelayTls,
    Camera,
    Microphone,
}

impl Item {
    pub(super) const ALL: [Item; 10] = [
        Item::SecurePage,
        Item::WebRtc,
        Item::Server,
        Item::Addresses,
        Item::Stun,
        Item::RelayUdp,
        Item::RelayTcp,
        Item::RelayTls,
        Item::Camera,
        Item::Microphone,
    ];
}

/// What came of checking one thing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It was not checked yet.
    Waiting,
    Running,
    /// It works; with a round-trip time, where there is one.
    Good(Option<u64>),
    Bad(Fault),
    /// The server has none.
    NotOffered,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    NotSecure,
    NoWebRtc,
    /// No WebSocket to the server opens.
    NoServer(Option<ServerTrouble>),
    /// The server lets nobody sign in.
    Refused(LoginRefusal),
    /// The browser tells no address.
    AddressesHidden,
    StunSilent,
    RelaySilent,
    RelayRefused,
    RelayBlocked,
    Camera(DeviceError),
    Microphone(DeviceError),
}

/// An outcome for each item.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report([Outcome; Item::ALL.len()]);

impl Default for Report {
    fn default() -> Report {
        Report([const { Outcome::Waiting }; Item::ALL.len()])
    }
}

impl Report {
    /// Returns every item with its outcome.
    pub(super) fn items(&self) -> impl Iterator<Item = (Item, &Outcome)> {
        Item::ALL.into_iter().zip(&self.0)
    }

    pub(super) fn is_running(&self) -> bool {
        self.0.contains(&Outcome::Running)
    }
}

/// Something was found out.
pub(super) struct Found(pub(super) Item, pub(super) Outcome);

impl Reducible for Report {
    type Action = Found;

    fn reduce(self: Rc<Self>, Found(item, outcome): Found) -> Rc<Self> {
        let mut new = (*self).clone();
        for (known, slot) in Item::ALL.into_iter().zip(&mut new.0) {
            if known == item {
                slot.clone_from(&outcome);
            }
        }
        new.into()
    }
}
