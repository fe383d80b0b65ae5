//! The first screen: taking a name.

use tincan_session::{Intent, StartProblem};
use tincan_shared::{LoginRefusal, MAX_NAME_CHARS, MAX_ROOM_NAME_CHARS};
use yew::prelude::*;

use super::tools::Tools;
use crate::browser::Support;
use crate::ui::catalogue::{Catalogue, fill};
use crate::ui::parts::button::text_button;
use crate::ui::parts::cans::cans;
use crate::ui::parts::form::{NameField, alert, status, submit_button};
use crate::ui::parts::icon::{Glyph, icon};
use crate::ui::parts::phrase::named;

/// Says what this is, and asks for a name.
pub(crate) fn start(signing_in: bool, problem: Option<&StartProblem>, tools: &Tools) -> Html {
    let Tools { page, texts, heading, input, missing, .. } = tools;
    let support = page.support;
    let onsubmit = tools.submit(input, |page, name| page.handle.intent(Intent::SignIn { name }));
    let start_room = {
        let page = page.clone();
        Callback::from(move |_| page.open_room(""))
    };
    let name = NameField {
        id: "your-name",
        label: texts.your_name,
        hint: texts.your_name_hint,
        complete: "nickname",
        invalid: problem.is_some(),
    };
    let problem = problem.map(|StartProblem::Refused { name, reason }| refusal(name, *reason, texts));
    html! {
        <div class="start">
            <div class="start__intro">
                { cans(false, "") }
                <h1 class="start__title" ref={heading.clone()} tabindex="-1">{ texts.tagline }</h1>
                <p class="lead">{ texts.start_intro }</p>
            </div>
            <div class="card">
                { support_note(support, texts) }
                // Without WebRTC there is nothing to sign in for.
                if support != Support::NoWebRtc {
                    <form class="form" {onsubmit} novalidate=true>
                        { name.draw(input, missing.setter()) }
                        { alert(problem) }
                        { submit_button(texts.sign_in) }
                        { status(signing_in.then_some(texts.signing_in)) }
                    </form>
                    <div class="start__room">
                        <p class="hint">{ texts.start_room_hint }</p>
                        { text_button("button button--wide", Glyph::Invite, texts.start_room, start_room) }
                    </div>
                }
            </div>
        </div>
    }
}

/// What stands in the way of calls, if anything does.
pub(crate) fn support_note(support: Support, texts: &Catalogue) -> Html {
    let (title, advice) = match support {
        Support::Ready => return Html::default(),
        Support::NotSecure => (texts.not_secure_title, texts.not_secure_advice),
        Support::NoWebRtc => (texts.no_webrtc_title, texts.no_webrtc_advice),
    };
    html! {
        <div class="note note--warning" role="note">
            { icon(Glyph::Warning) }
            <div>
                <strong>{ title }</strong>
                <p>{ advice }</p>
            </div>
        </div>
    }
}

/// Why somebody can't be called `name`.
pub(crate) fn refusal(name: &str, reason: LoginRefusal, texts: &Catalogue) -> Html {
    match reason {
        LoginRefusal::InUse => named(texts.refused_in_use, name.trim()),
        LoginRefusal::Empty => texts.refused_empty.into(),
        LoginRefusal::TooLong => filled(texts.refused_too_long, MAX_NAME_CHARS),
        LoginRefusal::ControlCharacter => texts.refused_control_character.into(),
        LoginRefusal::ServerFull => texts.refused_server_full.into(),
        LoginRefusal::RoomFull => texts.room_full.into(),
        LoginRefusal::RoomName => filled(texts.room_name_refused, MAX_ROOM_NAME_CHARS),
        LoginRefusal::Other => texts.refused_other.into(),
    }
}

/// A text that tells a limit, `{max}`.
pub(crate) fn filled(text: &str, max: usize) -> Html {
    fill(text, &[("max", &max.to_string())]).into()
}
