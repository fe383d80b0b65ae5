//! The top of the page outside of calls and rooms.

use yew::prelude::*;

use crate::ui::context::page::Page;
use crate::ui::parts::cans::logo;
use crate::ui::parts::language_picker::language_picker;

/// Draws the product's name and the choice of language. It is `inert`, out of reach of mouse and keyboard,
/// while a dialog in front of it waits for an answer.
pub(crate) fn top_bar(inert: bool, page: &Page) -> Html {
    html! {
        <header class="top-bar" {inert}>
            <span class="brand">{ logo() }{ "Tincan" }</span>
            { language_picker(page) }
        </header>
    }
}
