//! What is loaded only once the first screen is there: every other screen.
//!
//! `cargo xtask` builds the page with `--cfg tincan_split`, and cuts what can be reached only through [`all`] out of the
//! page's WebAssembly into a file of its own (`xtask/src/split.rs`). Without that, in `trunk serve` and in tests, it is all in
//! one.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tincan_session::files::Files;
use tincan_session::{Screen, View};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::browser::Transfers;
use crate::runtime::{FileParts, Handle};
use crate::ui::context::page::Page;
use crate::ui::files::files;
use crate::ui::meeting::MeetingScreen;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::screens::{CallingScreen, HomeScreen, IncomingScreen, LobbyScreen};

/// How long after a failure it is tried again, in milliseconds.
const AGAIN_MS: u32 = 3_000;

/// The ways into it.
#[derive(Clone, Copy)]
pub(crate) struct Lazy {
    /// Draws every screen but the first.
    pub(crate) screen: fn(&Screen) -> Html,
    /// Makes what files need.
    parts: fn() -> FileParts,
    /// Draws the files on their way.
    pub(crate) files: fn(&View, &Page) -> Html,
}

impl PartialEq for Lazy {
    fn eq(&self, _: &Lazy) -> bool {
        true
    }
}

thread_local! {
    static LOADED: Cell<Option<Lazy>> = const { Cell::new(None) };
}

/// How far it is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Progress {
    Loading,
    /// It can't be had just now, and is tried again.
    Failing,
    Loaded(Lazy),
}

/// Loads it once it is `wanted`.
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
                                handle.share_files((all.parts)());
                            }
                            return progress.set(Progress::Loaded(all));
                        }
                        progress.set(Progress::Failing);
                        TimeoutFuture::new(AGAIN_MS).await;
                    }
                });
            }
            None
        });
    }
    *progress
}

fn all() -> Lazy {
    Lazy {
        screen,
        parts: || FileParts {
            machine: Box::new(Files::new()),
            work: |events, sources| Rc::new(Transfers::new(events, sources)),
        },
        files,
    }
}

fn screen(screen: &Screen) -> Html {
    match screen.clone() {
        Screen::Start { .. } => Html::default(),
        Screen::Home { me, past, .. } => html! { <HomeScreen {me} {past} /> },
        Screen::Calling { peer, kind, stage, local } => {
            html! { <CallingScreen {peer} {kind} {stage} {local} /> }
        }
        Screen::Incoming { peer, kind, files } => html! { <IncomingScreen {peer} {kind} {files} /> },
        Screen::Lobby(lobby) => html! { <LobbyScreen {lobby} /> },
        Screen::Meeting(meeting) => html! { <MeetingScreen meeting={Rc::new(meeting)} /> },
    }
}

#[cfg(not(tincan_split))]
#[expect(clippy::unused_async, reason = "the same as where it has to wait")]
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
