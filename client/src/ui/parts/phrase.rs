//! A text with somebody's name in it.

use yew::prelude::*;

use crate::ui::catalogue::{Piece, pieces};

/// Draws a text of the catalogue with `values` in their places, each isolated: a name written from right to left must
/// not turn the words around it.
pub(crate) fn phrase(text: &str, values: &[(&str, &str)]) -> Html {
    pieces(text)
        .map(|piece| match piece {
            Piece::Text(text) => html! { text.to_owned() },
            Piece::Placeholder(name) => {
                let value = values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
                html! { <bdi class="name">{ value.to_owned() }</bdi> }
            }
        })
        .collect()
}

/// The same for a text with `{name}` alone.
pub(crate) fn named(text: &str, name: &str) -> Html {
    phrase(text, &[("name", name)])
}
