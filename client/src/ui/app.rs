//! The page as a whole.

use std::rc::Rc;

use tincan_session::{Screen, View};
use yew::prelude::*;

use super::call::Call;
use super::calling::Calling;
use super::end_notice::EndNotice;
use super::home::Home;
use super::incoming::Incoming;
use super::locale::{LocaleProvider, use_texts};
use super::page::Page;
use super::server_note::ServerNote;
use super::start::Start;
use super::title::use_title;
use super::top_bar::TopBar;
use crate::browser::support;
use crate::runtime;

/// Starts the session, and draws every view of it.
#[component]
pub(crate) fn App() -> Html {
    let view = use_state(|| None::<Rc<View>>);
    let page = use_state(|| None::<Page>);
    {
        let view = view.setter();
        let page = page.setter();
        use_effect_with((), move |()| {
            let on_view = Callback::from(move |new| view.set(Some(new)));
            page.set(Some(Page { handle: runtime::start(on_view), support: support() }));
        });
    }

    let (Some(page), Some(view)) = (&*page, &*view) else { return Html::default() };
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <LocaleProvider><Shell view={view.clone()} /></LocaleProvider>
        </ContextProvider<Page>>
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
    let texts = use_texts();
    use_title(&view.screen, texts);

    let ringing = matches!(view.screen, Screen::Incoming { .. });
    let in_call = matches!(view.screen, Screen::InCall(_));
    let notice = match &view.screen {
        Screen::Home { notice, .. } => notice.clone(),
        _ => None,
    };
    // The notes are there on every screen, empty or not: screen readers announce what changes inside of a live
    // region, not a live region that comes with its text.
    html! {
        <div class={classes!("page", in_call.then_some("page--call"))}>
            if !in_call {
                <TopBar inert={ringing} />
            }
            <ServerNote server={view.server} signed_in={!matches!(view.screen, Screen::Start { .. })} />
            <main class="main">
                <EndNotice {notice} />
                { screen(&view.screen) }
            </main>
        </div>
    }
}

fn screen(screen: &Screen) -> Html {
    match screen {
        Screen::Start { signing_in, problem } => {
            html! { <Start signing_in={*signing_in} problem={problem.clone()} /> }
        }
        Screen::Home { me, past, .. } => html! { <Home me={me.clone()} past={past.clone()} /> },
        Screen::Calling { peer, kind, stage, microphone, camera } => html! {
            <Calling peer={peer.clone()} kind={*kind} stage={*stage} microphone={*microphone} camera={*camera} />
        },
        Screen::Incoming { peer, kind } => html! { <Incoming peer={peer.clone()} kind={*kind} /> },
        Screen::InCall(call) => html! { <Call call={call.clone()} /> },
    }
}
