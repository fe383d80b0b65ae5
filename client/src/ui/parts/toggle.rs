//! The buttons of the local devices.

use tincan_session::{Device, DeviceView};
use yew::prelude::*;

use super::button::drawn_button;
use super::icon::Glyph;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;

/// Returns whether the others get something of the device, or will as soon as it is open.
pub(crate) fn is_live(state: DeviceView) -> bool {
    matches!(state, DeviceView::On { .. } | DeviceView::Starting)
}

/// Returns whether a press of the device's button turns it off. While a device is being opened, that cancels
/// it. One that the system has muted would come back by itself, so it must be possible to turn it off.
pub(crate) fn is_wanted(state: DeviceView) -> bool {
    is_live(state) || matches!(state, DeviceView::Interrupted { .. })
}

/// Draws a device's button. Its name says what a press does, so it has no `aria-pressed`, which would say the
/// opposite.
pub(crate) fn toggle(device: Device, state: DeviceView, page: &Page, texts: &Catalogue) -> Html {
    let wanted = is_wanted(state);
    let name = match (device, wanted) {
        (Device::Microphone, true) => texts.mute_microphone,
        (Device::Microphone, false) => texts.unmute_microphone,
        (Device::Camera, true) => texts.turn_camera_off,
        (Device::Camera, false) => texts.turn_camera_on,
        (Device::Screen | Device::ScreenAudio, true) => texts.stop_sharing,
        (Device::Screen | Device::ScreenAudio, false) => texts.share_screen,
    };
    let glyph = match (device, is_live(state)) {
        (Device::Microphone, true) => Glyph::Microphone,
        (Device::Microphone, false) => Glyph::MicrophoneOff,
        (Device::Camera, true) => Glyph::Camera,
        (Device::Camera, false) => Glyph::CameraOff,
        (Device::Screen | Device::ScreenAudio, true) => Glyph::ScreenOff,
        (Device::Screen | Device::ScreenAudio, false) => Glyph::Screen,
    };
    let class = match state {
        DeviceView::On { .. } => "toggle toggle--on",
        DeviceView::Starting => "toggle toggle--starting",
        DeviceView::Off | DeviceView::Muted { .. } => "toggle toggle--off",
        DeviceView::Failed(_) | DeviceView::Interrupted { .. } => "toggle toggle--failed",
    };
    let page = page.clone();
    drawn_button(class, glyph, name.into(), Callback::from(move |_| page.switch(device, !wanted)))
}
