//! A text with somebody's name in it.

use yew::prelude::*;

use super::catalogue::{Piece, pieces};

#[derive(Properties, PartialEq)]
pub(crate) struct PhraseProps {
    /// A text of the catalogue with the placeholder `{name}`.
    pub(crate) text: &'static str,
    /// The name.
    pub(crate) name: AttrValue,
}

/// Draws the text, with the name isolated: one written from right to left must not turn the words around it.
#[component]
pub(crate) fn Phrase(props: &PhraseProps) -> Html {
    pieces(props.text)
        .map(|piece| match piece {
            Piece::Text(text) => html! { text },
            Piece::Placeholder(_) => html! { <bdi class="name">{ &props.name }</bdi> },
        })
        .collect()
}
