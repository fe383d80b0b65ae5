//! The page as a whole: what is around every screen, and which screen is shown.
//!
//! `app/` knows every other folder, and none of them knows it. Only `lazy` may name the screens that come
//! after the first one: anything else that names them makes them part of the first load.

mod address;
mod attention;
mod lazy;
mod leaving;
mod newer;
mod notices;
mod returning;
mod server_note;
mod shell;
mod title;
mod top_bar;
mod whereabouts;

use std::rc::Rc;

use tincan_session::View;
use yew::prelude::*;

use self::shell::Shell;
use crate::browser::{STOPPED_DIALOG, Support, support};
use crate::runtime::{self, Handle};
use crate::ui::catalogue::FirstCatalogue;
use crate::ui::context::language::time_tag;
use crate::ui::context::page::Page;
use crate::ui::context::settings::Settings;
use crate::ui::parts::effect::use_effect_on;

/// Draws what is shown once nothing in here runs any more (`browser/page/crash_guard.rs`). So there is no
/// button, which would have to be heard, but a link, which the script leads to this same address.
fn stopped(texts: &'static FirstCatalogue) -> Html {
    html! {
        <dialog id={STOPPED_DIALOG} class="dialog" aria-label={texts.stopped_title}>
            <h2 class="dialog__title">{ texts.stopped_title }</h2>
            <p>{ texts.stopped_text }</p>
            <p><a class="button button--primary" href="">{ texts.reload }</a></p>
        </dialog>
    }
}

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
    let texts = page.first_texts();
    html! {
        <>
            <ContextProvider<Page> context={page}><Shell view={view.clone()} /></ContextProvider<Page>>
            { stopped(texts) }
        </>
    }
}
