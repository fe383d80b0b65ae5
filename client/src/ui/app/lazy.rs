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

use super::notices::{Notices, notices};
use crate::browser::Transfers;
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
    /// Creates what the session and the browser side need to share files.
    file_parts: fn() -> FileParts,
    /// Brings back what the system interrupts.
    recover: fn(&Handle),
    /// Draws the check page.
    pub(super) check: fn() -> Html,
    /// Draws what has happened.
    pub(super) notices: fn(&Screen, &Page) -> Notices,
    /// Draws the list of transfers.
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

/// How far the loading is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Progress {
    Loading,
    /// The last attempt failed; there will be another.
    Failing,
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
                                handle.share_files((all.file_parts)());
                                (all.recover)(&handle);
                            }
                            return progress.set(Progress::Loaded(all));
                        }
                        progress.set(Progress::Failing);
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
    Lazy {
        screen,
        file_parts: || FileParts {
            machine: Box::new(Files::new()),
            effects: |events, sources| Rc::new(Transfers::new(events, sources)),
        },
        recover: Handle::recover,
        check: || html! { <CheckScreen /> },
        notices,
        files,
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
