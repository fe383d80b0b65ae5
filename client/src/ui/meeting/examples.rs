//! Meetings for tests.

use tincan_session::{
    CallKind, ConnectionView, Conversation, DeviceView, LocalMediaView, Meeting, Participant, Place,
    RemoteMedia,
};

/// A call with Anna, with all devices off.
pub(super) fn call(kind: CallKind) -> Meeting {
    let off = DeviceView::Off;
    Meeting {
        place: Place::Call { kind },
        me: "Bob".to_owned(),
        local: LocalMediaView { microphone: off, camera: off, screen: off, replaced: None },
        others: vec![participant("Anna", 1)],
        conversation: Conversation::default(),
        line_refused: false,
        offers_earlier: false,
    }
}

/// A room with so many others, whose cameras are on.
pub(super) fn room(others: u32) -> Meeting {
    let place =
        Place::Room { name: "r".to_owned(), limit: 8, renamed: false, missed: None, returning: false };
    let mut meeting = Meeting { place, ..call(CallKind::Text) };
    meeting.others = (1..=others).map(|number| participant(&number.to_string(), number)).collect();
    for other in &mut meeting.others {
        other.remote.camera = true;
    }
    meeting
}

fn participant(name: &str, epoch: u32) -> Participant {
    Participant {
        address: name.to_owned(),
        name: name.to_owned(),
        epoch: Some(epoch),
        connection: ConnectionView::Connected,
        weak: false,
        typing: false,
        remote: RemoteMedia::default(),
    }
}
