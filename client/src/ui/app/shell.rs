//! What is around every screen, and which screen is shown.

use std::rc::Rc;

use tincan_session::{Screen, View};
use yew::prelude::*;

use super::address::use_address;
use super::attention::use_attention;
use super::lazy::{Progress, use_lazy};
use super::newer::newer_version;
use super::notices::Notices;
use super::server_note::server_note;
use super::title::use_title;
use super::top_bar::top_bar;
use crate::browser::{check_in_address, earlier_is_awaited, room_in_address};
use crate::ui::catalogue::FirstCatalogue;
use crate::ui::context::page::{Page, use_page};
use crate::ui::parts::effect::use_effect_on;
use crate::ui::screens::StartScreen;

#[derive(Properties, PartialEq)]
pub(super) struct ShellProps {
    pub(super) view: Rc<View>,
}

/// Draws the screen, and what is around it.
#[component]
pub(super) fn Shell(props: &ShellProps) -> Html {
    let view = &*props.view;
    let page = use_page();
    let texts = page.first_texts();
    let checking = check_in_address();
    // What the page before this one was is looked at by the later part.
    let returning = use_state_eq(|| !checking && earlier_is_awaited());
    let is_later = checking || *returning || !matches!(view.screen, Screen::Start { signing_in: false, .. });
    let progress = use_lazy(is_later, &page.handle);
    let unread = use_attention(&view.screen, &page);
    use_title(&view.screen, unread, texts);
    use_address(&view.screen, &page);
    {
        // A link to a room leads to the room's lobby.
        let (page, returning) = (page.clone(), *returning);
        use_effect_on((), move || {
            if let Some(room) = room_in_address().filter(|_| !returning) {
                page.open_room(&room);
            }
            None
        });
    }

    let on_settled = {
        let returning = returning.setter();
        Callback::from(move |()| returning.set(false))
    };
    let ringing = matches!(view.screen, Screen::Incoming { .. });
    let in_meeting = matches!(view.screen, Screen::Meeting(_));
    let signed_in = !matches!(view.screen, Screen::Start { .. } | Screen::Lobby(_));
    html! {
        <div class={if in_meeting { "page page--call" } else { "page" }}>
            if !in_meeting {
                { top_bar(ringing, &page) }
            }
            { server_note(&view.server, signed_in, texts) }
            <main class="main">
                { notices(view, progress, &page) }
                { screen(&view.screen, checking, *returning, progress, texts) }
            </main>
            if let Progress::Loaded(lazy) = progress {
                { (lazy.beside)(view, &page, &on_settled) }
            }
        </div>
    }
}

fn screen(
    screen: &Screen,
    checking: bool,
    returning: bool,
    progress: Progress,
    texts: &'static FirstCatalogue,
) -> Html {
    match (screen, progress) {
        (Screen::Start { problem: None, .. }, Progress::Loading | Progress::Loaded(_)) if returning => {
            waiting(texts.loading.into())
        }
        (Screen::Start { .. }, Progress::Loaded(lazy)) if checking => (lazy.check)(),
        (Screen::Start { signing_in, problem }, _) if !checking => {
            html! { <StartScreen signing_in={*signing_in} problem={problem.clone()} /> }
        }
        (_, Progress::Loaded(lazy)) => (lazy.screen)(screen),
        (_, Progress::Loading) => waiting(texts.loading.into()),
        (_, Progress::Failing) => waiting(texts.loading_fails.into()),
        (_, Progress::Outdated) => waiting(newer_version(texts)),
    }
}

/// Draws every notice of a screen. The live region is on every screen, even when it is empty: screen readers
/// announce what changes inside a live region, not a region that comes together with its text.
fn notices(view: &View, progress: Progress, page: &Page) -> Html {
    let notices = match progress {
        Progress::Loaded(lazy) => (lazy.notices)(&view.screen, page),
        // There is nothing to say of what has not begun.
        Progress::Loading | Progress::Failing | Progress::Outdated => Notices::default(),
    };
    html! {
        <div class={if notices.texts.is_empty() { "notice" } else { "notice notice--shown" }}>
            <div class="notice__text" role="status">{ for notices.texts }</div>
            { notices.dismiss }
        </div>
    }
}

/// Draws a line of text in place of a screen that is not loaded yet.
fn waiting(text: Html) -> Html {
    html! { <div class="hint waiting" role="status">{ text }</div> }
}
