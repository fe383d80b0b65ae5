//! One line of a conversation.

use tincan_session::{Delivery, Line};
use yew::prelude::*;

use super::links::{Segment, segments};
use crate::browser::{iso_time, local_time};
use crate::ui::locale::{use_locale, use_texts};

#[derive(Properties, PartialEq)]
pub(super) struct LineViewProps {
    pub(super) line: Line,
    /// Who wrote it.
    pub(super) who: AttrValue,
}

/// Who, when, what, and whether it arrived.
#[component]
pub(super) fn LineView(props: &LineViewProps) -> Html {
    let Line { mine, text, at_ms, delivery, .. } = &props.line;
    let time_tag = use_locale().time_tag;
    html! {
        <article class={classes!("line", if *mine { "line--mine" } else { "line--theirs" })}>
            <p class="line__about">
                <bdi class="line__who">{ &props.who }</bdi>
                { " " }
                <time datetime={iso_time(*at_ms)}>{ local_time(*at_ms, &time_tag) }</time>
            </p>
            <p class="line__text" dir="auto">{ for segments(text).map(draw) }</p>
            if *mine {
                <DeliveryMark delivery={*delivery} />
            }
        </article>
    }
}

/// Text becomes text nodes, whatever is in it; a link goes to a new tab that learns nothing of this one.
fn draw(segment: Segment<'_>) -> Html {
    match segment {
        Segment::Text(text) => html! { text.to_owned() },
        Segment::Link { text, address } => html! {
            <a href={address.into_owned()} target="_blank" rel="noopener noreferrer">{ text.to_owned() }</a>
        },
    }
}

#[derive(Properties, PartialEq)]
struct DeliveryMarkProps {
    delivery: Delivery,
}

#[component]
fn DeliveryMark(props: &DeliveryMarkProps) -> Html {
    let texts = use_texts();
    let (text, class) = match props.delivery {
        Delivery::Sending => (texts.sending, "delivery--sending"),
        Delivery::Delivered => (texts.delivered, "delivery--delivered"),
        Delivery::Unsent => (texts.not_delivered, "delivery--unsent"),
    };
    html! { <p class={classes!("delivery", class)}>{ text }</p> }
}
