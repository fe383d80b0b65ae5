//! Signed in, and in no call.

use tincan_session::{CallKind, Intent, PastConversation};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::chat::Log;
use super::focus::{focus, use_input_focus_on_mount};
use super::icon::{Glyph, Icon};
use super::locale::use_texts;
use super::page::use_page;
use super::phrase::Phrase;

#[derive(Properties, PartialEq)]
pub(crate) struct HomeProps {
    pub(crate) me: AttrValue,
    /// What was written in the last call.
    pub(crate) past: Option<PastConversation>,
}

/// Says who one is, asks whom to call, and keeps the last conversation readable.
#[component]
pub(crate) fn Home(props: &HomeProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    let heading = use_node_ref();
    let sign_out = Callback::from(move |_: MouseEvent| handle.intent(Intent::SignOut));
    html! {
        <div class="home">
            <div class="whoami">
                <p><Phrase text={texts.signed_in_as} name={props.me.clone()} /></p>
                <button type="button" class="button button--quiet" onclick={sign_out}>{ texts.sign_out }</button>
            </div>
            <section class="card">
                <h1 class="card__title" ref={heading.clone()} tabindex="-1">{ texts.call_heading }</h1>
                <CallForm {heading} />
            </section>
            if let Some(past) = &props.past {
                <section class="card">
                    <h2 class="card__title">{ texts.last_conversation }</h2>
                    <p class="hint">{ texts.last_conversation_note }</p>
                    <Log
                        conversation={past.conversation.clone()}
                        peer={past.peer.clone()}
                    />
                </section>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CallFormProps {
    /// Has the focus where the text box should not.
    heading: NodeRef,
}

#[component]
fn CallForm(props: &CallFormProps) -> Html {
    let texts = use_texts();
    let handle = use_page().handle;
    let name = use_state(String::new);
    let name_missing = use_state(|| false);
    let input = use_node_ref();
    use_input_focus_on_mount(&input, &props.heading);

    let oninput = {
        let (name, name_missing) = (name.setter(), name_missing.setter());
        Callback::from(move |event: InputEvent| {
            name.set(event.target_unchecked_into::<HtmlInputElement>().value());
            name_missing.set(false);
        })
    };
    let call = {
        let (name, name_missing, input) = (name.clone(), name_missing.setter(), input.clone());
        Callback::from(move |kind| {
            if name.trim().is_empty() {
                name_missing.set(true);
                focus(&input);
            } else {
                handle.intent(Intent::Call { name: (*name).clone(), kind });
            }
        })
    };
    let calls = |kind| {
        let call = call.clone();
        Callback::from(move |_: MouseEvent| call.emit(kind))
    };
    // Enter in the box begins a text chat, which turns nothing on that anybody could be surprised by.
    let onsubmit = {
        let call = call.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            call.emit(CallKind::Text);
        })
    };
    html! {
        <form class="form" {onsubmit} novalidate=true>
            <label class="form__label" for="name-to-call">{ texts.name_to_call }</label>
            <input ref={input} id="name-to-call" class="field" type="text" autocomplete="off" autocapitalize="words"
                spellcheck="false" dir="auto" aria-describedby="name-to-call-hint"
                aria-invalid={name_missing.then_some("true")} value={(*name).clone()} {oninput} />
            <p id="name-to-call-hint" class="hint">{ texts.call_hint }</p>
            <div class="alert" role="alert">
                if *name_missing { <p>{ texts.name_to_call_missing }</p> }
            </div>
            <div class="call-kinds">
                <button type="submit" class="button button--kind">
                    <Icon glyph={Glyph::Message} />{ texts.text_chat }
                </button>
                <button type="button" class="button button--kind" onclick={calls(CallKind::Voice)}>
                    <Icon glyph={Glyph::Phone} />{ texts.voice_call }
                </button>
                <button type="button" class="button button--kind" onclick={calls(CallKind::Video)}>
                    <Icon glyph={Glyph::Camera} />{ texts.video_call }
                </button>
            </div>
        </form>
    }
}
