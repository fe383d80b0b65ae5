//! Calling somebody.

use tincan_session::{CallKind, CallingStage, DeviceView, Intent};
use yew::prelude::*;

use super::cans::Cans;
use super::device_note::DeviceNotes;
use super::focus::use_focus_on_mount;
use super::icon::{Glyph, Icon};
use super::locale::use_texts;
use super::page::use_page;
use super::phrase::Phrase;
use super::video::SelfView;

#[derive(Properties, PartialEq)]
pub(crate) struct CallingProps {
    pub(crate) peer: AttrValue,
    pub(crate) kind: CallKind,
    pub(crate) stage: CallingStage,
    pub(crate) microphone: DeviceView,
    pub(crate) camera: DeviceView,
}

/// Says whom one is calling and how far it is, with a look at oneself in a video call.
#[component]
pub(crate) fn Calling(props: &CallingProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    // Not `Cancel`: a second press of the key that began the call would end it.
    let heading = use_node_ref();
    use_focus_on_mount(&heading);

    let cancel = Callback::from(move |_: MouseEvent| handle.intent(Intent::Cancel));
    let text = match props.stage {
        CallingStage::Preparing => texts.preparing,
        CallingStage::Calling => texts.calling,
        CallingStage::Ringing => texts.ringing,
    };
    let kind = match props.kind {
        CallKind::Text => texts.text_chat,
        CallKind::Voice => texts.voice_call,
        CallKind::Video => texts.video_call,
    };
    html! {
        <div class="calling">
            <h1 ref={heading} class="calling__kind" tabindex="-1">{ kind }</h1>
            <Cans ringing={props.stage == CallingStage::Ringing} peer={props.peer.clone()} />
            <p class="calling__text" role="status"><Phrase {text} name={props.peer.clone()} /></p>
            <SelfView class="calling__self" camera={props.camera} />
            <DeviceNotes microphone={props.microphone} camera={props.camera} />
            <button type="button" class="button button--danger" onclick={cancel}>
                <Icon glyph={Glyph::HangUp} />{ texts.cancel }
            </button>
        </div>
    }
}
