//! Tells a tab from its duplicate. Who duplicates a tab, or opens another from it, copies its
//! `sessionStorage` with it (HTML, section 12.2.2), and so what was only this tab's to know.
//!
//! Each tab has an id there, and holds the lock of that name (Web Locks) for as long as its page lives. Whose
//! lock is taken already has the storage of somebody else. It is in the lazy part, as far as nothing of the
//! first load uses it.

use std::cell::OnceCell;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Storage, window};

use crate::browser::js;
use crate::browser::js::random_bits;

/// Where the id is.
const ID: &str = "tincan.tab";
/// What the names of all that is ours begin with. Others may share the origin.
const OURS: &str = "tincan.";
/// How long the page before this one may take to let go of the lock, when the tab is loaded anew. Who has the
/// lock of another tab waits in vain for so long.
const HANDOVER_MS: u32 = 2_000;

/// Returns the storage that each tab has for itself, where the browser gives one. See [`claim`].
pub(crate) fn tab_storage() -> Option<Storage> {
    window()?.session_storage().ok()?
}

/// Returns whether what is in [`tab_storage`] is this tab's own. If it is another's, all of it is forgotten
/// before this returns. Whoever reads there what no other tab may use awaits this first. Only the first call
/// looks.
///
/// Where the browser has no locks, which is so without HTTPS, a page that was loaded anew has its own, and no
/// other has.
pub(crate) async fn claim() -> bool {
    thread_local! {
        static CLAIM: OnceCell<Promise> = const { OnceCell::new() };
    }
    let look = || future_to_promise(async { Ok(look().await.into()) });
    let claim = CLAIM.with(|claim| Clone::clone(claim.get_or_init(look)));
    JsFuture::from(claim).await.is_ok_and(|is_own| is_own.is_truthy())
}

async fn look() -> bool {
    let Some(storage) = tab_storage() else { return true };
    let known = storage.get_item(ID).ok().flatten();
    if let Some(id) = &known {
        if hold(id).await {
            return true;
        }
        forget(&storage);
    }
    let id = format!("{:032x}", random_bits());
    // Private windows and full disks refuse. Then the next page is taken for a new tab.
    let _ = storage.set_item(ID, &id);
    hold(&id).await;
    known.is_none()
}

/// Returns the id of this tab, once it is [claimed](claim).
pub(super) fn tab_id() -> Option<String> {
    tab_storage()?.get_item(ID).ok()?
}

/// Returns the name of the lock that the page of a tab holds.
pub(super) fn lock_name(id: &str) -> String {
    ["tincan-tab-", id].concat()
}

fn forget(storage: &Storage) {
    let names = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
    for name in names.collect::<Vec<_>>() {
        if name.starts_with(OURS) {
            let _ = storage.remove_item(&name);
        }
    }
}

/// Takes the lock of this tab, and never lets go. Returns false if another page has it and keeps it.
async fn hold(id: &str) -> bool {
    let (sender, granted) = oneshot::channel();
    let keep = Closure::once_into_js(move || {
        // It fails when nobody waits any more.
        let _ = sender.send(());
        Promise::new(&mut |_, _| {})
    });
    let request = request(&lock_name(id), &keep).map(JsFuture::from);
    let Ok(request) = request else { return was_reloaded() };
    match select(granted, request).await {
        Either::Left((granted, _)) => granted.is_ok(),
        Either::Right((Err(error), _)) => js::text(&error, "name").as_deref() != Some("TimeoutError"),
        Either::Right((Ok(_), _)) => true,
    }
}

/// Returns whether the tab was there before this page (Navigation Timing, section 4.1.2).
fn was_reloaded() -> bool {
    let Some(performance) = window().and_then(|window| window.performance()) else { return false };
    let entry = js::get(&performance.get_entries_by_type("navigation"), "0");
    js::text(&entry, "type").as_deref() == Some("reload")
}

/// Asks for a lock (`LockManager.request`), for as long as [`HANDOVER_MS`].
fn request(name: &str, granted: &JsValue) -> Result<Promise, JsValue> {
    let window = window().ok_or("no window")?;
    let signal = js::call(&js::get(&window, "AbortSignal"), "timeout", &Array::of1(&HANDOVER_MS.into()))?;
    let options = Object::new();
    js::set(&options, "signal", &signal);
    let locks = js::get(&window.navigator(), "locks");
    js::call(&locks, "request", &Array::of3(&name.into(), &options, granted))?.dyn_into()
}
