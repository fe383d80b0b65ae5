//! Who is in a room.

use std::rc::Rc;

use tincan_session::Meeting;
use yew::prelude::*;

use super::stage::{connection, is_silent};
use crate::ui::context::page::use_page;
use crate::ui::files::send_to;
use crate::ui::parts::toggle::is_live;

#[derive(Properties, PartialEq)]
pub(super) struct PeopleProps {
    pub(super) meeting: Rc<Meeting>,
}

/// Lists everybody in a room, and says of each in words how they are connected and whether they are muted.
#[component]
pub(super) fn People(props: &PeopleProps) -> Html {
    let meeting = &*props.meeting;
    let page = use_page();
    let texts = page.texts();
    let me = (!is_live(meeting.local.microphone)).then_some(texts.is_muted);
    let others = meeting.others.iter().map(|other| {
        let words = [
            if other.guest { texts.is_guest } else { "" },
            connection(other.connection, texts),
            if is_silent(other) { texts.is_muted } else { "" },
            if other.weak { texts.is_weak } else { "" },
        ];
        // With one other, everybody is that one.
        let send = (meeting.others.len() > 1).then(|| send_to(&other.name, &other.address, &page));
        person(&other.name, words.into_iter(), send)
    });
    // The role is given, because Safari doesn't take a list without bullets for a list. It is in the tab
    // order, so that the keyboard can scroll it.
    html! {
        <ul class="people" role="list" tabindex="0" aria-label={texts.people}>
            { person(&meeting.me, [texts.is_you].into_iter().chain(me), None) }
            { for others }
        </ul>
    }
}

fn person(name: &str, words: impl Iterator<Item = &'static str>, send: Option<Html>) -> Html {
    let words = words.filter(|word| !word.is_empty());
    html! {
        <li class="person">
            <bdi class="person__name">{ name.to_owned() }</bdi>
            { for words.map(|word| html! { <>{ " " }<span class="person__state">{ word }</span></> }) }
            { for send }
        </li>
    }
}
