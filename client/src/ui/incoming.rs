//! Somebody calls.

use tincan_session::{CallKind, Intent};
use yew::prelude::*;

use super::button::text_button;
use super::cans::cans;
use super::catalogue::fill;
use super::icon::Glyph;
use super::phrase::named;
use super::screen::Tools;

/// Asks whether to take a call. Nothing else on the page can be reached meanwhile: the top bar is inert.
pub(crate) fn incoming(peer: &str, kind: CallKind, tools: &Tools) -> Html {
    let Tools { page, texts, .. } = tools;
    // The dialog itself gets the focus, not `Accept`: whoever is typing when a call comes in would otherwise take it,
    // camera and all, with the next space or Enter.
    let dialog = tools.heading.clone();
    let video = kind == CallKind::Video;
    let description = match kind {
        CallKind::Text => texts.incoming_text,
        CallKind::Voice => texts.incoming_voice,
        CallKind::Video => texts.incoming_video,
    };
    let glyph = match kind {
        CallKind::Text => Glyph::Message,
        CallKind::Voice => Glyph::Phone,
        CallKind::Video => Glyph::Camera,
    };
    let accept = |camera| page.press(Intent::Accept { camera });
    html! {
        <div ref={dialog} class="card incoming" role="dialog" aria-modal="true" tabindex="-1"
            aria-label={fill(texts.incoming_call, &[("name", peer)])} aria-describedby="incoming-description">
            { cans(true, peer) }
            <h1 class="incoming__title">{ named(texts.incoming_call, peer) }</h1>
            <p id="incoming-description" class="lead">{ description }</p>
            <div class="incoming__answers">
                { text_button("button button--primary", glyph, texts.accept, accept(video)) }
                if video {
                    { text_button("button", Glyph::CameraOff, texts.accept_without_camera, accept(false)) }
                }
                { text_button("button button--danger", Glyph::HangUp, texts.decline, page.press(Intent::Decline)) }
            </div>
        </div>
    }
}
