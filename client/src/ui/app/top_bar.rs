//! The top of the page outside of calls: what this is, and its language.

use yew::prelude::*;

use crate::ui::context::page::Page;
use crate::ui::parts::cans::logo;
use crate::ui::parts::language_picker::language_picker;

/// The product's name and the choice of language. `inert`: something in front of it wants an answer first, and it can't
/// be reached by mouse or keyboard.
pub(crate) fn top_bar(inert: bool, page: &Page) -> Html {
    html! {
        <header class="top-bar" {inert}>
            <span class="brand">{ logo() }{ "Tincan" }</span>
            { language_picker(page) }
        </header>
    }
}
