//! The screen while somebody is called.

use tincan_session::{CallKind, CallingStage, Intent, LocalMediaView};
use yew::prelude::*;

use crate::ui::context::page::use_page;
use crate::ui::parts::button::text_button;
use crate::ui::parts::cans::cans;
use crate::ui::parts::device_note::device_notes;
use crate::ui::parts::focus::use_initial_focus;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::video::self_view;

#[derive(Properties, PartialEq)]
pub(crate) struct CallingProps {
    pub(crate) peer: String,
    pub(crate) kind: CallKind,
    pub(crate) stage: CallingStage,
    pub(crate) local: LocalMediaView,
}

/// Says whom the user is calling and how far the call is, and shows the camera's picture in a video call.
#[component]
pub(crate) fn CallingScreen(props: &CallingProps) -> Html {
    let CallingProps { peer, kind, stage, local } = props;
    let page = use_page();
    let texts = page.texts();
    let heading = use_node_ref();
    // The focus doesn't go to `Cancel`: a second press of the key that began the call would end it.
    use_initial_focus(&heading, None);
    let text = match stage {
        CallingStage::Preparing => texts.preparing(peer),
        CallingStage::Calling => texts.calling(peer),
        CallingStage::Ringing => texts.ringing(peer),
    };
    let kind = match kind {
        CallKind::Text => texts.text_chat,
        CallKind::Voice => texts.voice_call,
        CallKind::Video => texts.video_call,
    };
    let cancel = page.press(Intent::Cancel);
    html! {
        <div class="calling">
            <h1 ref={heading} class="calling__kind" tabindex="-1">{ kind }</h1>
            { cans(*stage == CallingStage::Ringing, peer) }
            <p class="calling__text" role="status">{ text }</p>
            { self_view(local.camera, "video video--mirrored calling__self", texts) }
            { device_notes(local) }
            { text_button("button button--danger", Glyph::HangUp, texts.cancel, cancel) }
        </div>
    }
}
