//! What a page leaves in its tab for the page that takes its place when the tab is loaded anew. Only whether
//! there is something is asked in the first load.

use std::cell::Cell;

use super::tab::{claim, tab_storage};

const KEY: &str = "tincan.earlier";

thread_local! {
    /// Whether something was there at the beginning that nobody has looked at yet.
    static IS_AWAITED: Cell<bool> = Cell::new(read().is_some());
}

/// Returns whether a page before this one has left something that was not looked at yet.
pub(crate) fn earlier_is_awaited() -> bool {
    IS_AWAITED.get()
}

/// Returns what the page before this one has left, unless this tab is the duplicate of another.
pub(crate) async fn earlier() -> Option<String> {
    claim().await;
    IS_AWAITED.set(false);
    read()
}

/// Leaves this for the next page, or nothing.
pub(crate) fn leave_for_next(text: Option<&str>) {
    let Some(storage) = tab_storage() else { return };
    // Private windows and full disks refuse. Then the next page begins at the start.
    let _ = match text {
        Some(text) => storage.set_item(KEY, text),
        None => storage.remove_item(KEY),
    };
}

fn read() -> Option<String> {
    tab_storage()?.get_item(KEY).ok()?
}
