//! Whether the server has another version of this page: it was upgraded since the page was loaded. Then files
//! that this one still needs are gone.

use web_sys::window;

use super::tab::tab_storage;
use crate::browser::js::{fetch, now, text_of};

/// What the names of the page's own files begin with. A hash of what is in them follows.
const FILES: &str = "tincan-page-";
/// Where a tab keeps when it was loaded again by itself.
const LOADED_AGAIN: &str = "tincan.loaded-again";
/// It is so at most once in so long: what doesn't help the first time doesn't help by being repeated.
const ONCE_IN_MS: u64 = 60_000;

/// Asks the server whether it has another version of the page than this one. Returns false where it can't
/// say.
pub async fn another_is_served() -> bool {
    let (Some(script), Some(page)) = (script(), served().await) else { return false };
    // Somebody in between may have answered with a page of theirs.
    page.contains(FILES) && !page.contains(&script)
}

/// Returns the name of the page's script, as index.html has it.
fn script() -> Option<String> {
    let link = window()?.document()?.query_selector("link[rel=modulepreload]").ok()??;
    link.get_attribute("href")
}

async fn served() -> Option<String> {
    let response = fetch("./", "cache", "no-cache").await.filter(|response| response.status() == 200)?;
    text_of(&response).await
}

/// Loads the page again.
pub fn load_again() {
    if let Some(window) = window() {
        // It fails only where the browser forbids it.
        let _ = window.location().reload();
    }
}

/// Loads the page again, unless it did so by itself a moment ago. Returns whether it does.
pub fn load_again_by_itself() -> bool {
    let Some(storage) = tab_storage() else { return false };
    let last = storage.get_item(LOADED_AGAIN).ok().flatten().and_then(|at| at.parse::<u64>().ok());
    let now = now().0;
    if last.is_some_and(|last| now.saturating_sub(last) < ONCE_IN_MS)
        || storage.set_item(LOADED_AGAIN, &now.to_string()).is_err()
    {
        return false;
    }
    load_again();
    true
}
