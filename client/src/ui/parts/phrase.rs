//! How texts of the catalogue with somebody's name in them are drawn.

use yew::html::IntoPropValue;
use yew::prelude::*;

use crate::ui::catalogue::{Phrase, Piece};

/// Isolates each value: a name written from right to left must not turn the words around it.
impl From<Phrase<'_>> for Html {
    fn from(phrase: Phrase<'_>) -> Html {
        phrase
            .pieces()
            .map(|piece| match piece {
                Piece::Text(text) => html! { text },
                Piece::Value(value) => html! { <bdi class="name">{ value.to_owned() }</bdi> },
            })
            .collect()
    }
}

/// For attributes, which can't isolate anything.
impl From<Phrase<'_>> for AttrValue {
    fn from(phrase: Phrase<'_>) -> AttrValue {
        phrase.into_string().into()
    }
}

/// `html!` converts the only child of an element by this, and one of several by `From`.
impl IntoPropValue<Html> for Phrase<'_> {
    fn into_prop_value(self) -> Html {
        self.into()
    }
}
