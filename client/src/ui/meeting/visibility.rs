//! Whether anybody can see the page.

use std::cell::Cell;

use gloo_timers::callback::Timeout;
use tincan_session::PictureSize;
use yew::prelude::*;

use super::state::{Change, Dispatcher};
use crate::browser::{VisibilityWatch, can_picture_in_picture, element_by_id};
use crate::ui::parts::effect::{end_of, use_effect_on};

/// How long the page has to be hidden before it counts as hidden. A glance at another tab is no reason to
/// stop pictures and to start them again.
const HIDDEN_AFTER_MS: u32 = 3_000;

/// The id of the element that all pictures are in.
pub(super) const STAGE: &str = "stage";

/// How much of the page can be seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Visibility {
    /// No picture needs to be larger than this.
    pub(super) at_most: PictureSize,
    /// The id of the tile whose picture is seen all the same, because it floats above other windows.
    pub(super) in_picture: Option<String>,
}

impl Default for Visibility {
    fn default() -> Visibility {
        Visibility { at_most: PictureSize::Large, in_picture: None }
    }
}

/// Keeps [`MeetingState::visibility`](super::state::MeetingState::visibility) up to date.
#[hook]
pub(super) fn use_visibility(dispatcher: Dispatcher) {
    use_effect_on((), move || {
        let waiting = Cell::new(None);
        end_of(VisibilityWatch::new(move |visible| {
            let dispatcher = dispatcher.clone();
            if visible {
                waiting.set(None);
                dispatcher.dispatch(Change::Visibility(Visibility::default()));
            } else {
                let hide = move || dispatcher.dispatch(Change::Visibility(hidden()));
                waiting.set(Some(Timeout::new(HIDDEN_AFTER_MS, hide)));
            }
        }))
    });
}

/// Returns what can be seen while the page is hidden.
fn hidden() -> Visibility {
    // Firefox lets its users put any picture above other windows, and doesn't tell the page.
    let at_most = if can_picture_in_picture() { PictureSize::None } else { PictureSize::Small };
    let floating = element_by_id(STAGE).and_then(|stage| stage.query_selector(":picture-in-picture").ok()?);
    let tile = floating.and_then(|video| video.closest(".tile").ok()?);
    Visibility { at_most, in_picture: tile.map(|tile| tile.id()) }
}
