//! Meetings for tests.

use tincan_session::{
    CallKind, ConnectionView, Conversation, DeviceView, LocalMediaView, Meeting, MeetingKind, Participant,
    PeerConnectionId, RemoteMedia, Sent,
};

/// A call with Anna, with all devices off.
pub(super) fn call(kind: CallKind) -> Meeting {
    let off = DeviceView::Off;
    Meeting {
        kind: MeetingKind::Call { kind },
        me: "Bob".to_owned(),
        local: LocalMediaView { microphone: off, camera: off, screen: off, replaced: None },
        others: vec![participant("Anna", 1)],
        conversation: Conversation::default(),
        sent: Sent::default(),
        offers_earlier: false,
    }
}

/// A room with so many others, whose cameras are on.
pub(super) fn room(others: u32) -> Meeting {
    let kind =
        MeetingKind::Room { name: "r".to_owned(), limit: 8, renamed: false, missed: None, returning: false };
    let mut meeting = Meeting { kind, ..call(CallKind::Text) };
    meeting.others = (1..=others).map(|number| participant(&number.to_string(), number)).collect();
    for other in &mut meeting.others {
        other.remote.camera = true;
    }
    meeting
}

fn participant(name: &str, id: u32) -> Participant {
    Participant {
        address: name.to_owned(),
        name: name.to_owned(),
        guest: false,
        reachable: true,
        away: false,
        peer_connection: Some(PeerConnectionId(id)),
        connection: ConnectionView::Connected,
        weak: false,
        typing: false,
        remote: RemoteMedia::default(),
    }
}
