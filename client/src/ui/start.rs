//! The first screen: taking a name.

use tincan_session::{Intent, StartProblem};
use tincan_shared::{LoginRefusal, MAX_NAME_CHARS};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::cans::Cans;
use super::catalogue::{Catalogue, fill};
use super::focus::use_input_focus_on_mount;
use super::icon::{Glyph, Icon};
use super::locale::use_texts;
use super::page::use_page;
use super::phrase::Phrase;
use crate::browser::Support;

#[derive(Properties, PartialEq)]
pub(crate) struct StartProps {
    pub(crate) signing_in: bool,
    pub(crate) problem: Option<StartProblem>,
}

/// Says what this is, and asks for a name.
#[component]
pub(crate) fn Start(props: &StartProps) -> Html {
    let texts = use_texts();
    let support = use_page().support;
    let heading = use_node_ref();
    html! {
        <div class="start">
            <div class="start__intro">
                <Cans />
                <h1 class="start__title" ref={heading.clone()} tabindex="-1">{ texts.tagline }</h1>
                <p class="lead">{ texts.start_intro }</p>
            </div>
            <div class="card">
                if support == Support::NotSecure {
                    <SupportNote title={texts.not_secure_title} advice={texts.not_secure_advice} />
                }
                // Without WebRTC there is nothing to sign in for.
                if support == Support::NoWebRtc {
                    <SupportNote title={texts.no_webrtc_title} advice={texts.no_webrtc_advice} />
                } else {
                    <SignIn signing_in={props.signing_in} problem={props.problem.clone()} {heading} />
                }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SupportNoteProps {
    title: &'static str,
    advice: &'static str,
}

#[component]
fn SupportNote(props: &SupportNoteProps) -> Html {
    html! {
        <div class="note note--warning" role="note">
            <Icon glyph={Glyph::Warning} />
            <div>
                <strong>{ props.title }</strong>
                <p>{ props.advice }</p>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SignInProps {
    signing_in: bool,
    problem: Option<StartProblem>,
    /// Has the focus where the text box should not.
    heading: NodeRef,
}

#[component]
fn SignIn(props: &SignInProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    let name = use_state(String::new);
    let input = use_node_ref();
    use_input_focus_on_mount(&input, &props.heading);

    let oninput = {
        let name = name.setter();
        Callback::from(move |event: InputEvent| {
            name.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onsubmit = {
        let name = name.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            handle.intent(Intent::SignIn { name: (*name).clone() });
        })
    };
    html! {
        <form class="form" {onsubmit} novalidate=true>
            <label class="form__label" for="your-name">{ texts.your_name }</label>
            <input ref={input} id="your-name" class="field" type="text" name="name" autocomplete="nickname"
                autocapitalize="words" spellcheck="false" enterkeyhint="go" dir="auto" aria-describedby="your-name-hint"
                aria-invalid={props.problem.is_some().then_some("true")} value={(*name).clone()} {oninput} />
            <p id="your-name-hint" class="hint">{ texts.your_name_hint }</p>
            <div class="alert" role="alert">
                if let Some(StartProblem::Refused { name, reason }) = &props.problem {
                    <p>{ refusal(name, *reason, texts) }</p>
                }
            </div>
            <button type="submit" class="button button--primary button--wide">{ texts.sign_in }</button>
            <p class="hint" role="status">
                if props.signing_in { { texts.signing_in } }
            </p>
        </form>
    }
}

fn refusal(name: &str, reason: LoginRefusal, texts: &'static Catalogue) -> Html {
    match reason {
        LoginRefusal::InUse => html! { <Phrase text={texts.refused_in_use} name={name.trim().to_owned()} /> },
        LoginRefusal::Empty => html! { texts.refused_empty },
        LoginRefusal::TooLong => {
            html! { fill(texts.refused_too_long, &[("max", &MAX_NAME_CHARS.to_string())]) }
        }
        LoginRefusal::ControlCharacter => html! { texts.refused_control_character },
        LoginRefusal::ServerFull => html! { texts.refused_server_full },
        LoginRefusal::RoomFull | LoginRefusal::RoomName | LoginRefusal::Other => {
            html! { texts.refused_other }
        }
    }
}
