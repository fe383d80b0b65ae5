//! Asks before the page is left: while a call or a file is on, while a received file isn't saved, and while
//! one is being saved. It is in the lazy part.
//!
//! No browser tells a page when a download is through, and not every one saves a file whose page is closed
//! before it has begun to.

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use web_sys::window;

use crate::browser::js;

/// How long a browser may take to begin.
const BEGIN_MS: f64 = 2_000.0;
/// The slowest disk that is reckoned with.
const BYTES_PER_MS: f64 = 20_000.0;
/// Nobody is asked for longer.
const LONGEST_MS: f64 = 60_000.0;

/// Has the browser ask until it is dropped (HTML, section 7.4.2.4: `beforeunload`).
pub(crate) struct LeaveGuard(#[expect(dead_code, reason = "asks until it is dropped")] Option<EventListener>);

impl LeaveGuard {
    pub(crate) fn new() -> LeaveGuard {
        LeaveGuard(window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "beforeunload", options, |event| {
                event.prevent_default();
                // Browsers before 2023 look at this.
                js::set(event, "returnValue", &true.into());
            })
        }))
    }

    /// Asks for as long as saving so many bytes may take.
    pub(crate) fn while_saving(self, bytes: f64) {
        let time = (BEGIN_MS + bytes / BYTES_PER_MS).min(LONGEST_MS);
        Timeout::new(time as u32, move || drop(self)).forget();
    }
}
