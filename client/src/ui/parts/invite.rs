//! The link to a room.

use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::form::status;
use super::qr::qr_code;
use crate::browser::{copy_text, room_link};
use crate::ui::context::page::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct InviteProps {
    pub(crate) room: AttrValue,
}

/// Shows the link as text, a button that copies it, and a QR code for the camera of a phone.
#[component]
pub(crate) fn Invite(props: &InviteProps) -> Html {
    let texts = use_texts();
    let input = use_node_ref();
    let (tried, worked) = (use_state_eq(|| false), use_state_eq(|| false));
    let link = room_link(&props.room);
    let copy = {
        let (input, tried, worked, link) = (input.clone(), tried.setter(), worked.setter(), link.clone());
        Callback::from(move |_: MouseEvent| {
            let (input, tried, worked, link) = (input.clone(), tried.clone(), worked.clone(), link.clone());
            spawn_local(async move {
                let copied = copy_text(&link).await;
                if !copied && let Some(input) = input.cast::<HtmlInputElement>() {
                    input.select();
                }
                tried.set(true);
                worked.set(copied);
            });
        })
    };
    let told = if *worked { texts.link_copied } else { texts.link_not_copied };
    html! {
        <div class="invite">
            <div class="field-row">
                <input ref={input} class="field" type="text" readonly=true aria-label={texts.room_link}
                    value={link.clone()} />
                <button type="button" class="button" onclick={copy}>{ texts.copy_link }</button>
            </div>
            { status(tried.then_some(told)) }
            { qr_code(&link, texts.qr_code) }
        </div>
    }
}
