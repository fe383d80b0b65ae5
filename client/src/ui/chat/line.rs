//! One line of a conversation.

use tincan_session::{Author, Body, Delivery, Line};
use yew::prelude::*;

use super::links::{Segment, segments};
use crate::browser::{iso_time, local_time};
use crate::ui::catalogue::Catalogue;
use crate::ui::page::use_page;
use crate::ui::phrase::phrase;

#[derive(Properties, PartialEq)]
pub(super) struct LineViewProps {
    pub(super) line: Line,
}

/// Who, when, what, and whether it arrived.
#[component]
pub(super) fn LineView(props: &LineViewProps) -> Html {
    let Line { author, body, at_ms, delivery, .. } = &props.line;
    let page = use_page();
    let texts = page.texts();
    let time = html! { <time datetime={iso_time(*at_ms)}>{ local_time(*at_ms, &page.time_tag) }</time> };
    let (who, class) = match author {
        Author::Me => (texts.you, "line line--mine"),
        Author::Other(name) => (&**name, "line line--theirs"),
    };
    let (event, new) = match body {
        Body::Text(text) => {
            return html! {
                <article {class}>
                    <p class="line__about"><bdi class="line__who">{ who.to_owned() }</bdi>{ " " }{ time }</p>
                    <p class="line__text" dir="auto">{ for segments(text).map(draw) }</p>
                    if *author == Author::Me { { delivery_mark(*delivery, texts) } }
                </article>
            };
        }
        Body::Joined => (texts.joined, ""),
        Body::Left => (texts.left, ""),
        Body::Renamed(new) => (texts.renamed, &**new),
    };
    html! {
        <article class="line line--event">
            <p class="line__about">{ phrase(event, &[("name", who), ("new", new)]) }{ " " }{ time }</p>
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

fn delivery_mark(delivery: Delivery, texts: &'static Catalogue) -> Html {
    let (text, class) = match delivery {
        Delivery::Sending => (texts.sending, "delivery delivery--sending"),
        Delivery::Delivered => (texts.delivered, "delivery delivery--delivered"),
        Delivery::Unsent => (texts.not_delivered, "delivery delivery--unsent"),
    };
    html! { <p {class}>{ text }</p> }
}
