//! Buttons with a drawing. Each has its name in words, for whoever can't see it.

use yew::prelude::*;

use super::icon::{Glyph, icon};

/// Draws a round button.
pub(crate) fn icon_button(glyph: Glyph, name: impl Into<AttrValue>, onclick: Callback<MouseEvent>) -> Html {
    drawn_button("icon-button", glyph, name.into(), onclick)
}

/// Draws a button with only a drawing in it.
pub(crate) fn drawn_button(
    class: &'static str,
    glyph: Glyph,
    name: AttrValue,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" {class} aria-label={name.clone()} title={name} {onclick}>
            { icon(glyph) }
        </button>
    }
}

/// Draws a button with a drawing and words in it.
pub(crate) fn text_button(
    class: &'static str,
    glyph: Glyph,
    name: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! { <button type="button" {class} {onclick}>{ icon(glyph) }{ name }</button> }
}
