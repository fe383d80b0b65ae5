//! The buttons of a meeting.

use tincan_session::{Device, Intent, LocalMediaView};
use yew::prelude::*;

use crate::browser::can_share_screen;
use crate::ui::context::page::use_page;
use crate::ui::parts::button::text_button;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::toggle::toggle;

#[derive(Properties, PartialEq)]
pub(super) struct ControlsProps {
    pub(super) local: LocalMediaView,
    pub(super) in_room: bool,
}

/// Microphone, camera, screen, and the way out.
#[component]
pub(super) fn Controls(props: &ControlsProps) -> Html {
    let ControlsProps { local, in_room } = props;
    let page = use_page();
    let texts = page.texts();
    let (out, name) =
        if *in_room { (Intent::LeaveRoom, texts.leave) } else { (Intent::HangUp, texts.hang_up) };
    html! {
        <div class="controls" role="group" aria-label={texts.call_controls}>
            { toggle(Device::Microphone, local.microphone, &page, texts) }
            { toggle(Device::Camera, local.camera, &page, texts) }
            if can_share_screen() {
                { toggle(Device::Screen, local.screen, &page, texts) }
            }
            { text_button("button button--danger controls__end", Glyph::HangUp, name, page.press(out)) }
        </div>
    }
}
