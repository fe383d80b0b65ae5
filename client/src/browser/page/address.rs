//! The page's address: what follows its base is `r/NAME` for a room, `check` for the check page, and anything
//! else is neither.
//!
//! The base is where the server is found, as the page's `<base>` says: an origin, and mostly `/`.

use gloo_events::EventListener;
use js_sys::{decode_uri_component, encode_uri_component};
use wasm_bindgen::JsValue;
use web_sys::window;

/// What the base is followed by, before a room's name.
const ROOMS: &str = "r/";
/// The base, as seen from itself.
const HERE: &str = "./";

/// Returns the base of everything that the page names: `https://host/`, or `https://host/path/`.
pub(crate) fn base() -> Option<String> {
    window()?.document()?.base_uri().ok()?
}

/// Where the page checks what calls need, as seen from the base.
pub const CHECK_PATH: &str = "check";

/// Returns whether the address is that.
pub fn check_in_address() -> bool {
    path().as_deref() == Some(CHECK_PATH)
}

/// Returns the room that the address names, if any, percent-decoded and otherwise unchecked.
pub fn room_in_address() -> Option<String> {
    let path = path()?;
    let name = path.strip_prefix(ROOMS).filter(|name| !name.is_empty())?;
    // What isn't valid percent-encoding is no room's name.
    decode_uri_component(name).ok().map(String::from)
}

/// Returns the link of a room, percent-encoded: `https://host/r/NAME`.
pub fn room_link(room: &str) -> String {
    base().unwrap_or_default() + &room_path(room)
}

/// Shows the path of a room, or the base, in the address bar, unless it is there already.
pub fn show_address(room: Option<&str>) {
    let wanted = room.map_or_else(|| HERE.to_owned(), room_path);
    let shown = match room {
        // The same name can be encoded in more than one way.
        Some(_) => room_in_address().as_deref() == room,
        None => path().as_deref() == Some(""),
    };
    if !shown && let Some(history) = window().and_then(|window| window.history().ok()) {
        // Browsers refuse a page that does it too often. Then the address stays as it is.
        let _ = if entry_is_marked() {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&wanted))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(&wanted))
        };
    }
}

/// Returns whether the present entry of the history was made by [`mark_entry`].
pub(super) fn entry_is_marked() -> bool {
    let history = window().and_then(|window| window.history().ok());
    history.and_then(|history| history.state().ok()).is_some_and(|state| state.is_truthy())
}

/// Puts an entry of this address on top of the history, as one that is left again when its call is.
pub(super) fn mark_entry(address: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.push_state_with_url(&JsValue::TRUE, "", Some(address));
    }
}

/// Reports until it is dropped when the user goes back or forward, and which room the address names then.
pub struct AddressWatch(#[expect(dead_code, reason = "hears until it is dropped")] Option<EventListener>);

impl AddressWatch {
    pub fn new(on_change: impl Fn(Option<String>) + 'static) -> AddressWatch {
        AddressWatch(
            window()
                .map(|window| EventListener::new(&window, "popstate", move |_| on_change(room_in_address()))),
        )
    }
}

/// Returns what follows the base in the address.
fn path() -> Option<String> {
    let location = window()?.location();
    let address = location.origin().ok()? + &location.pathname().ok()?;
    address.strip_prefix(&base()?).map(str::to_owned)
}

fn room_path(room: &str) -> String {
    String::from(ROOMS) + &String::from(encode_uri_component(room))
}
