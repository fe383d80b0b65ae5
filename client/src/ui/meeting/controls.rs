//! The buttons of a meeting.

use tincan_session::{Device, Intent, LocalMediaView};
use yew::prelude::*;

use crate::browser::can_share_screen;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;
use crate::ui::parts::button::text_button;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::toggle::toggle;

/// Microphone, camera, screen, and the way out.
pub(super) fn controls(
    local: &LocalMediaView,
    in_room: bool,
    page: &Page,
    texts: &'static Catalogue,
) -> Html {
    let (out, name) =
        if in_room { (Intent::LeaveRoom, texts.leave) } else { (Intent::HangUp, texts.hang_up) };
    html! {
        <div class="controls" role="group" aria-label={texts.call_controls}>
            { toggle(Device::Microphone, local.microphone, page, texts) }
            { toggle(Device::Camera, local.camera, page, texts) }
            if can_share_screen() {
                { toggle(Device::Screen, local.screen, page, texts) }
            }
            { text_button("button button--danger controls__end", Glyph::HangUp, name, page.press(out)) }
        </div>
    }
}
