//! The buttons of a call.

use tincan_session::{DeviceView, Intent};
use yew::prelude::*;

use crate::ui::icon::{Glyph, Icon};
use crate::ui::locale::use_texts;
use crate::ui::page::use_page;

#[derive(Properties, PartialEq)]
pub(super) struct ControlsProps {
    pub(super) microphone: DeviceView,
    pub(super) camera: DeviceView,
}

/// Microphone, camera, and the way out.
#[component]
pub(super) fn Controls(props: &ControlsProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    let hang_up = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.intent(Intent::HangUp))
    };
    let set_microphone = {
        let handle = handle.clone();
        Callback::from(move |on| handle.intent(Intent::SetMicrophone(on)))
    };
    let set_camera = Callback::from(move |on| handle.intent(Intent::SetCamera(on)));
    html! {
        <div class="controls" role="group" aria-label={texts.call_controls}>
            <Toggle state={props.microphone} turn_on={texts.unmute_microphone} turn_off={texts.mute_microphone}
                on={Glyph::Microphone} off={Glyph::MicrophoneOff} set={set_microphone} />
            <Toggle state={props.camera} turn_on={texts.turn_camera_on} turn_off={texts.turn_camera_off}
                on={Glyph::Camera} off={Glyph::CameraOff} set={set_camera} />
            <button type="button" class="button button--danger controls__end" onclick={hang_up}>
                <Icon glyph={Glyph::HangUp} />{ texts.hang_up }
            </button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToggleProps {
    state: DeviceView,
    turn_on: &'static str,
    turn_off: &'static str,
    on: Glyph,
    off: Glyph,
    set: Callback<bool>,
}

/// A device's button. Its name says what it will do, so there is no `aria-pressed` to say the same the other way round.
#[component]
fn Toggle(props: &ToggleProps) -> Html {
    // While a device is being opened, the button is the way to take that back.
    let live = matches!(props.state, DeviceView::On { .. } | DeviceView::Starting);
    let name = if live { props.turn_off } else { props.turn_on };
    let onclick = {
        let set = props.set.clone();
        Callback::from(move |_: MouseEvent| set.emit(!live))
    };
    let state = match props.state {
        DeviceView::On { .. } => "toggle--on",
        DeviceView::Starting => "toggle--starting",
        DeviceView::Off | DeviceView::Muted { .. } => "toggle--off",
        DeviceView::Failed(_) => "toggle--failed",
    };
    html! {
        <button type="button" class={classes!("toggle", state)} aria-label={name} title={name} {onclick}>
            <Icon glyph={if live { props.on } else { props.off }} />
        </button>
    }
}
