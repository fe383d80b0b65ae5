//! In a call.

mod bar;
mod controls;
mod layout;
mod stage;

use tincan_session::{CallKind, InCall};
use yew::prelude::*;

use self::bar::CallBar;
use self::controls::Controls;
use self::layout::Layout;
use self::stage::Stage;
use super::catalogue::fill;
use super::chat::Chat;
use super::device_note::DeviceNotes;
use super::focus::use_input_focus_on_mount;
use super::locale::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct CallProps {
    pub(crate) call: InCall,
}

/// Pictures, text and buttons of one call. Everything stays in its place in the document whatever comes and goes, so
/// that the sound of a `<video>` is never interrupted and a draft never lost.
#[component]
pub(crate) fn Call(props: &CallProps) -> Html {
    let call = &props.call;
    let texts = use_texts();
    let peer = AttrValue::from(call.peer.clone());
    let section = use_node_ref();
    let message = use_node_ref();
    // A text chat begins with writing; in other calls, a screen reader says first that the call is there.
    use_input_focus_on_mount(if call.kind == CallKind::Text { &message } else { &section }, &section);

    html! {
        <section ref={section} class={classes!("call", Layout::of(call).class())} tabindex="-1"
            aria-label={fill(texts.call_with, &[("name", &call.peer)])}>
            <div class="call__top">
                <CallBar peer={peer.clone()} connection={call.connection} />
                <DeviceNotes microphone={call.microphone} camera={call.camera} />
            </div>
            <Stage peer={peer.clone()} epoch={call.epoch} remote={call.remote} camera={call.camera} />
            <Chat {peer} conversation={call.conversation.clone()} refused={call.line_refused} {message} />
            <Controls microphone={call.microphone} camera={call.camera} />
        </section>
    }
}
