//! What is loaded lazily, after the first screen: every other screen, and what files need.
//!
//! `cargo xtask` builds the page with `--cfg tincan_split`. It cuts what can be reached only through [`all`]
//! out of the page's WebAssembly, into a file of its own (`xtask/src/split.rs`). Under `trunk serve` and in
//! tests there is no cut.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tincan_session::files::Files;
use tincan_session::{Screen, View};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::leaving::leaving;
use super::newer::newer_note;
use super::notices::{Notices, notices};
use super::returning::Returning;
use crate::browser::{Transfers, another_is_served, claim, load_again_by_itself};
use crate::runtime::{FileParts, Handle};
use crate::ui::check::CheckScreen;
use crate::ui::context::page::Page;
use crate::ui::files::files;
use crate::ui::meeting::MeetingScreen;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::screens::{AtHome, CallingScreen, LobbyScreen, Ring};

/// How long to wait after a failure before the next attempt.
const RETRY_MS: u32 = 3_000;

/// The entry points of the part that is loaded lazily.
#[derive(Clone, Copy)]
pub(crate) struct Lazy {
    /// Draws every screen but the first.
    pub(crate) screen: fn(&Screen) -> Html,
    /// Starts what runs for as long as the page is there.
    start: fn(&Handle),
    /// Draws the check page.
    pub(super) check: fn() -> Html,
    /// Draws what has happened.
    pub(super) notices: fn(&Screen, &Page) -> Notices,
    /// Draws what is beside every screen. Tells the callback once it is known whether the page takes the
    /// place of an earlier one.
    pub(crate) beside: fn(&View, &Page, &Callback<()>) -> Html,
}

impl PartialEq for Lazy {
    fn eq(&self, _: &Lazy) -> bool {
        true
    }
}

thread_local! {
    static LOADED: Cell<Option<Lazy>> = const { Cell::new(None) };
}

/// How far the loading is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Progress {
    Loading,
    /// The last attempt failed; there will be another.
    Failing,
    /// It is no more, because the server was upgraded.
    Outdated,
    Loaded(Lazy),
}

/// Starts to load as soon as it is `wanted`, and tries until it succeeds.
#[hook]
pub(crate) fn use_lazy(wanted: bool, handle: &Handle) -> Progress {
    let progress = use_state_eq(|| LOADED.get().map_or(Progress::Loading, Progress::Loaded));
    {
        let (progress, handle) = (progress.setter(), handle.clone());
        use_effect_on(wanted, move || {
            if wanted {
                spawn_local(async move {
                    loop {
                        if let Some(all) = load().await {
                            if LOADED.replace(Some(all)).is_none() {
                                (all.start)(&handle);
                            }
                            return progress.set(Progress::Loaded(all));
                        }
                        // Nobody is in a call yet: its screen is in what is missing.
                        let outdated = another_is_served().await;
                        if outdated && load_again_by_itself() {
                            return;
                        }
                        progress.set(if outdated { Progress::Outdated } else { Progress::Failing });
                        TimeoutFuture::new(RETRY_MS).await;
                    }
                });
            }
            None
        });
    }
    *progress
}

fn all() -> Lazy {
    Lazy { screen, start, check: || html! { <CheckScreen /> }, notices, beside }
}

fn start(handle: &Handle) {
    handle.recover();
    let handle = handle.clone();
    spawn_local(async move {
        claim().await;
        handle.share_files(FileParts {
            machine: Box::new(Files::new()),
            effects: |events, sources| Rc::new(Transfers::new(events, sources)),
            kept: Transfers::kept(),
        });
    });
}

fn beside(view: &View, page: &Page, on_settled: &Callback<()>) -> Html {
    html! {
        <>
            { files(view, page) }
            { newer_note(&view.server) }
            { leaving(view) }
            <Returning screen={view.screen.clone()} kept={view.kept.clone()} {on_settled} />
        </>
    }
}

fn screen(screen: &Screen) -> Html {
    match screen.clone() {
        Screen::Start { .. } => Html::default(),
        Screen::Home { me, past, .. } => html! { <AtHome {me} {past} ring={None::<Ring>} /> },
        Screen::Calling { peer, kind, stage, local } => {
            html! { <CallingScreen {peer} {kind} {stage} {local} /> }
        }
        Screen::Incoming { me, past, peer, kind, files } => {
            html! { <AtHome {me} {past} ring={Some(Ring { peer, kind, files })} /> }
        }
        Screen::Lobby(lobby) => html! { <LobbyScreen {lobby} /> },
        Screen::Meeting(meeting) => html! { <MeetingScreen meeting={Rc::new(meeting)} /> },
    }
}

#[cfg(not(tincan_split))]
#[expect(clippy::unused_async, reason = "has the signature of the one that loads")]
async fn load() -> Option<Lazy> {
    Some(all())
}

#[cfg(tincan_split)]
async fn load() -> Option<Lazy> {
    split::later().await.ok()
}

#[cfg(tincan_split)]
mod split {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::Lazy;

    #[wasm_split(later, fallible)]
    pub(super) fn later() -> Result<Lazy, SplitLoaderError> {
        Ok(super::all())
    }
}
