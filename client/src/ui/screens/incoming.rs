//! Somebody calls.

use tincan_session::files::safe_name;
use tincan_session::{CallKind, Intent};
use tincan_shared::FileNotice;
use yew::prelude::*;

use super::tools::Tools;
use crate::ui::catalogue::fill;
use crate::ui::files::bytes;
use crate::ui::parts::button::text_button;
use crate::ui::parts::cans::cans;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::phrase::{named, phrase};

/// Asks whether to take a call.
pub(crate) fn incoming(peer: &str, kind: CallKind, tools: &Tools) -> Html {
    let Tools { page, texts, .. } = tools;
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
    let answers = html! {
        <>
            { text_button("button button--primary", glyph, texts.accept, accept(video)) }
            if video {
                { text_button("button", Glyph::CameraOff, texts.accept_without_camera, accept(false)) }
            }
            { text_button("button button--danger", Glyph::HangUp, texts.decline, page.press(Intent::Decline)) }
        </>
    };
    let description = html! { <p id={DESCRIPTION} class="lead">{ description }</p> };
    asking(peer, texts.incoming_call, description, answers, tools)
}

/// Asks whether to take the files that a call is made for.
pub(crate) fn incoming_files(peer: &str, files: &FileNotice, tools: &Tools) -> Html {
    let Tools { page, texts, .. } = tools;
    let name = safe_name(&files.name);
    let more = files.count.saturating_sub(1);
    let (title, what) = if more == 0 {
        (texts.incoming_file, html! { <bdi>{ name }</bdi> })
    } else {
        (texts.incoming_files, phrase(texts.and_more, &[("name", &name), ("number", &more.to_string())]))
    };
    let description = html! {
        <div id={DESCRIPTION}>
            <p class="lead incoming__files">{ what }{ " " }<span class="hint">{ bytes(files.bytes) }</span></p>
            <p class="hint">{ texts.incoming_files_hint }</p>
        </div>
    };
    let accept = page.press(Intent::Accept { camera: false });
    let answers = html! {
        <>
            { text_button("button button--primary", Glyph::Save, texts.accept_file, accept) }
            { text_button("button button--danger", Glyph::Cross, texts.refuse_file, page.press(Intent::Decline)) }
        </>
    };
    asking(peer, title, description, answers, tools)
}

const DESCRIPTION: &str = "incoming-description";

/// Nothing else on the page can be reached meanwhile: the top bar is inert.
fn asking(peer: &str, title: &str, description: Html, answers: Html, tools: &Tools) -> Html {
    // The dialog itself gets the focus, not `Accept`: whoever is typing when a call comes in would otherwise take it,
    // camera and all, with the next space or Enter.
    let dialog = tools.heading.clone();
    html! {
        <div ref={dialog} class="card incoming" role="dialog" aria-modal="true" tabindex="-1"
            aria-label={fill(title, &[("name", peer)])} aria-describedby={DESCRIPTION}>
            { cans(true, peer) }
            <h1 class="incoming__title">{ named(title, peer) }</h1>
            { description }
            <div class="incoming__answers">{ answers }</div>
        </div>
    }
}
