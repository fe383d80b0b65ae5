//! Deletes a received file.

use tincan_session::Intent;
use tincan_session::files::{FileIntent, TransferId};
use yew::prelude::*;

use crate::ui::context::page::use_page;

#[derive(Properties, PartialEq)]
pub(super) struct DeleteProps {
    pub(super) id: TransferId,
    pub(super) saved: bool,
}

/// Deletes at once what was saved. What wasn't is nowhere else, so it asks first.
#[component]
pub(super) fn Delete(props: &DeleteProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let asking = use_state_eq(|| false);
    let delete = page.press(Intent::File(FileIntent::Dismiss(props.id)));
    let ask = |on: bool| {
        let asking = asking.setter();
        Callback::from(move |_: MouseEvent| asking.set(on))
    };
    let button = |text: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="button button--small" {onclick}>{ text }</button> }
    };
    if !*asking || props.saved {
        return button(texts.delete_file, if props.saved { delete } else { ask(true) });
    }
    html! {
        <span class="file__question" role="alert">
            { texts.delete_unsaved }{ " " }
            { button(texts.delete_file, delete) }
            { button(texts.keep_file, ask(false)) }
        </span>
    }
}
