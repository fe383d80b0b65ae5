//! What the user's browser prefers, and what the user chose earlier (`localStorage`).

use web_sys::{Storage, window};

/// Returns the browser's languages, the preferred first (`navigator.languages`).
pub fn preferred_languages() -> Vec<String> {
    let languages = window().map(|window| window.navigator().languages());
    languages.map(|languages| languages.iter().filter_map(|l| l.as_string()).collect()).unwrap_or_default()
}

/// Returns what was written under `key`, if anything was and the browser allows to look.
pub fn read_preference(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Writes `value` under `key`, where the browser allows it.
pub fn write_preference(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Private windows and full disks refuse; then it is forgotten.
        let _ = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}
