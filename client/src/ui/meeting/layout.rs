//! How a meeting divides the page between pictures and text.

use tincan_session::{CallKind, DeviceView, Meeting, MeetingKind};

/// What a meeting needs space for.
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
    pub(super) fn of(meeting: &Meeting) -> Layout {
        let MeetingKind::Call { kind } = meeting.kind else { return Layout::Picture };
        let local = &meeting.local;
        let wanted = |device| !matches!(device, DeviceView::Off | DeviceView::Failed(_));
        let arrives = |picture: fn(&tincan_session::RemoteMedia) -> bool| {
            meeting.others.iter().any(|other| picture(&other.remote))
        };
        if arrives(|remote| remote.camera || remote.screen) || wanted(local.camera) || wanted(local.screen) {
            Layout::Picture
        } else if kind != CallKind::Text || arrives(|remote| remote.microphone) || wanted(local.microphone) {
            Layout::Voice
        } else {
            Layout::Text
        }
    }

    /// Returns the layout's classes in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Layout::Text => "call call--text",
            Layout::Voice => "call call--voice",
            Layout::Picture => "call call--picture",
        }
    }
}

#[cfg(test)]
mod tests {
    use tincan_session::DeviceError;

    use super::super::examples::call;
    use super::*;

    #[test]
    fn pictures_take_the_room_as_soon_as_there_are_any() {
        let mut call = call(CallKind::Text);
        assert_eq!(Layout::of(&call), Layout::Text);
        call.others[0].remote.microphone = true;
        assert_eq!(Layout::of(&call), Layout::Voice);
        call.local.camera = DeviceView::Starting;
        assert_eq!(Layout::of(&call), Layout::Picture);
        call.local.camera = DeviceView::Failed(DeviceError::Denied);
        assert_eq!(Layout::of(&call), Layout::Voice);
        call.others[0].remote.camera = true;
        assert_eq!(Layout::of(&call), Layout::Picture);
    }

    #[test]
    fn a_call_that_was_meant_for_sound_keeps_its_place_without() {
        assert_eq!(Layout::of(&call(CallKind::Voice)), Layout::Voice);
    }
}
