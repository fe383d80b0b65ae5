//! Asks the server where other devices of its network find it: see `server/src/lan_address.rs`.

use web_sys::window;

use crate::browser::js::{fetch, text_of};

/// Returns the URL, where the server says one. It does so for a certificate of its own, hence by HTTPS, to
/// who is on its machine or in its network.
pub async fn lan_address() -> Option<String> {
    if window()?.location().protocol().ok()? != "https:" {
        return None;
    }
    let response = fetch("lan", "method", "POST").await.filter(|response| response.status() == 200)?;
    // Somebody in between may have answered with a page of theirs.
    text_of(&response).await.filter(|url| url.starts_with("https://") && url.len() < 200)
}
