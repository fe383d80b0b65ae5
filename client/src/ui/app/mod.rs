//! The page as a whole: what stands around every screen, and which screen is shown.
//!
//! `app/` knows every other folder and none of them knows it. What only the other screens need is reached through
//! `lazy`, so that the first load doesn't pay for it.

mod address;
mod attention;
mod lazy;
mod notices;
mod server_note;
mod title;
mod top_bar;

use std::rc::Rc;

use tincan_session::{Screen, View};
use yew::prelude::*;

use self::address::use_address;
use self::attention::use_attention;
use self::lazy::{Progress, use_lazy};
use self::notices::notices;
use self::server_note::server_note;
use self::title::use_title;
use self::top_bar::top_bar;
use crate::browser::{Support, room_in_address, support};
use crate::runtime::{self, Handle};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::language::time_tag;
use crate::ui::context::page::{Page, use_page};
use crate::ui::context::settings::Settings;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::screens::StartScreen;

/// Starts the session, and draws every view of it.
#[component]
pub(crate) fn App() -> Html {
    let view = use_state(|| None::<Rc<View>>);
    let page = use_state(|| None::<(Handle, Support)>);
    let settings = use_state(Settings::remembered);
    {
        let (view, page, chosen) = (view.setter(), page.clone(), (*settings).clone());
        use_effect_on(chosen.clone(), move || {
            let handle = match &*page {
                Some((handle, _)) => handle.clone(),
                None => {
                    let handle = runtime::start(Callback::from(move |new| view.set(Some(new))));
                    page.set(Some((handle.clone(), support())));
                    handle
                }
            };
            chosen.apply(&handle);
            None
        });
    }

    let (Some((handle, support)), Some(view)) = (&*page, &*view) else { return Html::default() };
    let time_tag = time_tag(settings.language);
    let page = Page { handle: handle.clone(), support: *support, settings, time_tag };
    html! {
        <ContextProvider<Page> context={page}><Shell view={view.clone()} /></ContextProvider<Page>>
    }
}

#[derive(Properties, PartialEq)]
struct ShellProps {
    view: Rc<View>,
}

/// What stands around every screen, and the screen.
#[component]
fn Shell(props: &ShellProps) -> Html {
    let view = &*props.view;
    let page = use_page();
    let texts = page.texts();
    let progress = use_lazy(!matches!(view.screen, Screen::Start { signing_in: false, .. }), &page.handle);
    let unread = use_attention(&view.screen, &page);
    use_title(&view.screen, unread, texts);
    use_address(&view.screen, &page);
    {
        // Whoever followed a room's link stands before that room.
        let page = page.clone();
        use_effect_on((), move || {
            if let Some(room) = room_in_address() {
                page.open_room(&room);
            }
            None
        });
    }

    let ringing = matches!(view.screen, Screen::Incoming { .. });
    let in_meeting = matches!(view.screen, Screen::Meeting(_));
    let signed_in = !matches!(view.screen, Screen::Start { .. } | Screen::Lobby(_));
    html! {
        <div class={if in_meeting { "page page--call" } else { "page" }}>
            if !in_meeting {
                { top_bar(ringing, &page) }
            }
            { server_note(view.server, signed_in, texts) }
            <main class="main">
                { notices(&view.screen, &page, texts) }
                { screen(&view.screen, progress, texts) }
            </main>
            if let Progress::Loaded(lazy) = progress {
                { (lazy.files)(view, &page) }
            }
        </div>
    }
}

fn screen(screen: &Screen, progress: Progress, texts: &'static Catalogue) -> Html {
    match (screen, progress) {
        (Screen::Start { signing_in, problem }, _) => {
            html! { <StartScreen signing_in={*signing_in} problem={problem.clone()} /> }
        }
        (_, Progress::Loaded(lazy)) => (lazy.screen)(screen),
        (_, Progress::Loading) => waiting(texts.loading),
        (_, Progress::Failing) => waiting(texts.loading_fails),
    }
}

/// Instead of a screen that is on its way.
fn waiting(text: &'static str) -> Html {
    html! { <p class="hint waiting" role="status">{ text }</p> }
}
