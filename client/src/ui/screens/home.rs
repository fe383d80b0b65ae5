//! Signed in, and in no call.

use tincan_session::{CallKind, Intent, PastConversation};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::tools::{Tools, typed};
use crate::browser::{ChosenFile, chosen_files};
use crate::ui::chat::{Log, save_button};
use crate::ui::files::{call_with_files, on_drop};
use crate::ui::parts::button::text_button;
use crate::ui::parts::focus::focus;
use crate::ui::parts::form::{NameField, alert, card, submit_button};
use crate::ui::parts::icon::{Glyph, icon};
use crate::ui::parts::phrase::named;

/// Says who one is, asks whom to call, and keeps the last conversation readable.
pub(crate) fn home(me: &str, past: Option<&PastConversation>, tools: &Tools) -> Html {
    let Tools { page, texts, heading, input, second, missing, chooser } = tools;
    let call = {
        let (page, input, missing) = (page.clone(), input.clone(), missing.setter());
        Callback::from(move |kind| {
            let name = typed(&input);
            let nobody = name.trim().is_empty();
            missing.set(nobody);
            if nobody {
                focus(&input);
            } else {
                page.handle.intent(Intent::Call { name, kind });
            }
        })
    };
    let calls = |kind, glyph, text: &'static str| {
        let call = call.clone();
        text_button("button button--kind", glyph, text, Callback::from(move |_| call.emit(kind)))
    };
    // Enter in the box begins a text chat, which turns nothing on that anybody could be surprised by.
    let onsubmit = {
        let call = call.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            call.emit(CallKind::Text);
        })
    };
    // The browser asks for the files only once it is clear whom they are for.
    let attach = {
        let (input, missing, chooser) = (input.clone(), missing.setter(), chooser.clone());
        Callback::from(move |_: MouseEvent| {
            let nobody = typed(&input).trim().is_empty();
            missing.set(nobody);
            match chooser.cast::<HtmlInputElement>() {
                Some(chooser) if !nobody => chooser.click(),
                _ => focus(&input),
            }
        })
    };
    let send = {
        let (page, input, missing) = (page.clone(), input.clone(), missing.setter());
        Callback::from(move |files: Vec<ChosenFile>| {
            let name = typed(&input);
            let nobody = name.trim().is_empty();
            missing.set(nobody);
            if nobody {
                focus(&input);
            } else if !files.is_empty() {
                call_with_files(name, files, &page);
            }
        })
    };
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| send.emit(chosen_files(&event)))
    };
    let sign_out = page.press(Intent::SignOut);
    let start_room = tools.submit(second, |page, name| page.open_room(&name));
    let name = NameField {
        id: "name-to-call",
        label: texts.name_to_call,
        hint: texts.call_hint,
        complete: "off",
        invalid: **missing,
    };
    let room = NameField {
        id: "room-name",
        label: texts.room_name,
        hint: texts.room_name_hint,
        complete: "off",
        invalid: false,
    };
    html! {
        <div class="home" ondrop={on_drop(send)}>
            <div class="whoami">
                <p>{ named(texts.signed_in_as, me) }</p>
                <button type="button" class="button button--quiet" onclick={sign_out}>{ texts.sign_out }</button>
            </div>
            <section class="card">
                <h1 class="card__title" ref={heading.clone()} tabindex="-1">{ texts.call_heading }</h1>
                <form class="form" {onsubmit} novalidate=true>
                    { name.draw(input, missing.setter()) }
                    { alert(missing.then(|| texts.name_to_call_missing.into())) }
                    <div class="call-kinds">
                        <button type="submit" class="button button--kind">
                            { icon(Glyph::Message) }{ texts.text_chat }
                        </button>
                        { calls(CallKind::Voice, Glyph::Phone, texts.voice_call) }
                        { calls(CallKind::Video, Glyph::Camera, texts.video_call) }
                        { text_button("button button--kind", Glyph::Attach, texts.attach_files, attach) }
                        <input ref={chooser.clone()} type="file" multiple=true hidden=true {onchange} />
                    </div>
                </form>
            </section>
            { card(texts.room_heading, html! {
                <form class="form" onsubmit={start_room}>
                    { room.draw(second, missing.setter()) }
                    { submit_button(texts.start_room) }
                </form>
            }) }
            { for past.map(|past| card(texts.last_conversation, html! {
                <>
                    <p class="hint">{ texts.last_conversation_note }</p>
                    <Log conversation={past.conversation.clone()} />
                    { save_button(&past.peer, &past.conversation, page) }
                </>
            })) }
        </div>
    }
}
