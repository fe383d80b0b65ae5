//! Whether anybody can see the page.

use std::cell::Cell;

use gloo_timers::callback::Timeout;
use tincan_session::PictureSize;
use yew::prelude::*;

use super::desk::{Change, Dispatcher};
use crate::browser::{VisibilityWatch, can_picture_in_picture, element_by_id};
use crate::ui::parts::effect::{end_of, use_effect_on};

/// A glance at another tab is no reason to have pictures stopped and begun again.
const GLANCE_MS: u32 = 3_000;

/// The element that all pictures are in.
pub(super) const STAGE: &str = "stage";

/// How the page is seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sight {
    /// No picture is worth more than this.
    pub(super) at_most: PictureSize,
    /// The id of the tile whose picture is seen all the same: it floats above other windows.
    pub(super) in_picture: Option<String>,
}

impl Default for Sight {
    fn default() -> Sight {
        Sight { at_most: PictureSize::Large, in_picture: None }
    }
}

/// Keeps the desk informed of how the page is seen.
#[hook]
pub(super) fn use_sight(desk: Dispatcher) {
    use_effect_on((), move || {
        let waiting = Cell::new(None);
        end_of(VisibilityWatch::new(move |visible| {
            let desk = desk.clone();
            if visible {
                waiting.set(None);
                desk.dispatch(Change::Sight(Sight::default()));
            } else {
                let look = move || desk.dispatch(Change::Sight(out_of_sight()));
                waiting.set(Some(Timeout::new(GLANCE_MS, look)));
            }
        }))
    });
}

fn out_of_sight() -> Sight {
    // Firefox lets its users put any picture above other windows, and doesn't tell the page.
    let at_most = if can_picture_in_picture() { PictureSize::None } else { PictureSize::Small };
    let floating = element_by_id(STAGE).and_then(|stage| stage.query_selector(":picture-in-picture").ok()?);
    let tile = floating.and_then(|video| video.closest(".tile").ok()?);
    Sight { at_most, in_picture: tile.map(|tile| tile.id()) }
}
