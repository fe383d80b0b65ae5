//! The first screen: taking a name.

use tincan_session::{Intent, StartProblem};
use yew::prelude::*;

use super::explain::{refusal, support_note};
use crate::browser::{CHECK_PATH, Support};
use crate::ui::context::page::use_page;
use crate::ui::parts::button::text_button;
use crate::ui::parts::cans::cans;
use crate::ui::parts::focus::use_initial_focus;
use crate::ui::parts::form::{NameField, alert, on_submit, status, submit_button};
use crate::ui::parts::icon::Glyph;

#[derive(Properties, PartialEq)]
pub(crate) struct StartProps {
    pub(crate) signing_in: bool,
    pub(crate) problem: Option<StartProblem>,
}

/// Says what Tincan is, and asks for a name.
#[component]
pub(crate) fn StartScreen(props: &StartProps) -> Html {
    let page = use_page();
    let texts = page.first_texts();
    let (heading, input) = (use_node_ref(), use_node_ref());
    use_initial_focus(&heading, Some(&input));
    let sign_in = {
        let handle = page.handle.clone();
        on_submit(&input, move |name| handle.intent(Intent::SignIn { name }))
    };
    let start_room = {
        let page = page.clone();
        Callback::from(move |_| page.open_room(""))
    };
    let name = NameField {
        id: "your-name",
        label: texts.your_name,
        hint: texts.your_name_hint,
        complete: "nickname",
        invalid: props.problem.is_some(),
        oninput: None,
    };
    let refused = |StartProblem::Refused { name, reason }: &StartProblem| refusal(name, *reason, texts);
    html! {
        <div class="start">
            <div class="start__intro">
                { cans(false, "") }
                <h1 class="start__title" ref={heading} tabindex="-1">{ texts.tagline }</h1>
                <p class="lead">{ texts.start_intro }</p>
            </div>
            <div class="card">
                { support_note(page.support, texts) }
                // Without WebRTC there is nothing to do after signing in.
                if page.support != Support::NoWebRtc {
                    <form class="form" onsubmit={sign_in} novalidate=true>
                        { name.draw(&input) }
                        { alert(props.problem.as_ref().map(refused)) }
                        { submit_button(texts.sign_in) }
                        { status(props.signing_in.then_some(texts.signing_in)) }
                    </form>
                    <div class="start__room">
                        <p class="hint">{ texts.start_room_hint }</p>
                        { text_button("button button--wide", Glyph::Invite, texts.start_room, start_room) }
                    </div>
                }
                <p class="start__check"><a href={CHECK_PATH}>{ texts.check_link }</a></p>
            </div>
        </div>
    }
}
