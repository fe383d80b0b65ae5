//! What is the matter with the microphone or the camera.

use tincan_session::{Device, DeviceError, DeviceView};
use yew::prelude::*;

use super::catalogue::Catalogue;
use super::icon::{Glyph, Icon};
use super::locale::use_texts;
use super::page::use_page;
use crate::browser::Support;

#[derive(Properties, PartialEq)]
pub(crate) struct DeviceNotesProps {
    pub(crate) microphone: DeviceView,
    pub(crate) camera: DeviceView,
}

/// A note for each device that is being asked for or could not be had. The device's button is the way to try again.
#[component]
pub(crate) fn DeviceNotes(props: &DeviceNotesProps) -> Html {
    html! {
        <div class="device-notes">
            <DeviceNote device={Device::Microphone} state={props.microphone} />
            <DeviceNote device={Device::Camera} state={props.camera} />
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
    // Whoever has no camera has read this once: it must not stand in the way for the rest of a call.
    let dismissed = use_state_eq(|| None::<DeviceView>);

    let text = match props.state {
        DeviceView::Starting => Some(starting(props.device, texts)),
        DeviceView::Failed(_) if !secure => Some(not_secure(props.device, texts)),
        DeviceView::Failed(error) => Some(failure(props.device, error, texts)),
        DeviceView::Off | DeviceView::On { .. } | DeviceView::Muted { .. } => None,
    };
    {
        // A later failure is news again.
        let (dismissed, state) = (dismissed.setter(), props.state);
        use_effect_with(state, move |state| {
            if !matches!(state, DeviceView::Failed(_)) {
                dismissed.set(None);
            }
        });
    }
    let failed = matches!(props.state, DeviceView::Failed(_));
    let text = text.filter(|_| *dismissed != Some(props.state));
    let dismiss = {
        let (dismissed, state) = (dismissed.setter(), props.state);
        Callback::from(move |_: MouseEvent| dismissed.set(Some(state)))
    };
    let shown = text.is_some();
    html! {
        <div class={classes!("device-note", shown.then_some("note"), failed.then_some("note--warning"))}>
            if shown {
                <Icon glyph={glyph(props.device, failed)} />
            }
            <p class="device-note__text" role="status">{ text }</p>
            if shown && failed {
                <button type="button" class="icon-button" aria-label={texts.dismiss} title={texts.dismiss}
                    onclick={dismiss}>
                    <Icon glyph={Glyph::Cross} />
                </button>
            }
        </div>
    }
}

fn glyph(device: Device, failed: bool) -> Glyph {
    match (device, failed) {
        (Device::Microphone, false) => Glyph::Microphone,
        (Device::Microphone, true) => Glyph::MicrophoneOff,
        (Device::Camera, false) => Glyph::Camera,
        (Device::Camera, true) => Glyph::CameraOff,
    }
}

fn starting(device: Device, texts: &Catalogue) -> &'static str {
    match device {
        Device::Microphone => texts.microphone_starting,
        Device::Camera => texts.camera_starting,
    }
}

fn not_secure(device: Device, texts: &Catalogue) -> &'static str {
    match device {
        Device::Microphone => texts.microphone_not_secure,
        Device::Camera => texts.camera_not_secure,
    }
}

fn failure(device: Device, error: DeviceError, texts: &Catalogue) -> &'static str {
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
    }
}
