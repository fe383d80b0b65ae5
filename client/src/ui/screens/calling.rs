//! Calling somebody.

use tincan_session::{CallKind, CallingStage, Intent, LocalMediaView};
use yew::prelude::*;

use super::tools::Tools;
use crate::ui::parts::button::text_button;
use crate::ui::parts::cans::cans;
use crate::ui::parts::device_note::device_notes;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::phrase::named;
use crate::ui::parts::video::self_view;

/// Says whom one is calling and how far it is, with a look at oneself in a video call.
pub(crate) fn calling(
    peer: &str,
    kind: CallKind,
    stage: CallingStage,
    local: &LocalMediaView,
    tools: &Tools,
) -> Html {
    let Tools { page, texts, .. } = tools;
    // Not `Cancel`: a second press of the key that began the call would end it.
    let heading = tools.heading.clone();
    let cancel = page.press(Intent::Cancel);
    let text = match stage {
        CallingStage::Preparing => texts.preparing,
        CallingStage::Calling => texts.calling,
        CallingStage::Ringing => texts.ringing,
    };
    let kind = match kind {
        CallKind::Text => texts.text_chat,
        CallKind::Voice => texts.voice_call,
        CallKind::Video => texts.video_call,
    };
    html! {
        <div class="calling">
            <h1 ref={heading} class="calling__kind" tabindex="-1">{ kind }</h1>
            { cans(stage == CallingStage::Ringing, peer) }
            <p class="calling__text" role="status">{ named(text, peer) }</p>
            { self_view(local.camera, "video video--mirrored calling__self", texts) }
            { device_notes(local) }
            { text_button("button button--danger", Glyph::HangUp, texts.cancel, cancel) }
        </div>
    }
}
