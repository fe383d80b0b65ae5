//! The name by which this browser signed in last, for a tab that takes the place of one that died: the server
//! keeps a name for a while for whoever may be back. It is in the lazy part.

use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::window;

use super::preferences::{read_preference, write_preference};
use super::tab::{lock_name, tab_id};
use crate::browser::js;

/// In `localStorage`, for all tabs: the id of the tab, and what it has left.
const KEY: &str = "tincan.last";

/// Keeps what shows that the name is this tab's. Without a name, what this tab has kept is forgotten.
pub(crate) fn keep_name(text: Option<&str>) {
    let Some(id) = tab_id() else { return };
    match text {
        Some(text) => write_preference(KEY, &[&id, "\n", text].concat()),
        None => {
            if read_preference(KEY).is_some_and(|kept| kept.starts_with(&id)) {
                write_preference(KEY, "");
            }
        }
    }
}

/// Takes what another tab has kept, if its page is no more: there is one attempt with it. Where that can't be
/// told, the page may still be there.
pub(crate) async fn take_name_of_another_tab() -> Option<String> {
    let kept = read_preference(KEY)?;
    let (id, text) = kept.split_once('\n')?;
    if tab_id().as_deref() == Some(id) || is_alive(id).await? {
        return None;
    }
    write_preference(KEY, "");
    Some(text.to_owned())
}

/// Returns whether a page holds the lock of this tab (`LockManager.query`).
async fn is_alive(id: &str) -> Option<bool> {
    let locks = js::get(&window()?.navigator(), "locks");
    let query: Promise = js::call(&locks, "query", &Array::new()).ok()?.dyn_into().ok()?;
    let held = js::get(&JsFuture::from(query).await.ok()?, "held");
    let name = lock_name(id);
    Some(Array::from(&held).iter().any(|lock| js::text(&lock, "name").as_deref() == Some(&name)))
}
