//! Somebody calls.

use tincan_session::{CallKind, Intent};
use yew::prelude::*;

use super::cans::Cans;
use super::catalogue::fill;
use super::focus::use_focus_on_mount;
use super::icon::{Glyph, Icon};
use super::locale::use_texts;
use super::page::use_page;
use super::phrase::Phrase;

#[derive(Properties, PartialEq)]
pub(crate) struct IncomingProps {
    pub(crate) peer: AttrValue,
    pub(crate) kind: CallKind,
}

/// Asks whether to take a call. Nothing else on the page can be reached meanwhile: the top bar is inert.
#[component]
pub(crate) fn Incoming(props: &IncomingProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    // The dialog itself gets the focus, not `Accept`: whoever is typing when a call comes in would otherwise take it,
    // camera and all, with the next space or Enter.
    let dialog = use_node_ref();
    use_focus_on_mount(&dialog);

    let says = |intent: Intent| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.intent(intent.clone()))
    };
    let video = props.kind == CallKind::Video;
    let description = match props.kind {
        CallKind::Text => texts.incoming_text,
        CallKind::Voice => texts.incoming_voice,
        CallKind::Video => texts.incoming_video,
    };
    let glyph = match props.kind {
        CallKind::Text => Glyph::Message,
        CallKind::Voice => Glyph::Phone,
        CallKind::Video => Glyph::Camera,
    };
    html! {
        <div ref={dialog} class="card incoming" role="dialog" aria-modal="true" tabindex="-1"
            aria-label={fill(texts.incoming_call, &[("name", &props.peer)])} aria-describedby="incoming-description">
            <Cans ringing=true peer={props.peer.clone()} />
            <h1 class="incoming__title"><Phrase text={texts.incoming_call} name={props.peer.clone()} /></h1>
            <p id="incoming-description" class="lead">{ description }</p>
            <div class="incoming__answers">
                <button type="button" class="button button--primary" onclick={says(Intent::Accept { camera: video })}>
                    <Icon {glyph} />{ texts.accept }
                </button>
                if video {
                    <button type="button" class="button" onclick={says(Intent::Accept { camera: false })}>
                        <Icon glyph={Glyph::CameraOff} />{ texts.accept_without_camera }
                    </button>
                }
                <button type="button" class="button button--danger" onclick={says(Intent::Decline)}>
                    <Icon glyph={Glyph::HangUp} />{ texts.decline }
                </button>
            </div>
        </div>
    }
}
