//! The screen of somebody who has signed in, and is in no call.

use std::cell::Cell;

use tincan_session::{CallKind, Intent, PastConversation};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::last_conversation::last_conversation;
use super::on_phone::OnPhone;
use crate::browser::{ChosenFile, chosen_files};
use crate::ui::context::page::use_page;
use crate::ui::files::{call_with_files, on_drop};
use crate::ui::parts::button::text_button;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::focus::{focus, focus_first, use_initial_focus};
use crate::ui::parts::form::{NameField, alert, card, on_submit, submit_button, typed};
use crate::ui::parts::icon::{Glyph, icon};

#[derive(Properties, PartialEq)]
pub(crate) struct HomeProps {
    /// The user's name.
    pub(crate) me: String,
    pub(crate) past: Option<PastConversation>,
    /// Whether nothing here can be reached, because it rings.
    pub(crate) inert: bool,
}

/// Says who has signed in, asks whom to call, and shows the last conversation.
#[component]
pub(crate) fn HomeScreen(props: &HomeProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let (heading, room) = (use_node_ref(), use_node_ref());
    let chooser = use_node_ref();
    let missing = use_state_eq(|| false);
    let callee = Callee { input: use_node_ref(), missing: missing.setter() };
    use_initial_focus(&heading, Some(&callee.input));
    {
        // After a call that wasn't taken, the keyboard is where it was at first.
        let (heading, input, first) =
            (heading.clone(), callee.input.clone(), use_memo((), |()| Cell::new(true)));
        let inert = props.inert;
        use_effect_on(inert, move || {
            if !first.replace(false) && !inert {
                focus_first(&heading, Some(&input));
            }
            None
        });
    }

    let call = {
        let (page, callee) = (page.clone(), callee.clone());
        Callback::from(move |kind| {
            if let Some(name) = callee.name() {
                page.handle.intent(Intent::Call { name, kind });
            }
        })
    };
    let calls = |kind, glyph, text: &'static str| {
        let call = call.clone();
        text_button("button button--kind", glyph, text, Callback::from(move |_| call.emit(kind)))
    };
    // Enter in the box begins a text chat, because that turns on no device that anybody could be surprised
    // by.
    let onsubmit = {
        let call = call.clone();
        on_submit(&callee.input, move |_| call.emit(CallKind::Text))
    };
    // The browser asks for files only when it is known whom they are for.
    let attach = {
        let (callee, chooser) = (callee.clone(), chooser.clone());
        Callback::from(move |_: MouseEvent| {
            if callee.name().is_some()
                && let Some(chooser) = chooser.cast::<HtmlInputElement>()
            {
                chooser.click();
            }
        })
    };
    let send = {
        let (page, callee) = (page.clone(), callee.clone());
        Callback::from(move |files: Vec<ChosenFile>| {
            if let Some(name) = callee.name()
                && !files.is_empty()
            {
                call_with_files(name, files, &page);
            }
        })
    };
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| send.emit(chosen_files(&event)))
    };
    let sign_out = page.press(Intent::SignOut);
    let start_room = {
        let page = page.clone();
        on_submit(&room, move |name| page.open_room(&name))
    };
    let name_field = NameField {
        id: "name-to-call",
        label: texts.name_to_call,
        hint: texts.call_hint,
        complete: "off",
        invalid: *missing,
        oninput: Some(callee.oninput()),
    };
    let room_field = NameField {
        id: "room-name",
        label: texts.room_name,
        hint: texts.room_name_hint,
        complete: "off",
        invalid: false,
        oninput: None,
    };
    html! {
        <div class="home" inert={props.inert} ondrop={on_drop(send)}>
            <div class="whoami">
                <p>{ texts.signed_in_as(&props.me) }</p>
                <button type="button" class="button button--quiet" onclick={sign_out}>
                    { texts.sign_out }
                </button>
            </div>
            <section class="card">
                <h1 class="card__title" ref={heading} tabindex="-1">{ texts.call_heading }</h1>
                <form class="form" {onsubmit} novalidate=true>
                    { name_field.draw(&callee.input) }
                    { alert(missing.then(|| texts.name_to_call_missing.into())) }
                    <div class="call-kinds">
                        <button type="submit" class="button button--kind">
                            { icon(Glyph::Message) }{ texts.text_chat }
                        </button>
                        { calls(CallKind::Voice, Glyph::Phone, texts.voice_call) }
                        { calls(CallKind::Video, Glyph::Camera, texts.video_call) }
                        { text_button("button button--kind", Glyph::Attach, texts.attach_files, attach) }
                        <input ref={chooser} type="file" multiple=true hidden=true {onchange} />
                    </div>
                </form>
            </section>
            { card(texts.room_heading, html! {
                <form class="form" onsubmit={start_room}>
                    { room_field.draw(&room) }
                    { submit_button(texts.start_room) }
                </form>
            }) }
            if let Some(past) = &props.past { { last_conversation(past, &page) } }
            <OnPhone />
        </div>
    }
}

/// The box for the name of whom to call.
#[derive(Clone)]
struct Callee {
    input: NodeRef,
    /// Sets whether the page says that a name is missing.
    missing: UseStateSetter<bool>,
}

impl Callee {
    /// Returns the name in the box. If the box is empty, the page says so, and the focus moves there.
    fn name(&self) -> Option<String> {
        let name = typed(&self.input);
        let nobody = name.trim().is_empty();
        self.missing.set(nobody);
        if nobody {
            focus(&self.input);
            return None;
        }
        Some(name)
    }

    /// Returns the box's `oninput`, which makes the page stop saying that a name is missing.
    fn oninput(&self) -> Callback<InputEvent> {
        let missing = self.missing.clone();
        Callback::from(move |_| missing.set(false))
    }
}
