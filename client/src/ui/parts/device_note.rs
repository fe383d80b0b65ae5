//! Notes about devices that are being opened, or that could not be, or that the system has muted.

use tincan_session::{Device, DeviceError, DeviceView, LocalMediaView};
use yew::prelude::*;

use super::button::icon_button;
use super::effect::use_effect_on;
use super::icon::{Glyph, icon};
use crate::browser::Support;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::context::page::use_texts;

/// Draws a note for each device that is being opened, or could not be, or that the system has muted. The
/// device's button is the way to try again.
pub(crate) fn device_notes(local: &LocalMediaView) -> Html {
    html! {
        <div class="device-notes">
            <DeviceNote device={Device::Microphone} state={local.microphone} />
            <DeviceNote device={Device::Camera} state={local.camera} />
            <DeviceNote device={Device::Screen} state={local.screen} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DeviceNoteProps {
    device: Device,
    state: DeviceView,
}

#[component]
fn DeviceNote(props: &DeviceNoteProps) -> Html {
    let texts = use_texts();
    let secure = use_page().support != Support::NotSecure;
    // Somebody without a camera reads this once. It must not be in the way for the rest of a call.
    let dismissed = use_state_eq(|| false);
    {
        // A later failure is shown again.
        let dismissed = dismissed.setter();
        use_effect_on(props.state, move || {
            dismissed.set(false);
            None
        });
    }

    let text = match props.state {
        _ if *dismissed => None,
        DeviceView::Starting => Some(starting(props.device, texts)),
        DeviceView::Failed(_) if !secure => Some(not_secure(props.device, texts)),
        DeviceView::Failed(error) => Some(failure(props.device, error, texts)),
        DeviceView::Interrupted { .. } => Some(interruption(props.device, texts)),
        DeviceView::Off | DeviceView::On { .. } | DeviceView::Muted { .. } => None,
    };
    let failed = matches!(props.state, DeviceView::Failed(_) | DeviceView::Interrupted { .. });
    let class = match (text, failed) {
        (None, _) => "device-note",
        (Some(_), false) => "device-note note",
        (Some(_), true) => "device-note note note--warning",
    };
    let dismiss = Callback::from(move |_| dismissed.set(true));
    html! {
        <div {class}>
            if text.is_some() {
                { icon(glyph(props.device, failed)) }
            }
            <p class="device-note__text" role="status">{ text }</p>
            if text.is_some() && failed {
                { icon_button(Glyph::Cross, texts.dismiss, dismiss) }
            }
        </div>
    }
}

fn glyph(device: Device, failed: bool) -> Glyph {
    match (device, failed) {
        (Device::Microphone | Device::ScreenAudio, false) => Glyph::Microphone,
        (Device::Microphone | Device::ScreenAudio, true) => Glyph::MicrophoneOff,
        (Device::Camera, false) => Glyph::Camera,
        (Device::Camera, true) => Glyph::CameraOff,
        (Device::Screen, false) => Glyph::Screen,
        (Device::Screen, true) => Glyph::ScreenOff,
    }
}

fn starting(device: Device, texts: &Catalogue) -> &'static str {
    match device {
        Device::Microphone => texts.microphone_starting,
        Device::Camera => texts.camera_starting,
        Device::Screen | Device::ScreenAudio => texts.screen_starting,
    }
}

fn not_secure(device: Device, texts: &Catalogue) -> &'static str {
    match device {
        Device::Microphone => texts.microphone_not_secure,
        Device::Camera => texts.camera_not_secure,
        Device::Screen | Device::ScreenAudio => texts.screen_failed,
    }
}

fn interruption(device: Device, texts: &Catalogue) -> &'static str {
    match device {
        Device::Microphone => texts.microphone_interrupted,
        _ => texts.camera_interrupted,
    }
}

/// Says why a device can't be used, and what to do about it.
pub(crate) fn failure(device: Device, error: DeviceError, texts: &Catalogue) -> &'static str {
    match (device, error) {
        (Device::Microphone, DeviceError::Denied) => texts.microphone_denied,
        (Device::Microphone, DeviceError::NotFound) => texts.microphone_not_found,
        (Device::Microphone, DeviceError::InUse) => texts.microphone_in_use,
        (Device::Microphone, DeviceError::Lost) => texts.microphone_lost,
        (Device::Microphone, DeviceError::Other) => texts.microphone_failed,
        (Device::Camera, DeviceError::Denied) => texts.camera_denied,
        (Device::Camera, DeviceError::NotFound) => texts.camera_not_found,
        (Device::Camera, DeviceError::InUse) => texts.camera_in_use,
        (Device::Camera, DeviceError::Lost) => texts.camera_lost,
        (Device::Camera, DeviceError::Other) => texts.camera_failed,
        (Device::Screen | Device::ScreenAudio, DeviceError::Denied) => texts.screen_denied,
        (Device::Screen | Device::ScreenAudio, _) => texts.screen_failed,
    }
}
