//! The buttons of the local devices.

use tincan_session::{Device, DeviceView};
use yew::prelude::*;

use super::button::drawn_button;
use super::icon::Glyph;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;

/// Returns whether a press of the device's button turns it off. While a device is being opened, that cancels
/// it.
pub(crate) fn is_live(state: DeviceView) -> bool {
    matches!(state, DeviceView::On { .. } | DeviceView::Starting)
}

/// Draws a device's button. Its name says what a press does, so it has no `aria-pressed`, which would say the
/// opposite.
pub(crate) fn toggle(device: Device, state: DeviceView, page: &Page, texts: &Catalogue) -> Html {
    let live = is_live(state);
    let (name, glyph) = match (device, live) {
        (Device::Microphone, true) => (texts.mute_microphone, Glyph::Microphone),
        (Device::Microphone, false) => (texts.unmute_microphone, Glyph::MicrophoneOff),
        (Device::Camera, true) => (texts.turn_camera_off, Glyph::Camera),
        (Device::Camera, false) => (texts.turn_camera_on, Glyph::CameraOff),
        (Device::Screen | Device::ScreenAudio, true) => (texts.stop_sharing, Glyph::ScreenOff),
        (Device::Screen | Device::ScreenAudio, false) => (texts.share_screen, Glyph::Screen),
    };
    let class = match state {
        DeviceView::On { .. } => "toggle toggle--on",
        DeviceView::Starting => "toggle toggle--starting",
        DeviceView::Off | DeviceView::Muted { .. } => "toggle toggle--off",
        DeviceView::Failed(_) => "toggle toggle--failed",
    };
    let page = page.clone();
    drawn_button(class, glyph, name.into(), Callback::from(move |_| page.switch(device, !live)))
}
