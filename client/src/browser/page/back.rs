//! Catches the browser's Back, so that nobody leaves a call by a slip. It is in the lazy part.
//!
//! While it is caught, there is a second entry of this page on top of the history. Back leads from it to the
//! first, which is heard and leads nowhere.

use std::cell::Cell;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use web_sys::window;

use super::address::{entry_is_marked, mark_entry};
use super::earlier::earlier_is_awaited;

thread_local! {
    static CATCHING: Cell<u32> = const { Cell::new(0) };
    /// The page itself goes back: the next `popstate` may tell of that.
    static GOES_BACK: Cell<bool> = const { Cell::new(false) };
}

/// Reports until it is dropped when the user goes back, and stays where it is.
///
/// Browsers don't let a page hold its user: of entries that are made without a click or key in between, they
/// skip all when their button is pressed. So a second Back right after the first may leave the page.
pub struct BackCatch(#[expect(dead_code, reason = "hears until it is dropped")] Option<EventListener>);

impl BackCatch {
    pub fn new(on_back: impl Fn() + 'static) -> BackCatch {
        CATCHING.set(CATCHING.get() + 1);
        let Some(window) = window() else { return BackCatch(None) };
        let address = window.location().href().unwrap_or_default();
        if !entry_is_marked() {
            GOES_BACK.set(false);
            mark_entry(&address);
        }
        BackCatch(Some(EventListener::new(&window, "popstate", move |_| {
            // Forward leads to the marked one.
            if !entry_is_marked() {
                mark_entry(&address);
                if !GOES_BACK.replace(false) {
                    on_back();
                }
            }
        })))
    }
}

impl Drop for BackCatch {
    fn drop(&mut self) {
        CATCHING.set(CATCHING.get() - 1);
    }
}

/// Goes down from a marked entry once nothing is caught any more: its call is over, or the page was loaded
/// anew and doesn't go back into its call. Does so later: an address that is shown meanwhile takes the
/// entry's place. Who calls this twice goes down by two.
pub fn drop_mark() {
    Timeout::new(0, || {
        if CATCHING.get() == 0
            && !earlier_is_awaited()
            && entry_is_marked()
            && let Some(history) = window().and_then(|window| window.history().ok())
        {
            // Browsers refuse a page that does it too often. Then Back has to be pressed twice.
            GOES_BACK.set(history.back().is_ok());
        }
    })
    .forget();
}
