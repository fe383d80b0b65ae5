//! The screen while somebody calls.

use tincan_session::files::safe_name;
use tincan_session::{CallKind, Intent};
use tincan_shared::FileNotice;
use yew::prelude::*;

use crate::ui::catalogue::Phrase;
use crate::ui::context::page::{Page, use_page};
use crate::ui::files::bytes;
use crate::ui::parts::button::text_button;
use crate::ui::parts::cans::cans;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::focus;
use crate::ui::parts::icon::Glyph;

/// The id of what the dialog is described by.
const DESCRIPTION: &str = "incoming-description";

#[derive(Properties, PartialEq)]
pub(crate) struct IncomingProps {
    pub(crate) peer: String,
    pub(crate) kind: CallKind,
    /// The files that the call is made for.
    pub(crate) files: Option<FileNotice>,
    /// Whether nothing else on the page can be reached meanwhile.
    pub(crate) modal: bool,
}

/// Asks whether to take a call, or files.
#[component]
pub(crate) fn IncomingScreen(props: &IncomingProps) -> Html {
    let IncomingProps { peer, kind, files, modal } = props;
    let page = use_page();
    let dialog = use_node_ref();
    // The dialog itself gets the focus, not `Accept`: otherwise somebody who is typing when a call comes in
    // would accept it, with the camera, by the next space or Enter.
    let modal = *modal;
    {
        let dialog = dialog.clone();
        use_effect_on((), move || {
            if modal {
                focus(&dialog);
            }
            None
        });
    }
    let Question { title, description, answers } = match files {
        Some(files) => about_files(peer, files, &page),
        None => about_call(peer, *kind, &page),
    };
    html! {
        <div ref={dialog} class="card incoming" role="dialog" tabindex="-1"
            aria-modal={modal.then_some("true")}
            aria-label={title.into_string()} aria-describedby={DESCRIPTION}>
            { cans(true, peer) }
            <h1 class="incoming__title">{ title }</h1>
            { description }
            <div class="incoming__answers">{ answers }</div>
        </div>
    }
}

/// What is asked, and what can be answered.
struct Question<'a> {
    title: Phrase<'a>,
    /// Has the id [`DESCRIPTION`].
    description: Html,
    answers: Html,
}

fn about_call<'a>(peer: &'a str, kind: CallKind, page: &Page) -> Question<'a> {
    let texts = page.texts();
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
    let decline = page.press(Intent::Decline);
    let answers = html! {
        <>
            { text_button("button button--primary", glyph, texts.accept, accept(video)) }
            if video {
                { text_button("button", Glyph::CameraOff, texts.accept_without_camera, accept(false)) }
            }
            { text_button("button button--danger", Glyph::HangUp, texts.decline, decline) }
        </>
    };
    Question {
        title: texts.incoming_call(peer),
        description: html! { <p id={DESCRIPTION} class="lead">{ description }</p> },
        answers,
    }
}

fn about_files<'a>(peer: &'a str, files: &FileNotice, page: &Page) -> Question<'a> {
    let texts = page.texts();
    let name = safe_name(&files.name);
    let more = files.count.saturating_sub(1);
    let (title, what) = if more == 0 {
        (texts.incoming_file(peer), html! { <bdi>{ name }</bdi> })
    } else {
        (texts.incoming_files(peer), texts.and_more(&name, &more.to_string()).into())
    };
    let description = html! {
        <div id={DESCRIPTION}>
            <p class="lead incoming__files">
                { what }{ " " }<span class="hint">{ bytes(files.bytes) }</span>
            </p>
            <p class="hint">{ texts.incoming_files_hint }</p>
        </div>
    };
    let accept = page.press(Intent::Accept { camera: false });
    let decline = page.press(Intent::Decline);
    let answers = html! {
        <>
            { text_button("button button--primary", Glyph::Save, texts.accept_file, accept) }
            { text_button("button button--danger", Glyph::Cross, texts.refuse_file, decline) }
        </>
    };
    Question { title, description, answers }
}
