//! How a call shares the page between pictures and text.

use tincan_session::{CallKind, DeviceView, InCall};

/// What a call needs room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Text alone.
    Text,
    /// Text, and somebody to listen to.
    Voice,
    /// Pictures first.
    Picture,
}

impl Layout {
    /// What `call` needs at the moment.
    pub(super) fn of(call: &InCall) -> Layout {
        let wanted = |device| !matches!(device, DeviceView::Off | DeviceView::Failed(_));
        if call.remote.camera || wanted(call.camera) {
            Layout::Picture
        } else if call.kind != CallKind::Text || call.remote.microphone || wanted(call.microphone) {
            Layout::Voice
        } else {
            Layout::Text
        }
    }

    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Layout::Text => "call--text",
            Layout::Voice => "call--voice",
            Layout::Picture => "call--picture",
        }
    }
}

#[cfg(test)]
mod tests {
    use tincan_session::{ConnectionView, Conversation, DeviceError, RemoteMedia};

    use super::*;

    fn text_chat() -> InCall {
        InCall {
            peer: "Anna".to_owned(),
            epoch: Some(1),
            kind: CallKind::Text,
            connection: ConnectionView::Connected,
            microphone: DeviceView::Off,
            camera: DeviceView::Off,
            remote: RemoteMedia::default(),
            conversation: Conversation::default(),
            line_refused: false,
        }
    }

    #[test]
    fn pictures_take_the_room_as_soon_as_there_are_any() {
        let mut call = text_chat();
        assert_eq!(Layout::of(&call), Layout::Text);
        call.remote.microphone = true;
        assert_eq!(Layout::of(&call), Layout::Voice);
        call.camera = DeviceView::Starting;
        assert_eq!(Layout::of(&call), Layout::Picture);
        call.camera = DeviceView::Failed(DeviceError::Denied);
        assert_eq!(Layout::of(&call), Layout::Voice);
        call.remote.camera = true;
        assert_eq!(Layout::of(&call), Layout::Picture);
    }

    #[test]
    fn a_call_that_was_meant_for_sound_keeps_its_place_without() {
        let call = InCall { kind: CallKind::Voice, ..text_chat() };
        assert_eq!(Layout::of(&call), Layout::Voice);
    }
}
