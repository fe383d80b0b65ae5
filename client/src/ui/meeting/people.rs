//! Who is here.

use tincan_session::Meeting;
use yew::prelude::*;

use super::stage::{connection, is_silent};
use crate::ui::context::page::Page;
use crate::ui::files::send_to;
use crate::ui::parts::toggle::is_live;

/// Lists everybody in a room, with what is to be known of each, in words.
pub(super) fn people(meeting: &Meeting, page: &Page) -> Html {
    let texts = page.texts();
    let me = (!is_live(meeting.local.microphone)).then_some(texts.is_muted);
    let others = meeting.others.iter().map(|other| {
        let words = [
            connection(other.connection, texts),
            if is_silent(other) { texts.is_muted } else { "" },
            if other.weak { texts.is_weak } else { "" },
        ];
        // With one other, everybody is that one.
        let send = (meeting.others.len() > 1).then(|| send_to(&other.name, &other.address, page));
        person(&other.name, words.into_iter(), send)
    });
    // The role is said, because Safari takes a list without bullets for none. In the tab order, so that the keyboard can
    // scroll it.
    html! {
        <ul class="people" role="list" tabindex="0" aria-label={texts.people}>
            { person(&meeting.me, [texts.is_you].into_iter().chain(me), None) }
            { for others }
        </ul>
    }
}

fn person(name: &str, words: impl Iterator<Item = &'static str>, send: Option<Html>) -> Html {
    html! {
        <li class="person">
            <bdi class="person__name">{ name.to_owned() }</bdi>
            { for words.filter(|word| !word.is_empty()).map(|word| html! { <>{ " " }<span class="person__state">{ word }</span></> }) }
            { for send }
        </li>
    }
}
